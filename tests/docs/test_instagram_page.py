"""docs/instagram.md and its example show settings that are settings, and links that lead somewhere."""

import re
import tomllib

import pytest

from adapters.instagram import Instagram
from adapters.testing import settings_of
from tests.docs.blocks import ROOT, blocks, page
from tests.docs.test_whatsapp_page import plain
from tests.shipped import text_of

PAGE = page("docs/instagram.md")
SHOWN = [*(block.text for block in blocks(PAGE) if block.language == "toml"), text_of("instagram.toml")]


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_shown_are_settings(text: str) -> None:
    (table,) = tomllib.loads(text)["channels"]
    assert settings_of(Instagram, plain(table)).account_id == table["account_id"]


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_setting_of_its_own_is_told_of() -> None:
    own = {
        "account_id",
        "page_id",
        "token",
        "app_secret",
        "former_app_secret",
        "verify_token",
        "poll_seconds",
        "app_id",
    }
    assert [name for name in own if name not in PAGE] == []
