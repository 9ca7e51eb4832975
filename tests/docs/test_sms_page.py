"""docs/sms.md tells of every provider, and what it shows as settings are settings."""

import re
import subprocess
import tomllib
from typing import Any

import pytest

from adapters.sms import Sms
from adapters.sms.needs import NEEDS
from adapters.testing import settings_of
from tests.docs.blocks import ROOT, blocks, page

PAGE = page("docs/sms.md")
SHOWN = [tomllib.loads(block.text) for block in blocks(PAGE) if block.language == "toml"]
SETTINGS = {table.get("replies_by", table["provider"]): table for table in SHOWN}


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGE) if not link.startswith("https://")]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_provider_is_in_the_table_and_has_its_settings_shown() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == NEEDS.keys() == SETTINGS.keys()


def _secrets_made_plain(value: Any) -> Any:
    match value:
        case {"env": str()}:
            return "sixteen-letters-x"
        case dict():
            return {name: _secrets_made_plain(inner) for name, inner in value.items()}
    return value


@pytest.mark.parametrize("provider", SETTINGS)
def test_what_is_shown_are_settings(provider: str) -> None:
    told = _secrets_made_plain(SETTINGS[provider])
    settings = settings_of(Sms, {"number": "1708", "secret": "sixteen-letters-x", **told})
    assert settings.can_send == bool(NEEDS[settings.way_out].sending)


@pytest.mark.parametrize("text", [block.text for block in blocks(PAGE) if block.language == "sh"])
def test_every_command_is_one_to_the_shell(text: str) -> None:
    assert subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0
