"""Every kind of question that the shipped dialogues ask, asked by saying what leads to it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from adapters import Address, Attachment, Capabilities, Place
from gateway.bot.dialogues.help import danger, help_, language
from gateway.bot.dialogues.news import news
from gateway.bot.dialogues.rating import rating
from gateway.bot.dialogues.report import report
from gateway.bot.dialogues.status import status
from gateway.contacts import contact_of
from gateway.conversation import Conversation, Thread
from gateway.store.contract import Settlement
from gateway.turning import Turning
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, RINA

ALL = (report, status, news, rating, help_, language, danger)
PHOTO: dict[str, Any] = {"attachments": (Attachment("foto.jpg", "image/jpeg", 1000, digest="a" * 64),)}
PIN: dict[str, Any] = {"place": Place(latitude=-6.2, longitude=106.8)}
#: Channels that take files, and that nobody can be written to by a day later.
FILES = Capabilities(text_limit=4096, choices=10, attachments=True)
WINDOW = Capabilities(text_limit=4096, choices=10, window_seconds=86_400)
RUBBISH = "Sampah menumpuk di depan Jl. Melati No. 7, baunya menyengat"
UNCLEAR = "ada sampah, halte di sini kotor"

_CODE, _PIN = re.compile(r"KNL-\w{4}-\w{4}"), re.compile(r"PIN (\d{6})")


class Question(NamedTuple):
    """What is said until it is asked (by whom, what, with what), the dialogue and its question, and where. Those that
    only time or others lead to are `begun` on the last report, with these facts."""

    lines: tuple[tuple[str, str, dict[str, Any]], ...]
    dialogue: str
    asked: str
    capabilities: Capabilities = Capabilities(text_limit=459, alphabet="gsm7")
    begun: dict[str, Any] | None = None


def _said(*lines: str, by: str = BUDI, **values: Any) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    return tuple((by, line, values) for line in lines)


QUESTIONS: dict[str, Question] = {
    "where": Question(_said("sampah numpuk bau"), "report", "where"),
    "in which kelurahan": Question(_said(RUBBISH), "report", "where"),
    "which area": Question(_said("sampah numpuk bau di manggarai"), "report", "where"),
    "in which kelurahan, after a landmark": Question(
        _said("sampah numpuk bau", "deket pasar anyar"), "report", "where"
    ),
    "where, outside": Question(_said("sampah numpuk bau di Kota Bekasi"), "report", "where"),
    "category": Question(_said(UNCLEAR, **PIN), "report", "category"),
    "photo": Question(_said(RUBBISH, "lewati"), "report", "photo", FILES),
    "address": Question(_said(RUBBISH, "lewati"), "report", "address", WINDOW),
    "is it what others reported": Question(
        _said(RUBBISH, "batal"), "report", "joined", begun={"verdict": "same", "people": 2, "place": "assigned"}
    ),
    "is it that case": Question(
        _said(RUBBISH, "batal"),
        "report",
        "same",
        begun={"verdict": "unsure", "other": {"code": "KNL-7F3K-92QX", "what": "Sampah", "where": "Menteng"}},
    ),
    "which report": Question(
        _said(RUBBISH, "batal", "Got mampet di Jl. Dahlia No. 2", "batal", "laporan saya"), "status", "which"
    ),
    "code": Question(_said("laporan saya"), "status", "code"),
    "PIN": Question((*_said(RUBBISH, by=RINA), *_said("{code}")), "status", "pin"),
    "go on here": Question((*_said(RUBBISH, by=RINA), *_said("{code} {pin}")), "status", "go_on"),
    "language": Question(_said("bahasa"), "language", "which"),
    "danger": Question(_said("darurat"), "danger", "what"),
    "where, in danger": Question(_said("darurat", "ada yang gawat di sini"), "danger", "where"),
    "score": Question(_said(RUBBISH, "batal", "{close}"), "rating", "score", begun={}),
    "why that score": Question(_said(RUBBISH, "batal", "{close}", "{begin}", "3"), "rating", "why", begun={}),
    "why not done": Question(_said(RUBBISH, "batal", "{close}", "belum selesai"), "news", "reason"),
}


@asynccontextmanager
async def asking(folder: Path, question: Question) -> AsyncIterator[Bench]:
    """A talk where this question is open. Raises AssertionError if it is not."""
    async with talking(folder, *ALL, capabilities=question.capabilities) as bench:
        made: dict[str, str] = {}
        for by, line, values in question.lines:
            if line == "{close}":
                await bench.close_cases()
            elif line == "{begin}":
                await _begin(bench, question)
            else:
                for said in await bench.say(line.format_map(made), by, **values):
                    made |= _made(said)
        if question.begun is not None and bench.memory().state is None:
            await _begin(bench, question)
        state = bench.memory().state
        assert state and (state.dialogue, state.asked) == (question.dialogue, question.asked), state
        yield bench


def _made(said: str) -> dict[str, str]:
    code, pin = _CODE.search(said), _PIN.search(said)
    return {name: found for name, found in (("code", code and code[0]), ("pin", pin and pin[1])) if found}


async def _begin(bench: Bench, question: Question) -> None:
    at, settlement = bench.now.timestamp(), Settlement()
    talk = Conversation(bench.talk(), "", "id", Thread())
    dialogue = bench.means.bot.dialogues.by_name[question.dialogue]
    contact = contact_of(bench.rules.key, Address("phone", BUDI))
    Turning(bench.means, talk, contact, False, at, settlement).begin(dialogue, "", question.begun or {})
    settlement.talks.append(talk.saved(at))
    await bench.store.settle(settlement)
