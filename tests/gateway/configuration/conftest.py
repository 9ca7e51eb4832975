"""A settings file to write into, and a third party's adapters, installed as the kinds `fax` and `pager`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway import registry

PLUGIN = Path(__file__).parent / "plugin"


@pytest.fixture
def fax(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    site = tmp_path_factory.mktemp("site")
    info = site / "kanal_fax-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kanal-fax\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[kanal.adapters]\nfax = kanal_fax:Fax\npager = kanal_fax:Pager\nghost = kanal_ghost:Ghost\n"
    )
    monkeypatch.syspath_prepend(str(PLUGIN))
    monkeypatch.syspath_prepend(str(site))
    registry.entries.cache_clear()
    yield
    registry.entries.cache_clear()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        file = tmp_path / "kanal.toml"
        file.write_text(text)
        return file

    return written


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAX_TOKEN", "s3cr3t-value")
    monkeypatch.setenv("FAX_EMPTY", "")
    for name in ("FAX_UNSET", "KANAL_CONFIG", "KANAL_DATA"):
        monkeypatch.delenv(name, raising=False)
