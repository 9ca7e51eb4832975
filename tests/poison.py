"""Adapters of tests/gateway/plugin, installed as others install theirs, also for the processes that tests start."""

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
    with installed(site, "kanal-poison", poison="kanal_poison:Poison"):
        yield


@contextmanager
def installed(site: Path, distribution: str, group: str = registry.ADAPTERS, **points: str) -> Iterator[None]:
    """Entry points of a group by their names: adapters by their kind; `site` is an empty folder."""
    info = site / f"{distribution.replace('-', '_')}-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0\n")
    lines = "".join(f"{name} = {where}\n" for name, where in points.items())
    (info / "entry_points.txt").write_text(f"[{group}]\n{lines}")
    paths = [str(site), str(PLUGIN)]
    with pytest.MonkeyPatch.context() as patch:
        for path in paths:
            patch.syspath_prepend(path)
        patch.setenv("PYTHONPATH", os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]))
        registry.entries.cache_clear()
        yield
    registry.entries.cache_clear()
