"""docs/costs.md shows settings that are settings, and limits as they are."""

import re
import tomllib

import msgspec
import pytest

from adapters.facebook import Facebook
from adapters.sms import Sms
from adapters.telegram import Telegram
from adapters.testing import settings_of
from adapters.whatsapp import WhatsApp
from adapters.x import X
from gateway.tables import GatewaySettings
from tests.docs.blocks import ROOT, blocks, page

PAGE = page("docs/costs.md")
SHOWN = [block.text for block in blocks(PAGE) if block.language == "toml"]
#: As the page has them, in the order in which they stand in the settings.
TOLD = {
    Telegram: ("30 a second; 5 in five seconds to a chat, 20 a minute to a group", [(30, 1), (5, 5), (20, 60)]),
    X: (
        "of direct messages 15 in 15 minutes and 1,440 a day; of posts 100 in 15 minutes and 10,000 a day",
        [(15, 900), (1440, 86_400), (100, 900), (10_000, 86_400)],
    ),
    Facebook: ("300 a second", [(300, 1)]),
    WhatsApp: ("80 a second", [(80, 1)]),
    Sms: ("none: set what was agreed on", []),
}


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_shown_are_settings(text: str) -> None:
    (table,) = tomllib.loads(text)["channels"]
    made = settings_of(Sms, {**table, "secret": "rahasia-jalur-sms-0123"})
    assert (made.costs.monthly_cap == 2_000_000) != (len(made.limits) == 2)


@pytest.mark.parametrize("adapter", TOLD, ids=lambda one: one.kind)
def test_the_limits_are_those_of_the_settings(adapter: type) -> None:
    words, limits = TOLD[adapter]
    fields = {one.name: one.default for one in msgspec.structs.fields(adapter.Settings)}  # type: ignore[attr-defined]
    assert [(one.most, one.seconds) for one in fields["limits"]] == limits
    assert f"| {words} |" in PAGE


def test_the_log_is_kept_as_long_as_is_told() -> None:
    assert f"`keep_channel_log_days` ({GatewaySettings().keep_channel_log_days})" in PAGE


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)", PAGE)
    assert links
    assert all((ROOT / "docs" / link).exists() for link in links)
