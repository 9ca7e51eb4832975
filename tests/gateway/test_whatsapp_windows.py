"""What is to be said by WhatsApp more than a day after somebody wrote, with a stand-in for Meta that knows the time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.testing.standins.whatsapp import WhatsApp
from adapters.testing.standins.whatsapp_rules import Approved
from tests.gateway.meta import known
from tests.gateway.support import Running, running, settings_in
from tests.gateway.test_windows import Owed, left, number_of, owe, settled

WHO = number_of(1).removeprefix("+")
TEMPLATES: Mapping[str, Any] = {"*": {"name": "kabar_laporan"}}
NONE: Mapping[str, Any] = {}


@asynccontextmanager
async def owing(folder: Path, owed: Owed, templates: Mapping[str, Any]) -> AsyncIterator[tuple[WhatsApp, Running]]:
    with WhatsApp() as meta:
        channel = {"name": "meta", "kind": "whatsapp", "templates": templates, **known(meta, folder)}
        loaded = settings_in(folder, channel)
        await owe(loaded, owed)
        async with running(loaded) as kanal:
            meta.templates = {"kabar_laporan": Approved("Kabar laporan Anda: {{1}} Balas untuk bertanya.")}
            await settled(kanal)
            yield meta, kanal


async def test_news_go_into_an_approved_text(tmp_path: Path) -> None:
    async with owing(tmp_path, Owed(talk=1.1), TEMPLATES) as (meta, kanal):
        (shown,) = meta.shown(WHO)
        assert shown.text == "Kabar laporan Anda: Sedang dikerjakan Balas untuk bertanya."
        assert left(kanal) == []


@pytest.mark.parametrize(
    ("owed", "templates"),
    [
        pytest.param(Owed(talk=1.1), NONE, id="there is no template"),
        pytest.param(Owed(talk=1.1), {"*": {"name": "lain"}}, id="Meta does not know the template"),
        pytest.param(Owed(talk=0.9), TEMPLATES, id="Meta's day is over before ours"),
    ],
)
async def test_what_cannot_be_said_is_left_to_a_person(
    tmp_path: Path, owed: Owed, templates: Mapping[str, Any]
) -> None:
    async with owing(tmp_path, owed, templates) as (meta, kanal):
        assert (left(kanal), meta.shown(WHO)) == ([("unsent: moved KNL-1", "KNL-1")], [])
        assert kanal.app.channels["meta"].state == "ok"
