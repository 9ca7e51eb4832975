"""Turns a second on one core: citizens answer what the shipped dialogue asks about their reports. Without and with the
transaction that keeps what follows; reading and normalising go on in other processes and are not counted."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from tests.bot_bench.town import Took, town
from tests.normalizer_bench.rows import Goal, Row

TITLE = "turns a second of one core"
REPORT = "Ada yang rusak"
#: A place that is not known there, a choice, a photo that there is not.
ANSWERS = ("Dekat halte di depan pasar", "lewati", "lewati")


def measure(folder: Path, talks: int = 1_000) -> Iterator[Row]:
    found = asyncio.run(_measured(folder / "turns", talks))
    count = talks * len(found)
    made, written = (sum(part) for part in zip(*found, strict=True))
    yield Row(measure="made", count=count, value=count / made, unit="/s", goal=Goal(2_000))
    yield Row(measure="made and written", count=count, value=count / (made + written), unit="/s")


async def _measured(folder: Path, talks: int) -> list[Took]:
    async with town(folder) as place:
        await place.say(REPORT, talks)
        return [(await place.say(text, talks))[0] for text in ANSWERS]
