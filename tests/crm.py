"""The case store that `kanal new case-store` writes, installed as others install theirs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway import registry


@contextmanager
def crm_installed(site: Path) -> Iterator[None]:
    """As the kind `crm`; `site` is an empty folder."""
    info = site / "kanal_crm-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kanal-crm\nVersion: 0\n")
    entries = "crm = gateway.casestore.skeleton.kanal_crm:Crm\nghost = kanal_ghost:Ghost\n"
    (info / "entry_points.txt").write_text(f"[kanal.case_stores]\n{entries}")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
        registry.entries.cache_clear()
        yield
    registry.entries.cache_clear()
