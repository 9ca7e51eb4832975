"""docs/webhook.md shows settings that are settings, and expressions that can be read."""

import re
import tomllib
from typing import Any

import pytest

from adapters.testing import settings_of
from adapters.webhook import Webhook, expressions
from tests.docs.blocks import ROOT, blocks, page

PAGE = page("docs/webhook.md")
TABLES = [tomllib.loads(block.text) for block in blocks(PAGE) if block.language == "toml"]
SHOWN = [table["channels"][0] for table in TABLES if "channels" in table]
#: Lines that go into the first of them.
ADDED = [table for table in TABLES if "channels" not in table]


def plain(table: dict[str, Any]) -> dict[str, Any]:
    """With secrets as they would be read."""
    return {
        name: "rahasia-yang-panjang" if name in {"secret", "feed_token", "challenge_token"} else table[name]
        for name in table
    }


def test_every_link_leads_somewhere() -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", PAGE) if not link.startswith("https://")]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


@pytest.mark.parametrize("table", SHOWN, ids=[table["name"] for table in SHOWN])
def test_what_is_shown_are_settings(table: dict[str, Any]) -> None:
    assert settings_of(Webhook, plain(table))


@pytest.mark.parametrize("lines", ADDED, ids=[next(iter(table)) for table in ADDED])
def test_what_is_shown_can_be_added(lines: dict[str, Any]) -> None:
    assert settings_of(Webhook, plain({**SHOWN[0], **lines}))


def test_what_is_shown_are_expressions() -> None:
    rows = PAGE[PAGE.index("| you want |") : PAGE.index("Where nothing is")].splitlines()[2:]
    told = [one for row in rows for one in re.findall(r"`` `(.+?)` ``|`([^`]+)`", row.rpartition(" | ")[2])]
    written = [f"`{literal}`" if literal else text for literal, text in told]
    assert len(written) == 8
    assert {text: expressions.fault(text) for text in written} == dict.fromkeys(written, "")
