"""docs/telegram.md and its example show settings that are settings, and links that lead somewhere."""

import re
import tomllib
from typing import Any

import msgspec
import pytest

from adapters import ChannelSettings
from adapters.telegram import Telegram, TelegramSettings
from adapters.testing import settings_of
from tests.docs.blocks import ROOT, blocks, page
from tests.shipped import text_of

PAGE = page("docs/telegram.md")
EXAMPLE = text_of("telegram.toml")
COMMENTED = re.sub(r"^# (?=\w+ = )", "", EXAMPLE, flags=re.MULTILINE)
SHOWN = [*(block.text for block in blocks(PAGE) if block.language == "toml"), EXAMPLE, COMMENTED]
SECRETS = {"token": "110201543:rahasia-yang-panjang", "secret_token": "rahasia-yang-panjang"}


def plain(table: dict[str, Any]) -> dict[str, Any]:
    """With secrets as they would be read."""
    return {name: SECRETS.get(name, value) for name, value in table.items()}


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_shown_are_settings(text: str) -> None:
    (table,) = tomllib.loads(text)["channels"]
    settings = settings_of(Telegram, plain(table))
    assert settings.mode == table.get("mode", "poll")


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_setting_of_its_own_is_told_of() -> None:
    shared = {field.name for field in msgspec.structs.fields(ChannelSettings)}
    own = {field.name for field in msgspec.structs.fields(TelegramSettings)} - shared
    assert [name for name in sorted(own) if name not in PAGE] == []
