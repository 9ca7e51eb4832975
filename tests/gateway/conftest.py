"""What the tests of the gateway share."""

import gc
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import registry

PLUGIN = Path(__file__).parent / "plugin"


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
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=True)
    yield folder
    gc.collect()  # readers that nobody closed keep the disk busy
    subprocess.run(["umount", str(folder)], check=True)
