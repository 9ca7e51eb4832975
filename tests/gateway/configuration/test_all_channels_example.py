"""config/examples/jakarta.toml has every channel of the city, and `kanal check` accepts it without asking anybody."""

import json
import re
import shutil
import socket
import tomllib
from base64 import b64encode
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

from gateway import registry, resources
from gateway.cli.commands import app

EXAMPLE = resources.path("examples", "jakarta.toml")
#: Secrets that have a form of their own.
SHAPES = {
    "master-key": b64encode(bytes(32)).decode(),
    "telegram-token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "X_DKI_ACCESS_TOKEN": "110201543-AAHdqTcvCH1vGWJxfSeofSAs0K5",
    "X_GUBERNUR_ACCESS_TOKEN": "110201544-AAHdqTcvCH1vGWJxfSeofSAs0K5",
}
#: The family of each that the city names, and which of its days are known.
CITY = {
    "jaki": ("geotagged", {}),
    "qlue": ("geotagged", {"valid_until": "2021-12-31"}),
    "x-dki": ("non-geotagged", {}),
    "facebook-dki": ("non-geotagged", {}),
    "email": ("non-geotagged", {}),
    "balai-warga": ("non-geotagged", {}),
    "sms-1708": ("non-geotagged", {}),
    "sms-08111272206": ("non-geotagged", {}),
    "whatsapp": ("non-geotagged", {}),
    "kelurahan": ("face-to-face", {}),
    "kecamatan": ("face-to-face", {}),
    "walikota": ("face-to-face", {}),
    "balai-kota": ("face-to-face", {}),
    "inspektorat": ("face-to-face", {}),
    "x-gubernur": ("non-geotagged", {}),
    "facebook-gubernur": ("non-geotagged", {}),
    "instagram-gubernur": ("non-geotagged", {}),
    "media-massa": ("non-geotagged", {"valid_from": "2022-01-01"}),
    "media-massa-tabel": ("non-geotagged", {"valid_from": "2022-01-01"}),
    "instagram-dki": ("non-geotagged", {}),
    "telegram": ("non-geotagged", {}),
}


def test_it_has_every_channel_with_its_family_and_its_days() -> None:
    tables: list[dict[str, Any]] = tomllib.loads(EXAMPLE.read_text("utf-8"))["channels"]
    days = [{key: str(one[key]) for key in ("valid_from", "valid_until") if key in one} for one in tables]
    assert {one["name"]: (one["family"], day) for one, day in zip(tables, days, strict=True)} == CITY
    assert {one["kind"] for one in tables} == {*registry.kinds()} - {"imap", "terminal"}


def test_check_accepts_it_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(shutil.copy(EXAMPLE, tmp_path))
    for form, name in re.findall(r'\{ (env|file) = "([^"]+)" \}', EXAMPLE.read_text("utf-8")):
        value = SHAPES.get(name.removeprefix("secrets/"), "rahasia-contoh-0123456789")
        keep(tmp_path / name, value) if form == "file" else monkeypatch.setenv(name, value)
    monkeypatch.setattr(socket.socket, "connect", refused)
    done = CliRunner().invoke(app, ["check", str(file), "--json", "--data", str(tmp_path / "data")])
    found = json.loads(done.output)
    assert (done.exit_code, found["problems"], found["warnings"]) == (0, [], [])
    answering = {one["kind"] for one in found["channels"] if one["answers"]}
    assert answering == {"facebook", "instagram", "smtp", "sms", "telegram", "whatsapp", "x"}


def test_check_accepts_it_before_any_secret_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(shutil.copy(EXAMPLE, tmp_path))
    named = re.findall(r'= \{ (?:env|file) = "[^"]+" \}', EXAMPLE.read_text("utf-8"))
    monkeypatch.setattr(socket.socket, "connect", refused)
    accepted = CliRunner().invoke(app, ["check", str(file), "--without-secrets"])
    assert accepted.exit_code == 0
    assert accepted.output.rstrip().endswith(f"no problems; {len(named)} secrets are not there yet")
    missed = CliRunner().invoke(app, ["check", str(file)])
    assert (missed.exit_code, "--without-secrets" in missed.output.splitlines()[-1]) == (1, True)
    file.write_text(file.read_text().replace('code_prefix = "JKT"', "code_prefix = 7"))
    wrong = CliRunner().invoke(app, ["check", str(file), "--without-secrets"])
    assert (wrong.exit_code, "code_prefix: must be text" in wrong.output) == (1, True)
    both = CliRunner().invoke(app, ["check", str(file), "--without-secrets", "--online"])
    assert (both.exit_code, "--online needs the secrets" in both.output) == (2, True)


def keep(path: Path, value: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(value)


def refused(*asked: object) -> NoReturn:
    raise AssertionError("nobody is to be asked")
