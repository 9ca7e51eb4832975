"""Where a channel lets us write for a while only, a further address is asked for, once."""

from pathlib import Path

from msgspec.structs import replace

from adapters import Address
from gateway.bot.dialogues.report import report
from tests.gateway.bot.talks import POOR, Bench, talking
from tests.gateway.support import FLOOD, LAMP

A_DAY = replace(POOR, window_seconds=86_400.0)
ASKED = "tulis nomor HP atau alamat email Anda"


async def test_an_address_that_is_known_is_not_asked_for_again(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=A_DAY) as bench:
        assert ASKED in await said(bench, FLOOD, "lewati")
        await bench.say("budi@example.org")
        assert ASKED not in await said(bench, LAMP, "lewati")
        assert await bench.rows("SELECT count(DISTINCT report), count(DISTINCT contact) FROM also") == [(2, 1)]


async def test_an_address_that_came_with_the_message_is_not_asked_for(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=A_DAY) as bench:
        (answer,) = await bench.say(FLOOD, also=(Address("email", "budi@example.org"),))
        assert ASKED not in answer + await said(bench, "lewati")


async def said(bench: Bench, *lines: str) -> str:
    return "\n".join([answer for line in lines for answer in await bench.say(line)])
