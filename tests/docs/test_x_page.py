"""docs/x.md and its example show settings that are settings, and links that lead somewhere."""

import re
import tomllib
from typing import Any

import msgspec
import pytest

from adapters.testing import settings_of
from adapters.x import X, XSettings
from adapters.x.settings import XCosts
from tests.docs.blocks import ROOT, blocks, page
from tests.shipped import text_of

PAGE = page("docs/x.md")
SHOWN = [*(block.text for block in blocks(PAGE) if block.language == "toml"), text_of("x.toml")]


def plain(table: dict[str, Any]) -> dict[str, Any]:
    """With secrets as they would be read."""
    return {name: "123-rahasia" if "file" in str(value)[:8] else value for name, value in table.items()}


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_shown_are_settings(text: str) -> None:
    (table,) = tomllib.loads(text)["channels"]
    assert settings_of(X, plain(table)).username == table["username"]


def test_both_accounts_of_a_city_are_right() -> None:
    tables = tomllib.loads(text_of("jakarta/x.toml"))["channels"]
    made = [
        X(settings_of(X, plain({**table, "access_token": f"{number}-a"}))) for number, table in enumerate(tables, 1)
    ]
    assert len({one.source() for one in made}) == len(made) == 2


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_setting_of_its_own_is_told_of() -> None:
    own = {field.name for field in msgspec.structs.fields(XSettings)} - {
        field.name
        for field in msgspec.structs.fields(XSettings.__base__)  # type: ignore[arg-type]
    }
    assert [name for name in sorted(own) if f"`{name}`" not in PAGE and f"{name} =" not in PAGE] == []


def test_what_is_charged_for_is_what_is_counted() -> None:
    counted = {"post_read", "user_read", "dm_read", "post_event", "dm_event", "post", "post_with_link", "dm"}
    assert XCosts().rates().keys() == counted
