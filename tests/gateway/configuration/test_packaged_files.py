"""The settings files that Kanal ships."""

import re
from pathlib import Path

import pytest

from gateway import resources, settings
from gateway.errors import ConfigError
from gateway.tables import GatewaySettings, WebSettings

PRODUCTION = resources.path("examples", "production.toml")
SECRETS = {
    "master-key": "bWFzdGVyLWtleS1vZi10aGlydHktdHdvLWJ5dGVzIQo=",
    "relay-password": "relay-word-for-tests",
    "sms-1708": "path-secret-for-tests-1708",
    "sms-08111272206": "path-secret-for-tests-0811",
    "sendsms-password": "box-word-for-tests",
}


@pytest.fixture
def production(tmp_path: Path) -> Path:
    """The example on a machine that has the certificate it names."""
    file = tmp_path / "production.toml"
    file.write_text(PRODUCTION.read_text("utf-8").replace("/etc/kanal/tls/", ""), "utf-8")
    for name in ("fullchain.pem", "privkey.pem"):
        (tmp_path / name).touch()
    return file


def test_the_default_makes_its_secrets_at_first_start(tmp_path: Path) -> None:
    loaded = settings.load(data=tmp_path, make_secrets=True)
    assert [(channel.name, channel.kind) for channel in loaded.channels] == [
        ("mail-dki", "smtp"),
        ("sms-1708", "sms"),
        ("sms-08111272206", "sms"),
        ("desk", "desk"),
        ("balai-warga", "form"),
        ("tabel", "table"),
        ("apps", "open311"),
    ]
    assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == ["sms-08111272206", "sms-1708"]
    assert settings.load(data=tmp_path) == loaded


def test_the_default_says_what_the_code_takes_as_default() -> None:
    loaded = settings.load()
    assert loaded.gateway == GatewaySettings(data=Path.cwd() / "kanal-data")
    assert loaded.web == WebSettings()


def test_the_production_example_is_right_once_its_secrets_are_there(production: Path) -> None:
    folder = production.parent / "secrets"
    folder.mkdir()
    for name, value in SECRETS.items():
        (folder / name).write_text(f"{value}\n")
        (folder / name).chmod(0o640)
    loaded = settings.load(production)
    names = ["mail-dki", "sms-1708", "sms-08111272206", "desk", "balai-warga", "apps"]
    assert [channel.name for channel in loaded.channels] == names
    assert not any(value in repr(loaded) for value in SECRETS.values())


def test_the_production_example_names_every_secret_it_needs(production: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        settings.load(production)
    missing = [
        re.fullmatch(r"file \S+/secrets/(\S+) cannot be read: No such file or directory", problem.what)
        for problem in refused.value.problems
    ]
    assert {match[1] for match in missing if match} == set(SECRETS)
    assert all(missing)
