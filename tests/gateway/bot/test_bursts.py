"""Several messages in a row are one report, acknowledged once when nothing more came for a while."""

from pathlib import Path

import pytest

from adapters import Attachment, Part, Place
from gateway.bot import Ask, Steps, Talk, dialogue
from gateway.bot.dialogues.report import report as shipped
from gateway.judging import Judging
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.operations import Operations
from gateway.store.contract import ReplyState
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA

PHOTO = Attachment("foto.jpg", "image/jpeg", 1000, digest="a" * 64)
FIRE = "Kebakaran rumah di Jl. Fatmawati, ada orang terjebak!"


@dialogue("report", files=True, texts={"id": {"told": "Di mana? {place}, foto {photo}"}})
def report(talk: Talk) -> Steps:
    """Says what it was told."""
    yield Ask("where", text="told", values={"place": talk.facts["place"], "photo": talk.facts["has_photo"]})


async def texts(bench: Bench) -> list[str]:
    ids = [row[0] for row in await bench.rows("SELECT id FROM reports ORDER BY seq")]
    found = [bench.store.report(one) for one in ids]
    return [row.report.text for row in found if row]


async def test_what_is_said_in_a_row_is_one_report_with_one_answer(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        assert await bench.say("banjir nih") == []
        assert await bench.say("di jl kemang raya", after=3) == []
        assert await bench.say(after=4, attachments=(PHOTO,), place=Place(-6.26, 106.81)) == []
        (answer,) = await bench.wait(5.1)
        assert await texts(bench) == ["banjir nih\ndi jl kemang raya"]
        assert answer.startswith("Laporan Anda kami terima. Kode KNL-")
        assert "PIN" in answer
        assert answer.endswith("Di mana? assigned, foto True")
        (row,) = await bench.rows("SELECT pin_hash, version FROM reports")
        assert row[0]
        assert row[1] == 3
        assert await bench.wait(60) == []


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one batch"])
async def test_a_batch_is_the_same_as_one_by_one(tmp_path: Path, at_once: bool) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        said = [bench.message("banjir nih"), bench.message("di jl kemang raya", after=3)]
        said += [bench.message(LAMP, RINA), bench.message("batal", after=2)]
        if at_once:
            await bench.take(*said)
        else:
            for one in said:
                await bench.take(one)
        answers = [row.text for row in await bench.answers()]
        assert [answer.split(".")[0] for answer in answers] == ["Laporan Anda kami terima", "Baik, kami batalkan"]
        (later,) = await bench.wait(10)
        assert later.endswith("Di mana? unknown, foto False")
        assert await texts(bench) == ["banjir nih\ndi jl kemang raya", LAMP]


async def test_after_the_quiet_time_another_message_is_another_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.take(bench.message(FLOOD), bench.message(LAMP, after=6))
        assert len(await texts(bench)) == 2
        assert len(await bench.answers()) == 1  # the first is answered as soon as it is known to be over
        assert len(await bench.wait(6)) == 1


async def test_what_is_surely_another_matter_is_another_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.take(bench.message(FLOOD), bench.message(LAMP, after=1))
        assert await texts(bench) == [FLOOD, LAMP]


async def test_what_is_likely_another_matter_elsewhere_is_another_report(tmp_path: Path) -> None:
    lamp, waste = "lampu jalan mati di jl pattimura", "sampah numpuk di depan pasar cipete utara"
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.take(bench.message(lamp), bench.message(waste, after=1), bench.message("sampah numpuk", after=1))
        assert await texts(bench) == [lamp, f"{waste}\nsampah numpuk"]


async def test_an_emergency_is_answered_at_once_and_what_follows_still_belongs_to_it(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        (answer,) = await bench.say(FIRE, after=0)
        assert answer.startswith("Darurat? Segera telepon 112.")
        await bench.take(bench.message("nomor 12"))  # came in before the question was asked
        assert await texts(bench) == [f"{FIRE}\nnomor 12"]


async def test_what_becomes_an_emergency_waits_no_longer(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        assert await bench.say("pak lurah ini gimana ya") == []
        (answer,) = await bench.say(FIRE, after=2)
        assert answer.startswith("Darurat? Segera telepon 112.")
        assert await bench.wait(10) == []


async def test_an_album_is_a_burst_also_where_nothing_is_waited_for(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        assert await bench.say(FLOOD, group="g1", attachments=(PHOTO,)) == []
        assert await bench.say(after=1, group="g1", attachments=(PHOTO,)) == []
        assert len(await bench.wait(4)) == 1
        assert len(await texts(bench)) == 1


async def test_who_is_answered_too_often_gets_no_pin_either(tmp_path: Path) -> None:
    async with talking(tmp_path, quiet_seconds=1) as bench:
        for number in range(bench.rules.replies_per_day + 1):
            await bench.say(f"{LAMP} {number}")
            await bench.wait(2)
        states = [row[0] for row in await bench.rows("SELECT state FROM replies WHERE about = 'received'")]
        assert states.count(ReplyState.WITHHELD) == 1
        assert len(await bench.rows("SELECT 1 FROM reports WHERE pin_hash IS NULL")) == 1


async def test_pieces_that_wait_in_vain_are_filed_in_the_talk_of_their_sender(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("bantuan")
        assert await bench.say(LAMP, part=Part("7", 1, 2)) == []
        (answer,) = await bench.wait(700)
        assert answer.startswith("Laporan Anda kami terima.")
        assert len(await texts(bench)) == 1
        assert bench.memory().state is not None


async def test_a_number_after_the_quiet_time_is_no_part_of_the_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.say("banjir nih")
        await bench.wait(6)
        await bench.say("di pasar")
        (answer,) = await bench.say("2")
        assert answer.startswith("Tulis laporan dan tempatnya")


async def test_what_waits_is_kept_where_the_way_out_is_taken_away(tmp_path: Path) -> None:
    """As by a reload within the quiet time."""
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.say(FLOOD)
        bench.can_talk = False
        assert await bench.wait(6) == []
        (kept,) = await bench.rows("SELECT state, report FROM replies")
        assert kept[0] == "kept" and kept[1]
        bench.can_talk = True
        assert await bench.wait(60) == []


DARK = "lampu jalan padam di jl fatmawati no 12, gelap"


async def joined(bench: Bench, sender: str, after: float = 1) -> tuple[str, str]:
    """What somebody tells in a row is found to be of a case that was opened before, while more of it may come; the code
    of that case, and of the new one."""
    await bench.say(LAMP)
    await bench.wait(6)
    await bench.say("batal")
    await bench.take(bench.message("pak", sender, 60), bench.message(DARK, sender, after))
    older, younger = [row[0] for row in await bench.rows("SELECT code FROM cases ORDER BY opened_at")]
    echo = {"echo": bench.channel}
    operations = Operations(bench.store, Judging(Path()), bench.rules, echo, Attempts(), Metrics())
    await operations.join_found(younger, older, tell=True)
    return older, younger


async def test_what_proves_to_be_alike_is_told_with_the_acknowledgement_and_not_before(tmp_path: Path) -> None:
    async with talking(tmp_path, shipped, quiet_seconds=5) as bench:
        _, code = await joined(bench, RINA)
        assert await bench.answers() == []
        (answer,) = await bench.wait(6)
        assert answer.startswith(f"Laporan serupa sudah kami terima, jadi laporan Anda kami satukan. Kode {code}, PIN ")
        assert "Apakah kejadian Anda sama dengan laporan 1 orang lain itu?" in answer
        (asked, *_) = await bench.say("ini kejadian lain", RINA)
        assert "tempatnya" in asked or "kelurahan" in asked
        (joined_into,) = (await bench.rows(f"SELECT joined_into FROM cases WHERE code = '{code}'"))[0]
        assert not joined_into
        assert [row[0] for row in await bench.rows("SELECT kind FROM links ORDER BY seq")][-1] == "parted"


async def test_what_its_sender_reported_before_is_answered_by_the_code_of_that(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        code, _ = await joined(bench, BUDI)
        (answer,) = await bench.wait(6)
        assert answer.startswith(f"Laporan ini sudah kami terima. Kode {code}.")


async def test_it_is_so_where_the_way_out_is_taken_away_too(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        _, code = await joined(bench, RINA)
        bench.can_talk = False
        await bench.wait(6)
        (kept,) = bench.store.astray(0, 9)
        assert kept.reply and kept.reply.text.startswith(
            f"Laporan serupa sudah kami terima, jadi laporan Anda kami satukan. Kode {code}"
        )


async def test_who_was_acknowledged_is_told_of_the_join(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        _, code = await joined(bench, RINA)
        texts = [row.text for row in await bench.answers()]
        assert any(f"Laporan {code} dan" in text for text in texts)
