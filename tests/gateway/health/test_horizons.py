"""What the report of an outage says that a provider cannot give back, for each kind that knows of such."""

from datetime import UTC, datetime

import pytest

from adapters import Remembers
from adapters.testing import settings_of
from gateway import registry
from gateway.console.wording import LANGUAGES
from gateway.health.gap import DAY, STOPPED, Gap, GapState, lost
from tests.adapters import test_facebook, test_instagram, test_telegram, test_whatsapp, test_x
from tests.gateway.health.test_health_words import words

HOUR = 3600.0
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
META_COMMENTS = {"mention", "old_comment"}
#: By kind, why nothing was heard, and for how many days: what is lost.
LOST = {
    "a page whose webhook was off for an hour": ("facebook", "checked", HOUR / DAY, META_COMMENTS),
    "a page while we did not run for an hour": ("facebook", STOPPED, HOUR / DAY, set()),
    "a page while we did not run for two days": ("facebook", STOPPED, 2, META_COMMENTS),
    "an account whose webhook was off": ("instagram", "silent", HOUR / DAY, {*META_COMMENTS, "comment_answer"}),
    "an account while we did not run": ("instagram", STOPPED, 1, set()),
    "a number whose webhook was off": ("whatsapp", "canary", HOUR / DAY, {"message"}),
    "a number while we did not run for six days": ("whatsapp", STOPPED, 6, set()),
    "a number while we did not run for eight days": ("whatsapp", STOPPED, 8, {"message"}),
    "a bot that could not be asked for hours": ("telegram", "not_asked", 0.5, set()),
    "a bot that could not be asked for two days": ("telegram", "unauthorized", 2, {"message"}),
    "an account that could not be asked for a week": ("x", "not_asked", 7, set()),
    "an account that could not be asked for six weeks": ("x", "unauthorized", 42, {"dm"}),
}
SETTINGS = {
    "facebook": test_facebook.SETTINGS,
    "instagram": test_instagram.SETTINGS,
    "telegram": test_telegram.SETTINGS,
    "whatsapp": test_whatsapp.SETTINGS,
    "x": test_x.SETTINGS,
}


def known(kind: str) -> Remembers:
    adapter = registry.adapter(kind)
    made = adapter(settings_of(adapter, SETTINGS[kind]))
    assert isinstance(made, Remembers)
    return made


@pytest.mark.parametrize(("kind", "why", "days", "what"), LOST.values(), ids=LOST)
def test_what_is_lost(kind: str, why: str, days: float, what: set[str]) -> None:
    gap = Gap(channel=kind, began=NOON - days * DAY, ended=NOON - 60, why=why, state=GapState.OVER)
    found = list(lost(known(kind).horizon(), gap, 3, NOON))
    assert {one.what for one in found} == what
    assert all(one.before and gap.began < one.before <= NOON - 60 for one in found)


@pytest.mark.parametrize("kind", sorted({kind for kind, *_ in LOST.values()}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_words(kind: str, language: str) -> None:
    gap = Gap(channel=kind, began=NOON - 99 * DAY, ended=NOON - 60, why="checked", state=GapState.OVER)
    for one in lost(known(kind).horizon(), gap, 900, NOON):
        assert words(language).text(f"channels.what.{one.what}")
