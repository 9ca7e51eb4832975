"""docs/whatsapp.md and its example show settings that are settings, and links that lead somewhere."""

import re
import tomllib
from typing import Any

import pytest

from adapters.testing import settings_of
from adapters.whatsapp import WhatsApp
from tests.docs.blocks import ROOT, blocks, page
from tests.shipped import text_of

PAGE = page("docs/whatsapp.md")
SHOWN = [*(block.text for block in blocks(PAGE) if block.language == "toml"), text_of("whatsapp.toml")]


def plain(table: dict[str, Any]) -> dict[str, Any]:
    """With secrets as they would be read."""
    return {name: "rahasia-yang-panjang" if "file" in str(value)[:8] else value for name, value in table.items()}


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_shown_are_settings(text: str) -> None:
    (table,) = tomllib.loads(text)["channels"]
    assert settings_of(WhatsApp, plain(table)).phone_number_id == table["phone_number_id"]


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_setting_of_its_own_is_told_of() -> None:
    own = {"phone_number_id", "token", "app_secret", "former_app_secret", "verify_token", "templates", "variable"}
    assert [name for name in own if name not in PAGE] == []
