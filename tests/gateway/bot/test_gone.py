"""Who blocks us is told nothing more there until they write again."""

from pathlib import Path

from adapters import Address, Gone
from gateway.bot.dialogues.report import report
from gateway.store.contract import TalkMode
from tests.gateway.bot.talks import talking
from tests.gateway.support import BUDI, FLOOD

GONE = Gone("echo", Address("phone", BUDI))


async def test_the_talk_ends_until_they_write_again(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("banjir nih")
        assert await bench.tell(GONE) == []
        talk = bench.talk()
        assert (talk.mode, bench.memory().state) == (TalkMode.ENDED, None)
        assert bench.store.is_gone("echo", talk.contact)
        assert not bench.store.is_gone("other", talk.contact)
        assert len(await bench.say(FLOOD)) == 1
        assert not bench.store.is_gone("echo", talk.contact)


async def test_the_last_word_counts(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        contact = bench.talk().contact if await bench.say("banjir nih") else ""
        await bench.take(bench.event(GONE), bench.message("lewati"), bench.event(GONE))
        assert bench.store.is_gone("echo", contact)
        await bench.take(bench.event(GONE), bench.message("di kp melayu"))
        assert not bench.store.is_gone("echo", contact)


async def test_who_was_never_heard_may_go(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        assert await bench.tell(GONE) == []
        assert await bench.rows("SELECT 1 FROM talks") == []
