"""docs/mail.md: what it shows as settings are settings."""

import tomllib
from pathlib import Path

import pytest

from gateway import settings
from tests.docs.blocks import blocks, page

PAGE = page("docs/mail.md")


def test_its_settings_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAILBOX_PASSWORD", "MAILBOX_CLIENT_SECRET", "MAILBOX_REFRESH_TOKEN"):
        monkeypatch.setenv(name, "rahasia")
    password, token = (tomllib.loads(block.text) for block in blocks(PAGE) if block.language == "toml")
    mailbox = password["channels"][0]
    by_token = {key: value for key, value in mailbox.items() if key != "password"} | token
    for channel in (mailbox, by_token):
        loaded = settings.from_data({"gateway": {"data": "data"}, "channels": [channel]}, tmp_path)
        assert [one.kind for one in loaded.channels] == ["imap"]
