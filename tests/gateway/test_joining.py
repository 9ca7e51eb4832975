"""Long SMS that arrive in pieces: joined in any order, over batches and restarts, or filed with a gap in time."""

import random
import time
from itertools import permutations
from pathlib import Path

import pytest

from adapters import Delivery, Message
from gateway import joining
from gateway.store.sqlite import SqliteStore
from tests.gateway.support import RINA, Running, keep, of, piece, running, settings_in, until, with_store

WHOLE = "Banjir di Jl. Kemang Raya, air masuk ke rumah"
GAP = "[...]"
THIRDS = (WHOLE[:15], WHOLE[15:30], WHOLE[30:])


def pieces(sender: str, order: tuple[int, ...]) -> list[Delivery]:
    return [piece(f"{sender}-{number}", THIRDS[number - 1], number, 3, sender=sender) for number in order]


def texts(gateway: Running) -> list[str]:
    return of(gateway.all("reports"), "text")


async def test_pieces_make_one_report_whatever_their_order(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    orders = list(permutations((1, 2, 3)))
    of_many = [one for number, order in enumerate(orders) for one in pieces(f"+628111000010{number}", order)]
    random.Random(7).shuffle(of_many)
    await keep(loaded, of_many)
    async with running(loaded) as gateway:
        await gateway.settled()
        assert texts(gateway) == [WHOLE] * len(orders)
        assert of(gateway.all("reports"), "triage") == [[]] * len(orders)
        assert len(gateway.all("replies")) == len(orders)


async def test_pieces_are_joined_over_restarts(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    for one in pieces(RINA, (3, 1)):
        async with running(loaded) as gateway:
            await gateway.send(one)
            assert texts(gateway) == []
    async with running(loaded) as gateway:
        await gateway.send(*pieces(RINA, (2, 1, 3)))
        assert texts(gateway) == [WHOLE]


async def test_a_piece_that_comes_again_changes_nothing(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.send(*pieces(RINA, (1, 1, 2, 1, 3, 3)))
        assert texts(gateway) == [WHOLE]


async def test_pieces_of_two_people_with_one_reference_are_kept_apart(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    await keep(loaded, [piece("a", "satu ", 1, 2), piece("b", "dua", 2, 2, sender=RINA)])
    async with running(loaded) as gateway:
        await gateway.settled()
        assert texts(gateway) == []


@pytest.mark.parametrize("batches", ["at once", "one by one"])
async def test_a_reference_used_again_before_the_text_is_whole_loses_nothing(tmp_path: Path, batches: str) -> None:
    loaded = settings_in(tmp_path)
    sent = [piece("a1", "satu ", 1, 2), piece("b1", "tiga ", 1, 2), piece("b2", "empat", 2, 2)]
    if batches == "at once":
        await keep(loaded, [piece("x", "lain", 1, 2, reference=9), *sent])
    async with running(loaded) as gateway:
        if batches == "one by one":
            for one in sent:
                await gateway.send(one)
        await gateway.settled()
        assert texts(gateway) == [f"satu {GAP}", "tiga empat"]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        pytest.param((1, 3), f"{THIRDS[0]}{GAP}{THIRDS[2]}", id="a gap within"),
        pytest.param((2,), f"{GAP}{THIRDS[1]}{GAP}", id="only the middle"),
    ],
)
async def test_when_their_time_is_up_what_there_is_is_filed_and_doubted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: tuple[int, ...], text: str
) -> None:
    monkeypatch.setattr(joining, "WAIT_SECONDS", 0.1)
    loaded = settings_in(tmp_path)
    async with running(loaded) as gateway:
        await gateway.send(*pieces(RINA, numbers))
    async with running(loaded) as gateway:
        await until(lambda: gateway.reported(1), "the timer")
        await gateway.settled()
        (report,) = gateway.all("reports")
        assert (report["text"], report["triage"]) == (text, ["incomplete"])
        await until(lambda: gateway.app.store.next_timer() is None, "the last timer")


async def test_a_timer_outlives_a_restart_and_a_piece_that_comes_with_it_is_not_lost(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    async with running(loaded) as gateway:
        await gateway.send(*pieces(RINA, (1,)))
        due_at = gateway.app.store.next_timer()
    assert due_at is not None
    assert due_at == pytest.approx(time.time() + joining.WAIT_SECONDS, abs=30)

    async def time_passes(store: SqliteStore) -> None:
        assert await store.fire_timers(due_at) == {"sms"}
        await store.append(pieces(RINA, (2,)))

    await with_store(loaded, time_passes)
    async with running(loaded) as gateway:
        await gateway.settled()
        assert texts(gateway) == [f"{THIRDS[0]}{GAP}{GAP}"]
        await gateway.send(*pieces(RINA, (3,)))
        (message,) = gateway.app.channels["sms"].adapter.parse(pieces(RINA, (3,))[0])
        assert isinstance(message, Message)
        assert message.part is not None
        assert [row.number for row in gateway.app.store.parts("sms", message.part.reference)] == [2, 3]
