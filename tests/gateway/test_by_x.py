"""Posts and direct messages on X, from a stand-in for it to the answers that people read there."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.testing.standins.x import X
from adapters.x.sending import CAPABILITIES as X_CAN
from gateway import spending
from gateway.bot.measuring import fits
from gateway.sizes import size
from gateway.texts import Texts
from tests.gateway.support import Running, running, settings_in, until
from tests.gateway.test_windows import left
from tests.gateway.x_account import known

WARGA = 2244994945
CODE, PIN = re.compile(r"[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}"), re.compile(r"\d{6}")


@asynccontextmanager
async def calling(folder: Path, *accounts: X, **more: Any) -> AsyncIterator[Running]:
    """A gateway with a channel for each account, which X calls."""
    channels = {one.username.replace("_", "-"): one for one in accounts}
    loaded = settings_in(folder, *(known(one, folder, name, **more) for name, one in channels.items()))
    async with running(loaded) as kanal:
        for name, account in channels.items():
            assert await account.subscribe(f"{kanal.app.web.address}/in/{name}")
        yield kanal


@pytest.mark.threat("P0-34")
async def test_who_posts_is_answered_below_the_post_and_learns_the_code_in_private(tmp_path: Path) -> None:
    with X(pause=0.02) as x:
        post = x.posts(WARGA, "@kanal_kota banjir di Jl. Mawar RT 3, air masuk rumah, hubungi 081234567890")
        async with calling(tmp_path, x) as kanal:
            await until(lambda: x.answers(post), "the public answer")
            (said,) = x.answers(post)
            assert not (CODE.search(said) or PIN.search(said) or "http" in said or "Mawar" in said)
            x.writes(WARGA, "halo, saya yang tadi")
            await until(lambda: x.shown(WARGA), "the private answer")
            assert CODE.search(x.shown(WARGA)[0])
            assert len(kanal.all("reports")) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_everybody_reads_fits_into_a_post_and_holds_no_code(language: str) -> None:
    texts = Texts.load()
    said = {name: size(texts, name, language).text for name in texts.values if name.endswith("_openly")}
    emergency, violation = (size(texts, name, language).text for name in ("emergency", "violation"))
    said |= {
        "emergency": f"{emergency} {said['received_openly']}",
        "violation": f"{said['received_openly']} {violation}",
    }
    said |= {name: size(texts, name, language).text for name in ("invited", "bot.welcome")}
    assert [name for name, text in said.items() if not fits(text, X_CAN.where(True))] == []
    assert [name for name, text in said.items() if CODE.search(text) or PIN.search(text) or "http" in text] == []


@pytest.mark.threat("P0-6")
async def test_a_post_that_names_two_of_our_accounts_is_one_report_answered_once(tmp_path: Path) -> None:
    with X(pause=0.02) as x, X(account="783214", username="wali_kota", beside=x) as other:
        post = x.posts(WARGA, "@kanal_kota @wali_kota lampu jalan mati di Jl. Melati")
        async with calling(tmp_path, x, other) as kanal:
            await until(lambda: len(kanal.all("deliveries")) == 2, "both to hear it")
            await kanal.settled()
            await until(lambda: x.answers(post) + other.answers(post), "the answer")
            assert len(kanal.all("reports")) == len(kanal.replies()) == len(x.answers(post) + other.answers(post)) == 1


@pytest.mark.threat("P0-6")
async def test_two_accounts_of_one_app_are_called_at_one_address(tmp_path: Path) -> None:
    """X has one webhook for all of an app."""
    with X(pause=0.02) as x, X(account="783214", username="wali_kota", pause=0.02) as other:
        other.consumer_secret = x.consumer_secret
        async with calling(tmp_path, x, other, mentions_seconds=3600) as kanal:
            assert await other.subscribe(f"{kanal.app.web.address}/in/kanal-kota")
            other.writes(WARGA, "lampu jalan mati di Jl. Melati")
            x.writes(WARGA, "pohon tumbang di Jl. Kenanga")
            await until(lambda: len(kanal.all("reports")) == 2, "both")
            assert {row["channel"] for row in kanal.all("deliveries")} == {"kanal-kota", "wali-kota"}


async def test_who_is_not_to_be_answered_in_public_is_answered_in_private(tmp_path: Path) -> None:
    """X lets an account answer only who names it."""
    with X(pause=0.02) as x:
        post = x.replies(WARGA, x.posts(int(x.account), "Selamat pagi"), "got di Jl. Melati masih tersumbat")
        async with calling(tmp_path, x) as kanal:
            await until(lambda: "sent" in dict(kanal.replies()[1:]).values(), "the private answer")
            assert (x.answers(post), len(x.called("tweets")), len(x.shown(WARGA))) == ([], 1, 1)
            assert left(kanal) == []


async def test_who_is_not_to_be_answered_at_all_is_left_to_a_person(tmp_path: Path) -> None:
    with X(pause=0.02) as x:
        x.closed = {str(WARGA)}
        x.replies(WARGA, x.posts(int(x.account), "Selamat pagi"), "got di Jl. Melati masih tersumbat")
        async with calling(tmp_path, x) as kanal:
            await until(lambda: left(kanal), "a person to be asked")
            (case,) = kanal.all("cases")
            assert [why for why, _ in left(kanal)] == [f"unsent: received {case['code']}"]
            assert (len(x.called("tweets")), len(x.called("messages"))) == (1, 1)


async def test_what_may_cost_no_more_is_said_neither_in_public_nor_in_private(tmp_path: Path) -> None:
    with X(pause=0.02) as x:
        x.posts(WARGA, "@kanal_kota got di Jl. Melati tersumbat")
        async with calling(tmp_path, x, costs={"monthly_cap": 0.001}) as kanal:
            await until(lambda: left(kanal), "a person to be asked")
            assert x.called("tweets") == x.called("messages") == []


@pytest.mark.threat("P0-6")
async def test_a_message_that_comes_by_both_ways_is_one(tmp_path: Path) -> None:
    with X(pause=0.02) as x:
        async with calling(tmp_path, x) as kanal:
            x.posting.copies = 3
            x.writes(WARGA, "lampu jalan mati di Jl. Melati")
            await until(lambda: x.shown(WARGA), "the answer")
        async with calling(tmp_path, x) as kanal:
            await until(lambda: len(kanal.all("deliveries")) == 2, "our own answer to be told")
            await kanal.settled()
            assert (len(kanal.all("reports")), len(kanal.replies()), left(kanal)) == (1, 1, [])


async def test_who_writes_encrypted_is_told_how_to_write(tmp_path: Path) -> None:
    with X(pause=0.02) as x:
        async with calling(tmp_path, x) as kanal:
            x.writes_encrypted(WARGA)
            await until(lambda: x.shown(WARGA), "the hint")
            assert "terenkripsi" in x.shown(WARGA)[0]
            assert kanal.all("reports") == []
            assert 'kanal_encrypted_total{channel="kanal-kota"} 1.0' in (await kanal.ask("/metrics")).text


async def test_who_writes_encrypted_and_takes_no_messages_is_left_to_a_person_and_told_nothing_in_public(
    tmp_path: Path,
) -> None:
    with X(pause=0.02) as x:
        x.closed = {str(WARGA)}
        async with calling(tmp_path, x) as kanal:
            x.writes_encrypted(WARGA)
            await until(lambda: left(kanal), "a person to be asked")
            assert [why for why, _ in left(kanal)] == ["unsent: encrypted"]
            assert (x.called("tweets"), len(x.called("messages"))) == ([], 1)


async def test_what_x_calls_about_is_counted_with_its_price(tmp_path: Path) -> None:
    """Also what is not kept, as it is asked for."""
    with X(pause=0.02) as x:
        async with calling(tmp_path, x) as kanal:
            x.writes_encrypted(WARGA)
            x.posts(WARGA, "@kanal_kota banjir di Jl. Mawar")
            await until(lambda: len(kanal.all("deliveries")) == 2, "both to be brought")
            month = spending.month(time.time())
            spent = {one.unit: (one.count, one.cost) for one in kanal.views.spent(month)}
            assert (spent["dm_event"], spent["post_event"]) == ((1, 0.01), (1, 0.005))
