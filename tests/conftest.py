"""Shared by all tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import registry
from tests.disk import mounted

PLUGIN = Path(__file__).parent / "gateway" / "plugin"

pytest.register_assert_rewrite("adapters.testing")


@pytest.fixture
def poison(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the kind `poison`, for worker processes as well."""
    site = tmp_path_factory.mktemp("site")
    info = site / "kanal_poison-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kanal-poison\nVersion: 0\n")
    (info / "entry_points.txt").write_text("[kanal.adapters]\npoison = kanal_poison:Poison\n")
    paths = [str(site), str(PLUGIN)]
    for path in paths:
        monkeypatch.syspath_prepend(path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]))
    registry.entries.cache_clear()
    yield
    registry.entries.cache_clear()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    with mounted(tmp_path / "disk", "8m") as folder:
        yield folder
