"""The table [notices]: by what units are told."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway import settings, units
from gateway.errors import ConfigError, in_words

Write = Callable[[str], Path]

CHANNELS = """
[[channels]]
name = "mail"
kind = "smtp"
recipients = ["dki@jakarta.go.id"]
smtp = "127.0.0.1:8025"
relay = "127.0.0.1:25"
relay_tls = "none"

[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { made = "sms" }
"""
WRONG = {
    "no such channel": (
        'mail_channel = "mial"',
        "notices.mail_channel: no channel is called 'mial' → did you mean 'mail'",
    ),
    "no mail goes out there": ('mail_channel = "sms"', "notices.mail_channel: the channel 'sms' sends no mail"),
    "a short secret": ('webhook_secret = { env = "SHORT" }', "notices.webhook_secret: is shorter than 16 characters"),
    "no token": ('telegram_token = { env = "SHORT" }', "notices.telegram_token: is no token of a bot → as BotFather"),
    "no address": ('telegram_url = "telegram"', "notices.telegram_url: must begin with https:// or http://"),
    "too long a wait": ("digest_minutes = 100000", "notices.digest_minutes: must be "),
    "a slip": ('mail_chanel = "mail"', "notices: unknown key 'mail_chanel' → did you mean 'mail_channel'?"),
}


@pytest.mark.parametrize(("line", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(write: Write, monkeypatch: pytest.MonkeyPatch, line: str, says: str) -> None:
    monkeypatch.setenv("SHORT", "short")
    with pytest.raises(ConfigError, match=re.escape(says)) as caught:
        settings.load(write(f"{CHANNELS}\n[notices]\n{line}"))
    assert "short" not in str(caught.value).replace("shorter", "")


def test_units_that_nothing_tells_are_warned_of(write: Write, tmp_path: Path) -> None:
    (tmp_path / "kanal-data").mkdir()
    (tmp_path / "kanal-data" / units.FILE).write_text("""
        [units.dinas-sda]
        mail = ["sda@example.go.id"]
        [units.inspektorat]
        mail = ["inspektorat@example.go.id"]
        telegram = "-1"
    """)
    loaded = settings.load(write(CHANNELS + '[notices]\nmail_channel = "mail"'), thorough=True)
    said = [in_words(warning) for warning in loaded.warnings if warning.where.startswith("notices")]
    assert said == [
        "notices.telegram_token: is not set, but 1 of the units in units.toml have 'telegram': they are not told in"
        " this way → see docs/routing.md"
    ]
