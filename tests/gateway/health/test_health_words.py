"""What people are told of a channel that is not well: in plain words, in both languages, with what to do."""

import tomllib
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.channels import ChannelStatus
from gateway.console.wording import LANGUAGES, Wording
from gateway.health.gap import Gap, GapState, Lost
from gateway.health.partly import Partly
from gateway.health.words import Words

PAGES = Path(__file__).parents[3] / "config" / "pages"
NOON = 1_795_410_000.0
WORDING = Wording.load()


def words(language: str = "en") -> Words:
    def text(name: str, **values: object) -> str:
        return WORDING.text(name, language, **values)

    return Words(partial(text), ZoneInfo("Asia/Jakarta"))


@pytest.mark.parametrize(
    ("status", "told"),
    [
        pytest.param(ChannelStatus("sms", "ok", ""), "", id="well"),
        pytest.param(
            ChannelStatus("sms", "silent", "", "silent", {"usual": "12", "since": NOON}),
            "Nothing heard since 23/11 12.00; usually 12 an hour at this time.",
            id="silent",
        ),
        pytest.param(
            ChannelStatus("x", "degraded", "429", "throttled", {"until": NOON}),
            "It is asked less often until 23/11 12.00, as the other side wants. It says: 429.",
            id="throttled, with what the other side says",
        ),
        pytest.param(ChannelStatus("fax", "down", "no paper", "out_of_paper"), "no paper", id="a why nobody knows"),
    ],
)
def test_what_is_wrong(status: ChannelStatus, told: str) -> None:
    assert words().wrong(status) == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_for_all_that_may_be_wrong_there_is_something_to_do(language: str) -> None:
    texts = tomllib.loads((PAGES / f"channels.{language}.toml").read_text())
    assert texts["why"].keys() == texts["fix"].keys()
    assert words(language).to_do(ChannelStatus("sms", "silent", ""))
    assert not words(language).to_do(ChannelStatus("sms", "ok", ""))


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        pytest.param(Gap(channel="x", began=NOON, why="silent"), "Not heard since 23/11 12.00.", id="goes on"),
        pytest.param(
            Gap(channel="x", began=NOON, why="silent", ended=NOON + 3600, filled=1, state=GapState.FILLING),
            "Not heard from 23/11 12.00 to 23/11 13.00; 1 message came in afterwards."
            " What was missed is being asked for.",
            id="is filled",
        ),
        pytest.param(
            Gap(
                channel="x",
                began=NOON,
                why="silent",
                ended=NOON + 3600,
                filled=800,
                state=GapState.OVER,
                lost=(Lost("dm", before=NOON + 60), Lost("mention", most=800)),
            ),
            "Not heard from 23/11 12.00 to 23/11 13.00; 800 messages came in afterwards. Lost: direct messages from"
            " before 23/11 12.01, which the provider does not give any more. The provider gives only the newest 800 of"
            " mentions: look there for what is missing.",
            id="and what is lost",
        ),
    ],
)
def test_the_report_of_an_outage(gap: Gap, told: str) -> None:
    assert words().gap(gap) == told
    assert words("id").gap(gap).startswith("Tidak terdengar ")


def test_answers_that_fail_now_and_then_are_told_and_one_that_does_is_not() -> None:
    partly = Partly()
    assert [partly.failed(second) for second in (0, 60, 120, 180, 240)] == [False] * 4 + [True]
    assert (partly.is_over(800), partly.is_over(840)) == (False, True)
    assert [Partly().failed(0), *(partly.failed(hour * 3600) for hour in range(1, 9))] == [False] * 9
