"""Secrets come from the environment, a file, or are made; never from the settings file, and never into a message."""

import stat
import threading
from pathlib import Path

import pytest

from adapters import Secret
from gateway.secrets import NotKept, Source, Unusable, exposed


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path, tmp_path / "data")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_from_the_environment(source: Source) -> None:
    assert source.read({"env": "FAX_TOKEN"}) == Secret("s3cr3t-value")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"], ids=["bare", "newline", "Windows newline"])
def test_from_a_file_beside_the_settings(source: Source, tmp_path: Path, ending: str) -> None:
    (tmp_path / "token").write_bytes(f"s3cr3t-value{ending}".encode())
    assert source.read({"file": "token"}) == Secret("s3cr3t-value")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        pytest.param({"env": "FAX_UNSET"}, "environment variable FAX_UNSET is not set", id="unset"),
        pytest.param({"env": "FAX_EMPTY"}, "environment variable FAX_EMPTY is empty", id="empty variable"),
        pytest.param({"file": "nowhere"}, "nowhere cannot be read: No such file or directory", id="no file"),
        pytest.param({"file": "empty"}, "empty is empty", id="empty file"),
        pytest.param({"file": "binary"}, "binary is not text in UTF-8", id="binary file"),
        pytest.param("s3cr3t-value", "a secret is never written into this file", id="written openly"),
        pytest.param("", "a secret is never written into this file", id="empty text"),
        pytest.param({"value": "s3cr3t-value"}, "this is no way to name a secret", id="unknown form"),
        pytest.param({"env": "FAX_TOKEN", "file": "x"}, "this is no way to name a secret", id="two forms"),
        pytest.param({"env": 3}, "this is no way to name a secret", id="wrong type"),
        pytest.param({"made": "../../etc/x"}, "'../../etc/x' cannot be the name of a made secret", id="path as name"),
        pytest.param({"made": ""}, "'' cannot be the name of a made secret", id="empty name"),
    ],
)
def test_what_cannot_be_used_is_refused(source: Source, tmp_path: Path, value: object, what: str) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(Unusable) as refused:
        source.read(value)
    assert refused.value.what.endswith(what)
    assert refused.value.hint
    assert "s3cr3t-value" not in f"{refused.value!r}{refused.value.hint}"


def test_a_made_secret_is_made_once_and_for_its_owner_only(source: Source, tmp_path: Path) -> None:
    making = Source(source.base, source.data, make=True)
    made = making.read({"made": "sms-1708"})
    assert len(made.reveal()) == 32
    assert making.read({"made": "sms-1708"}) == made == source.read({"made": "sms-1708"})
    assert mode(tmp_path / "data/secrets") == 0o700
    assert mode(tmp_path / "data/secrets/sms-1708") == 0o600
    assert [path.name for path in (tmp_path / "data/secrets").iterdir()] == ["sms-1708"]


def test_two_that_make_the_same_secret_agree(tmp_path: Path) -> None:
    making = Source(tmp_path, tmp_path / "data", make=True)
    made: list[Secret] = []
    threads = [threading.Thread(target=lambda: made.append(making.read({"made": "sms"}))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_checking_makes_nothing(source: Source, tmp_path: Path) -> None:
    assert source.read({"made": "sms-1708"}).reveal()
    assert not (tmp_path / "data").exists()


def test_a_secret_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(NotKept, match=r"the data folder .*/data cannot be made: File exists"):
        Source(tmp_path, tmp_path / "data", make=True).read({"made": "sms"})


@pytest.mark.parametrize(("permissions", "seen"), [(0o600, False), (0o640, False), (0o644, True)], ids=oct)
def test_a_file_that_all_can_read_is_noticed(tmp_path: Path, permissions: int, seen: bool) -> None:
    file = tmp_path / "token"
    file.write_text("x")
    file.chmod(permissions)
    assert exposed(file) is seen
