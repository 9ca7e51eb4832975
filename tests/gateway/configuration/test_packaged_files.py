"""The settings files that Kanal ships."""

import re
from pathlib import Path

import pytest

from gateway import resources, settings
from gateway.errors import ConfigError
from gateway.tables import GatewaySettings, WebSettings

PRODUCTION = resources.path("examples", "production.toml")
VARIABLES = {
    "SMTP_RELAY_PASSWORD": "relay-word-for-tests",
    "SMS_1708_SECRET": "path-secret-for-tests-1708",
    "SMS_08111272206_SECRET": "path-secret-for-tests-0811",
    "SENDSMS_PASSWORD": "box-word-for-tests",
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
    ]
    assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == ["sms-08111272206", "sms-1708"]
    assert settings.load(data=tmp_path) == loaded


def test_the_default_says_what_the_code_takes_as_default() -> None:
    loaded = settings.load()
    assert loaded.gateway == GatewaySettings(data=Path.cwd() / "kanal-data")
    assert loaded.web == WebSettings()


def test_the_production_example_is_right_once_its_variables_are_set(
    production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    loaded = settings.load(production)
    assert [channel.name for channel in loaded.channels] == ["mail-dki", "sms-1708", "sms-08111272206"]
    assert not any(value in repr(loaded) for value in VARIABLES.values())


def test_the_production_example_names_every_variable_it_needs(
    production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError) as refused:
        settings.load(production)
    missing = [
        re.fullmatch(r"environment variable (\w+) is not set", problem.what) for problem in refused.value.problems
    ]
    assert {match[1] for match in missing if match} == set(VARIABLES)
    assert all(missing)
