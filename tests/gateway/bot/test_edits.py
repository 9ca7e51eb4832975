"""A message that its sender changes later changes the report that it led to, and opens no second case."""

from pathlib import Path
from typing import Any

import pytest

from adapters import Attachment
from gateway.bot.dialogues.report import report
from gateway.store.contract import Settlement
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA

PHOTO = Attachment("foto.jpg", "image/jpeg", 1000, reference="file-1")
CHANGED = "Banjir sepinggang di Jl. Kemang Timur"


async def texts(bench: Bench) -> list[str]:
    ids = [row[0] for row in await bench.rows("SELECT id FROM reports ORDER BY seq")]
    return [row.report.text for one in ids if (row := bench.store.report(one))]


async def events(bench: Bench) -> list[str]:
    return [row[0] for row in await bench.rows("SELECT event FROM history ORDER BY seq")]


async def edit(bench: Bench, text: str, of: str = "m1", sender: str = BUDI, **values: Any) -> list[str]:
    return await bench.say(text, sender, id=f"{of}+{text}", replaces=of, **values)


async def test_the_words_of_a_report_are_those_of_the_edit(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        await bench.say(FLOOD)
        assert await edit(bench, CHANGED) == []
        assert await edit(bench, LAMP) == []
        assert await texts(bench) == [LAMP]
        assert await events(bench) == ["opened", "edited", "edited"]
        ((what, place),) = await bench.rows('SELECT what, "where" FROM cases')
        assert what == LAMP
        assert "Fatmawati" in place


async def test_what_was_said_before_the_edit_is_kept_as_it_came_in(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        await bench.say(FLOOD)
        await edit(bench, CHANGED)
        ((identity,),) = await bench.rows("SELECT id FROM reports")
        assert len(await bench.store.deliveries_of(identity)) == 2


WRONG, RIGHT = "di Jl. Mawar", "di Jl. Percetakan Negara No. 4"


@pytest.mark.parametrize("later", [1, 60], ids=["while more may come", "when it was acknowledged"])
async def test_an_edit_of_one_message_of_several_is_said_instead_of_it(tmp_path: Path, later: int) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        for said in ("banjir nih", WRONG, "airnya sepinggang"):
            await bench.say(said, after=1)
        await bench.wait(later)
        await edit(bench, "di Jl. Melati", of="m2", after=0)
        await edit(bench, RIGHT, of="m2", after=0)
        assert await texts(bench) == [f"banjir nih\n{RIGHT}\nairnya sepinggang"]
        ((identity, place),) = await bench.rows('SELECT r.id, c."where" FROM reports r JOIN cases c')
        row = bench.store.report(identity)
        assert row and row.report.place and row.report.place.streets == ("jl percetakan negara",)
        assert "Percetakan Negara" in place and "Mawar" not in place


async def test_the_caption_of_an_album_is_what_it_says_last(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        for text in ("", FLOOD, ""):
            await bench.say(text, after=1, group="g1", attachments=(PHOTO,))
        await edit(bench, CHANGED, of="m2", group="g1", attachments=(PHOTO,))
        assert await texts(bench) == [CHANGED]


async def test_where_what_was_said_is_destroyed_an_edit_is_added(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.say("banjir nih")
        await bench.say(WRONG, after=1)
        await bench.store.settle(Settlement(forgotten=[2]))
        await edit(bench, RIGHT, of="m2", after=1)
        assert await texts(bench) == [f"banjir nih\n{WRONG}\n{RIGHT}"]


async def test_an_edit_of_an_answer_is_added(tmp_path: Path) -> None:
    """What it answered is known no more."""
    async with talking(tmp_path, report) as bench:
        await bench.say("banjir nih")
        await bench.say("kp melayu dekat halte RT 3", after=1)
        before = await texts(bench)
        assert await edit(bench, "kp melayu dekat halte RT 5", of="m2", after=1) == []
        assert await texts(bench) == [f"{before[0]}\nkp melayu dekat halte RT 5"]


async def test_a_number_that_was_an_answer_is_not_added(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("banjir nih")
        await bench.say("kp melayu dekat halte")
        await bench.say("2")
        before = await texts(bench)
        assert await edit(bench, "1", of="m3") == []
        assert await texts(bench) == before


async def test_a_caption_changes_and_its_photo_is_not_doubled(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        await bench.say(FLOOD, attachments=(PHOTO,))
        await edit(bench, CHANGED, attachments=(PHOTO,))
        ((identity,),) = await bench.rows("SELECT id FROM reports")
        row = bench.store.report(identity)
        assert row and row.report.attachments == (PHOTO,)


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one batch"])
async def test_an_edit_that_comes_first_stands_for_its_message(tmp_path: Path, at_once: bool) -> None:
    async with talking(tmp_path) as bench:
        early = bench.message(CHANGED, id="m7+1", replaces="m7")
        late = bench.message(FLOOD, id="m7", after=1)
        for batch in [(early, late)] if at_once else [(early,), (late,)]:
            await bench.take(*batch)
        assert len(await bench.answers()) == 1
        assert await texts(bench) == [CHANGED]
        await edit(bench, LAMP, of="m7")
        assert await texts(bench) == [LAMP]


async def test_an_edit_in_the_batch_of_its_message_changes_it(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        await bench.take(bench.message(FLOOD), bench.message(CHANGED, id="m1+1", replaces="m1", after=1))
        assert await texts(bench) == [CHANGED]
        assert len(await bench.answers()) == 1


async def test_an_edit_is_taken_once(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        await bench.say(FLOOD)
        await bench.say("banjir nih", after=1, group="x")
        again = bench.message(CHANGED, id="m1+1", replaces="m1")
        await bench.take(again)
        await bench.take(bench.message(CHANGED, id="m1+1", replaces="m1"))
        assert await events(bench) == ["opened", "opened", "edited"]


async def test_what_another_person_changes_is_their_own(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        await bench.say(FLOOD)
        assert len(await edit(bench, LAMP, sender=RINA)) == 1
        assert await texts(bench) == [FLOOD, LAMP]


async def test_a_greeting_that_becomes_a_report_is_filed(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("halo pak")
        assert await edit(bench, "halo bu") == []
        assert len(await edit(bench, FLOOD)) == 1
        assert await texts(bench) == [FLOOD]


async def test_it_works_on_a_channel_without_a_way_out(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        bench.can_talk = False
        await bench.say(FLOOD)
        await edit(bench, CHANGED)
        assert await texts(bench) == [CHANGED]
