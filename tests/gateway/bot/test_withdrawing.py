"""What its sender takes back is destroyed as far as it was kept, unless the settings say otherwise."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters import Delivery, Retracted
from gateway.amending import CITIZEN
from gateway.bot.dialogues.report import report
from gateway.filed import Reading
from gateway.runs import pieces
from gateway.store.contract import CaseChange, Claimed, Link, Settlement
from gateway.store.withdraw import REASON, drop_old_words
from normalizer.report import RETRACTED
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import FLOOD, LAMP, RINA

SAID = "Banjir kenarimerah di Kampung Melayu dekat halte"
WORD = "kenarimerah"


def back(message: str = "m1") -> Retracted:
    return Retracted("echo", message)


async def opened(bench: Bench) -> list[str]:
    """All words that can still be read: what came in, reports and cases."""
    words = [str(row) for row in await bench.rows('SELECT data, what, "where" FROM reports, cases')]
    for (identity,) in await bench.rows("SELECT id FROM reports"):
        known = bench.store.report(identity)
        words += [known.report.text] if known else []
        words += [one.body.decode() for one in await bench.store.deliveries_of(identity)]
    return words


async def found(bench: Bench) -> int:
    return len(await bench.rows(f"SELECT 1 FROM search WHERE search MATCH '{WORD}'"))


async def test_what_is_taken_back_can_be_read_nowhere(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(SAID)
        assert any(WORD in one for one in await opened(bench))
        assert await found(bench) == 1
        await bench.tell(back())
        assert not any(WORD in one for one in await opened(bench))
        assert await found(bench) == 0
        assert await bench.rows("SELECT contact, key, sealed FROM reports") == [("", None, None)]
        assert await bench.rows("SELECT DISTINCT key FROM replies") == [(None,)]
        assert await bench.rows("SELECT state, reason FROM deliveries WHERE seq = 1") == [("done", REASON)]


async def test_nothing_quotes_what_was_taken_back(tmp_path: Path) -> None:
    said, quoted = f"Darurat, banjir di Jl. {WORD} 7, ada anak terjebak", ("banjir", "terjebak", WORD)
    async with talking(tmp_path, report) as bench:
        await bench.say(said, RINA)
        await bench.say(said)
        (before,) = await bench.rows("SELECT data FROM reports ORDER BY seq DESC LIMIT 1")
        assert all(one in str(before) for one in quoted)
        (first,), (second,) = await bench.rows("SELECT id FROM reports ORDER BY seq")
        alike = Link(
            report=second, kind="same", other=first, score=0.9, reasons=(f"jl {WORD}",), actor="machine", at=1.0
        )
        await bench.store.settle(Settlement(links=[alike]))
        await bench.tell(back("m2"))
        (after,) = await bench.rows("SELECT data FROM reports ORDER BY seq DESC LIMIT 1")
        told = msgspec.json.decode(after[0])
        assert not any(one in msgspec.json.encode(told["kinds"]).decode() for one in quoted)
        assert [one["reasons"] for one in (*told["categories"], told["urgency"])] == [[]] * (
            len(told["categories"]) + 1
        )
        assert WORD not in str(after)
        assert await bench.rows("SELECT kind, reasons FROM links") == [("same", "[]")]


async def test_its_words_leave_the_disk(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(SAID)
        await bench.tell(back())
        await bench.store.destroy(lambda connection: drop_old_words(connection, 0.0))
        assert await bench.store.empty_log()
        files = [one for one in (tmp_path / "data").rglob("*") if one.is_file()]
        assert files
        assert [one.name for one in files if WORD.encode() in one.read_bytes()] == []


async def test_the_case_stays_and_tells_that_something_was(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(SAID)
        before = await bench.rows("SELECT code, category, area, due_at FROM cases")
        await bench.tell(back())
        assert await bench.rows("SELECT code, category, area, due_at FROM cases") == before
        assert await bench.rows("SELECT actor FROM history WHERE event = 'retracted'") == [(CITIZEN,)]
        ((mark,),) = await bench.rows("SELECT data ->> '$.triage' FROM reports")
        assert RETRACTED in mark


async def test_what_others_reported_of_the_case_stays(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(SAID)
        await bench.say(FLOOD, sender=RINA)
        await bench.tell(back())
        assert await bench.rows("SELECT key IS NULL FROM reports ORDER BY seq") == [(1,), (0,)]
        assert await bench.rows(f"SELECT count(*) FROM deliveries WHERE reason = '{REASON}'") == [(2,)]
        assert any(FLOOD in one for one in await opened(bench))


@pytest.mark.parametrize(
    ("said", "begun", "status"),
    [
        (LAMP, False, "ditolak"),
        (LAMP, True, "proses"),
        ("TOLONG! Kebakaran besar di Jl. Wijaya, ada orang terjebak", False, "menunggu"),
    ],
    ids=["nobody has worked on it", "it is worked on", "there may be danger"],
)
async def test_a_case_of_nothing_else_is_closed(tmp_path: Path, said: str, begun: bool, status: str) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(said)
        if begun:
            ((code,),) = await bench.rows("SELECT code FROM cases")
            await bench.store.settle(Settlement(changes=[CaseChange(code=code, expected="menunggu", status="proses")]))
        await bench.tell(back())
        assert await bench.rows("SELECT status, closed_at IS NOT NULL FROM cases") == [(status, status == "ditolak")]


@pytest.mark.parametrize("again", [{}, {"id": "m9", "replaces": "m1"}], ids=["redelivered", "edited"])
async def test_nothing_brings_it_back(tmp_path: Path, again: dict[str, Any]) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.take(first := bench.message(SAID))
        await bench.answers()
        await bench.tell(back())
        changed = bench.message(SAID, **{"id": "m1", **again})
        assert changed.id != first.id
        await bench.take(first, changed)
        assert await bench.answers() == []
        assert await bench.rows("SELECT count(*) FROM reports") == [(1,)]
        assert await found(bench) == 0
        assert await bench.rows(f"SELECT count(*) FROM deliveries WHERE reason = '{REASON}'") == [(3,)]
        assert not any(WORD in one for one in await opened(bench))


@pytest.mark.parametrize("again", [{"id": "m1"}, {"id": "m9", "replaces": "m1"}], ids=["redelivered", "edited"])
async def test_nothing_brings_it_back_when_it_was_long_ago(tmp_path: Path, again: dict[str, Any]) -> None:
    """What was taken back is known for seven days; that its report was, for good."""
    async with talking(tmp_path, report) as bench:
        await bench.say(SAID)
        await bench.tell(back())
        await bench.store.forget_statuses(bench.now.timestamp() + 8 * 86_400)
        assert await bench.rows("SELECT 1 FROM taken_back") == []
        assert await bench.say(SAID, after=8 * 86_400, **again) == []
        assert await bench.rows("SELECT count(*) FROM reports") == [(1,)]
        assert await found(bench) == 0
        assert not any(WORD in one for one in await opened(bench))
        assert await bench.rows(f"SELECT count(*) FROM deliveries WHERE reason = '{REASON}'") == [(3,)]


async def test_what_is_taken_back_before_it_comes_is_not_kept_when_it_comes(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.take(bench.event(back()))
        await bench.take(bench.message(SAID, id="m1"))
        assert not any(WORD in one for one in await opened(bench))
        assert await bench.rows("SELECT event FROM history ORDER BY seq") == [("opened",), ("retracted",)]


async def test_of_several_messages_the_bytes_of_the_one_go_and_the_report_with_the_last(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.say("banjir nih")
        await bench.say("kp melayu dekat halte", after=1)
        await bench.tell(back(), after=1)
        assert await bench.rows("SELECT seq FROM deliveries WHERE reason IS NOT NULL") == [(1,), (3,)]
        assert await bench.rows("SELECT key IS NULL FROM reports") == [(0,)]
        await bench.tell(back("m2"))
        assert await bench.rows("SELECT key IS NULL FROM reports") == [(1,)]


async def test_what_led_to_no_report_goes_too(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("halo pak")
        await bench.tell(back())
        assert await bench.rows("SELECT key FROM deliveries WHERE seq = 1") == [(None,)]


async def test_where_it_is_to_be_kept_it_is_only_marked(tmp_path: Path) -> None:
    async with talking(tmp_path, report, withdraws=False) as bench:
        await bench.say(SAID)
        await bench.tell(back())
        assert any(WORD in one for one in await opened(bench))
        assert await found(bench) == 1
        assert await bench.rows("SELECT marked FROM cases") == [("retracted",)]


async def together(bench: Bench) -> None:
    """The second case becomes part of the first."""
    (first,), (second,) = await bench.rows("SELECT code FROM cases ORDER BY opened_at")
    await bench.store.settle(Settlement(changes=[CaseChange(code=second, expected="menunggu", joined_into=first)]))


async def test_the_next_reports_words_stand_for_the_case(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(SAID)
        await bench.say(LAMP, sender=RINA)
        await together(bench)
        await bench.tell(back())
        ((what,),) = await bench.rows("SELECT what FROM cases WHERE joined_into IS NULL")
        assert what == LAMP
        await bench.tell(back("m2"))
        assert await bench.rows('SELECT what, "where" FROM cases') == [("", "")] * 2


async def test_of_a_case_that_was_joined_the_words_of_what_is_taken_back_stand_nowhere(tmp_path: Path) -> None:
    """Those of the case that it is part of are its own."""
    async with talking(tmp_path, report) as bench:
        await bench.say(LAMP, sender=RINA)
        await bench.say(SAID)
        await together(bench)
        await bench.tell(back("m2"))
        assert await bench.rows("SELECT what FROM cases ORDER BY opened_at") == [(LAMP,), ("",)]


@pytest.mark.parametrize(("messages", "alone"), [(("m1",), [True]), (("m1", "m2"), [False, False])])
def test_what_tells_of_more_than_one_thing_is_kept(messages: tuple[str, ...], alone: list[bool]) -> None:
    """The bytes of the removal itself go only where they hold nothing else."""
    delivery = Delivery(id="d", channel="echo", received_at=datetime.now(UTC), body=b"")
    reading = Reading(tuple(map(back, messages)), (None,) * len(messages))
    assert [piece.is_alone for piece in pieces([(Claimed(1, 1, delivery), reading)])] == alone
