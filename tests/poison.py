"""The adapter of tests/gateway/plugin, installed as others install theirs, also for the processes that tests start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway import registry

PLUGIN = Path(__file__).parent / "gateway" / "plugin"


@contextmanager
def poison_installed(site: Path) -> Iterator[None]:
    """As the kind `poison`; `site` is an empty folder."""
    info = site / "kanal_poison-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kanal-poison\nVersion: 0\n")
    (info / "entry_points.txt").write_text("[kanal.adapters]\npoison = kanal_poison:Poison\n")
    paths = [str(site), str(PLUGIN)]
    with pytest.MonkeyPatch.context() as patch:
        for path in paths:
            patch.syspath_prepend(path)
        patch.setenv("PYTHONPATH", os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]))
        registry.entries.cache_clear()
        yield
    registry.entries.cache_clear()
