"""Machines are not answered, and two of our own installations that write to each other soon fall silent."""

from pathlib import Path

import pytest

from gateway.bot import installed
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, FLOOD, RINA

OURS, THEIRS = "+6281110000008", "+6281110000009"
SAYS = {
    "a report": FLOOD,
    "an emergency": "Kebakaran rumah, ada orang terjebak!",
    "a command": "bantuan",
    "a person is asked for": "petugas",
    "a question": "laporan saya",
}


@pytest.mark.threat("P0-26")
@pytest.mark.parametrize("text", SAYS.values(), ids=SAYS)
async def test_two_installations_end_after_one_reply_each(tmp_path: Path, text: str) -> None:
    dialogues, _ = installed.dialogues()
    async with talking(tmp_path / "one", *dialogues) as one, talking(tmp_path / "other", *dialogues) as other:
        said = await one.say(text, THEIRS)
        answered = 0
        while said and answered < 10:
            answered += 1
            said = await hear((one, other)[answered % 2], said)
        assert answered <= 2


async def hear(bench: Bench, said: list[str]) -> list[str]:
    return [answer for text in said for answer in await bench.say(text, OURS)]


@pytest.mark.parametrize("doubt", ["automatic", "spam", "forged-sender"])
async def test_a_machine_neither_opens_a_talk_nor_goes_on_with_one(tmp_path: Path, doubt: str) -> None:
    dialogues, _ = installed.dialogues()
    async with talking(tmp_path, *dialogues) as bench:
        values = {"automatic": True} if doubt == "automatic" else {"doubts": (doubt,)}
        assert await bench.say("bantuan", BUDI, **values) == []
        assert await bench.rows("SELECT 1 FROM talks") == []
        await bench.say("Banjir di gang buntu", RINA)
        before = bench.talk(RINA)
        assert await bench.say("di pasar", RINA, **values) == []
        assert bench.talk(RINA) == before
