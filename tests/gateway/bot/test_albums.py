"""Messages of one album are one report, whatever comes between them."""

from pathlib import Path

import pytest

from adapters import Attachment, Delivery
from gateway import overheard
from gateway.bot.dialogues.report import report
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA


def photo(number: int) -> Attachment:
    return Attachment(f"{number}.jpg", "image/jpeg", 1000, reference=f"file-{number}")


async def reports(bench: Bench) -> list[tuple[str, int]]:
    """Their words, and how many files they have."""
    ids = [row[0] for row in await bench.rows("SELECT id FROM reports ORDER BY seq")]
    rows = [row.report for one in ids if (row := bench.store.report(one))]
    return [(row.text, len(row.attachments)) for row in rows]


async def album(bench: Bench, *pauses: float, caption: int = 0) -> None:
    for number, pause in enumerate(pauses):
        text = FLOOD if number == caption else ""
        await bench.say(text, after=pause, group="g1", attachments=(photo(number),))


@pytest.mark.parametrize("caption", [0, 2], ids=["captioned first", "captioned last"])
@pytest.mark.parametrize("pauses", [(1, 1, 1), (1, 60, 90_000)], ids=["in a row", "far apart"])
@pytest.mark.parametrize("can_talk", [True, False], ids=["answered", "without a way out"])
async def test_an_album_is_one_report(tmp_path: Path, caption: int, pauses: tuple[float, ...], can_talk: bool) -> None:
    async with talking(tmp_path, report) as bench:
        bench.can_talk = can_talk
        await album(bench, *pauses, caption=caption)
        assert await reports(bench) == [(FLOOD, 3)]


async def test_an_album_in_one_batch_is_one_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.take(*(bench.message(FLOOD, group="g1", attachments=(photo(one),), after=1) for one in range(4)))
        assert [files for _, files in await reports(bench)] == [4]
        assert len(await bench.wait(5)) == 1


async def test_it_is_answered_once_when_the_last_came(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await album(bench, 1, 2)
        assert await bench.wait(2.9) == []
        assert len(await bench.wait(0.2)) == 1
        assert await bench.say(after=60, group="g1", attachments=(photo(9),)) == []


async def test_what_is_asked_between_its_pictures_stays_open(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("banjir nih", group="g1", attachments=(photo(1),))
        await bench.wait(4)
        assert await bench.say(group="g1", attachments=(photo(2),)) == []
        state = bench.memory().state
        assert state and state.asked == "where"
        assert await reports(bench) == [("banjir nih", 2)]


async def test_another_matter_between_its_pictures_is_another_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await album(bench, 1)
        await bench.say(LAMP)
        await bench.say(group="g1", attachments=(photo(5),))
        assert await reports(bench) == [(FLOOD, 2), (LAMP, 0)]


async def test_an_album_of_the_same_name_of_another_person_is_theirs(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await album(bench, 1)
        await bench.say(LAMP, RINA, group="g1", attachments=(photo(5),))
        assert await reports(bench) == [(FLOOD, 1), (LAMP, 1)]


async def test_its_words_can_be_changed_and_a_picture_taken_in_place_of_none(tmp_path: Path) -> None:
    async with talking(tmp_path) as bench:
        await album(bench, 1)
        await bench.say("Banjir sepinggang di Jl. Kemang Timur", id="m1+1", replaces="m1", group="g1")
        assert await reports(bench) == [("Banjir sepinggang di Jl. Kemang Timur", 1)]


# --- in a group, where one picture of the album names us and the others do not

GROUP = {"public": True, "conversation": "-100"}


def picture(bench: Bench, number: int, text: str = "", sender: str = BUDI, group: str = "g1") -> Delivery:
    values = {**GROUP, "group": group, "attachments": (photo(number),), "overheard": not text}
    return bench.message(text, sender, 0.2, **values)


async def destroyed(bench: Bench) -> int:
    """How many deliveries cannot be read any more."""
    (row,) = await bench.rows("SELECT count(*) FROM deliveries WHERE key IS NULL")
    return int(row[0])


async def later(bench: Bench, seconds: float) -> None:
    """What the timers that are due by then put back is processed at once."""
    await bench.wait(seconds)
    await bench.settle()


@pytest.mark.parametrize("named", [0, 2], ids=["named first", "named last"])
@pytest.mark.parametrize("apart", [False, True], ids=["in one batch", "in several"])
async def test_all_pictures_of_an_album_that_names_us_are_its_report(tmp_path: Path, named: int, apart: bool) -> None:
    async with talking(tmp_path, report) as bench:
        pictures = [picture(bench, one, FLOOD if one == named else "") for one in range(3)]
        for batch in [[one] for one in pictures] if apart else [pictures]:
            await bench.take(*batch)
        await later(bench, overheard.WAIT_SECONDS)
        assert await reports(bench) == [(FLOOD, 3)]
        assert await destroyed(bench) == 0


async def test_what_a_group_shows_itself_leads_to_nothing_and_is_soon_destroyed(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.take(*(picture(bench, one) for one in range(3)))
        await later(bench, overheard.WAIT_SECONDS - 1)
        assert await destroyed(bench) == 0
        await later(bench, 1)
        assert (await reports(bench), await destroyed(bench)) == ([], 3)
        assert await bench.rows("SELECT id FROM contacts") == []


async def test_an_album_that_names_us_speaks_for_no_other_and_for_nobody_else(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        named, other, hers = picture(bench, 1, FLOOD), picture(bench, 2, group="g2"), picture(bench, 3, sender=RINA)
        await bench.take(named, other, hers)
        await later(bench, overheard.WAIT_SECONDS)
        assert (await reports(bench), await destroyed(bench)) == ([(FLOOD, 1)], 2)


async def test_a_picture_that_comes_much_later_is_of_the_album_that_is_known(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.take(picture(bench, 1, FLOOD))
        await later(bench, 3600)
        await bench.take(picture(bench, 2))
        assert await reports(bench) == [(FLOOD, 2)]
