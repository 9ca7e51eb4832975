"""What staff write by the provider's own app is no message of the bot's, which then leaves the talk to them."""

from pathlib import Path

from adapters import Address, Sent
from gateway.bot.dialogues.report import report
from gateway.store.contract import ReplyOutcome, ReplyState, TalkMode
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, FLOOD, RINA


def echo(message: str = "x1", text: str = "Sudah kami cek, Pak.", to: str | None = BUDI) -> Sent:
    return Sent("echo", message, Address("phone", to) if to else None, text)


async def told(bench: Bench) -> list[tuple[str, str]]:
    return await bench.rows("SELECT event, detail ->> '$.note' FROM history WHERE event <> 'opened' ORDER BY seq")


async def test_what_staff_wrote_stands_in_the_case_and_the_bot_is_silent(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("banjir nih")
        assert await bench.tell(echo()) == []
        assert await told(bench) == [("answered-elsewhere", "Sudah kami cek, Pak.")]
        talk = bench.talk()
        assert (talk.mode, talk.why) == (TalkMode.PERSON, "answered-elsewhere")
        assert await bench.say("di kp melayu") == []


async def test_a_report_that_waits_is_acknowledged_and_nothing_is_asked(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.say("banjir nih")
        await bench.tell(echo(), after=1)
        (answer,) = await bench.wait(10)
        assert "PIN" in answer
        assert "Di mana" not in answer
        assert bench.talk().mode is TalkMode.PERSON


async def test_it_is_told_once(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(FLOOD)
        await bench.take(bench.event(echo()), bench.event(echo()))
        await bench.tell(echo())
        assert len(await told(bench)) == 1


async def test_our_own_replies_are_none(tmp_path: Path) -> None:
    """Known by the channel's id, and before that is known by its words."""
    async with talking(tmp_path, report) as bench:
        await bench.take(bench.message("banjir nih"))
        (due, *_), *_ = await bench.store.claim_replies("echo", 1e12, 9)
        await bench.tell(echo("early", f"  {due.text}\n"))
        outcome = ReplyOutcome(id=due.id, state=ReplyState.SENT, at=0.0, external_id="ours")
        await bench.store.settle_reply(outcome)
        await bench.tell(echo("ours", "other words"))
        assert await told(bench) == []
        assert bench.talk().mode is TalkMode.OPEN


async def test_what_is_written_to_a_stranger_is_left_to_staff(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.tell(echo(to=RINA))
        assert await told(bench) == []
        assert bench.talk(RINA).mode is TalkMode.PERSON
        assert bench.talk(RINA).heard_at == 0.0


async def test_what_names_nobody_says_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.tell(echo(to=None))
        assert await bench.rows("SELECT 1 FROM talks UNION SELECT 1 FROM messages") == []


async def test_nothing_is_told_of_what_is_closed(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(FLOOD)
        await bench.close_cases()
        await bench.tell(echo())
        assert await told(bench) == []
