"""Replies by mail to a letter of ours: which of them belong to the case that its subject names, and which do not."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters import Attachment, Capabilities
from gateway.bot.dialogues.report import report
from gateway.store.contract import CaseChange, Settlement
from normalizer.message import Aside
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import RINA

LAMP = "Lampu jalan padam di Jl. Fatmawati No. 12, Cipete"
FLOOD = "Banjir selutut di Jl. Kemang Raya, mobil tidak bisa lewat"
OTHER_LAMP = "Lampu jalan mati juga di Jl. Sudirman No. 3"
BY_MAIL = Capabilities(text_limit=None, threads=True)
ASIDE = "hanya di judul atau kutipan"

#: What is told in reply, once nothing is asked any more; and whether it is of the case that the subject names.
REPLIES = {
    "it says that nothing was done": ("Masih belum ada yang datang ke lokasi pak, tolong ditindaklanjuti", True),
    "it says that it lasts": ("Sampai malam ini masih gelap gulita", True),
    "it tells the same problem again": ("Lampu jalannya masih padam semua pak", True),
    "it tells the same problem and place again": ("Lampu jalan di Jl. Fatmawati masih padam total", True),
    "it tells of what is known in another street's words": (
        "lampunya yang arah Jl. Antasari juga masih padam total",
        True,
    ),
    "it tells what comes of it": ("Kemarin ada motor jatuh karena gelap, mohon segera", True),
    "it is another problem in another street": (FLOOD, False),
    "it is another problem in the same street": ("Sampah menumpuk di Jl. Fatmawati No. 12, bau sekali", False),
    "it is another problem in few words": ("banjir parah kemang raya", False),
    "it may be another problem": ("Tolong pak, banyak anak sekolah lewat sini tiap malam", False),
    "it tells what else may happen": ("Rawan begal kalau gelap begini terus", True),
    "it tells who came": ("Kemarin petugas datang tapi cuma foto-foto lalu pulang", True),
    "it is another problem without a place": ("Saluran air depan rumah saya mampet dan bau", False),
    "it is the same problem in another street": (OTHER_LAMP, False),
}


async def first_code(bench: Bench) -> str:
    """Of a report about a lamp, of which nothing is asked any more."""
    (first,) = await bench.say(LAMP)
    await bench.say("cipete utara")
    return str(re.findall(r"KNL-\S{9}(?=,)", first)[0])


async def links(bench: Bench) -> list[tuple[str, str]]:
    return [tuple(row) for row in await bench.rows("SELECT kind, reasons FROM links ORDER BY seq")]


async def filed(bench: Bench) -> Sequence[str]:
    """The case of each report."""
    return [row[0] for row in await bench.rows('SELECT "case" FROM reports ORDER BY seq')]


@pytest.mark.parametrize(("text", "stays"), REPLIES.values(), ids=REPLIES)
async def test_a_subject_names_a_case_unless_another_matter_is_told(tmp_path: Path, text: str, stays: bool) -> None:
    async with talking(tmp_path, report, capabilities=BY_MAIL) as bench:
        code = await first_code(bench)
        await bench.say(text, subject=f"Re: Laporan {code}")
        first, second = await filed(bench)
        ((kind, reasons),) = await links(bench)
        assert (first, second == code) == (code, stays)
        assert (kind, ASIDE in reasons) == (("again", False) if stays else ("unsure", True))


@pytest.mark.parametrize("text", [FLOOD, OTHER_LAMP])
async def test_what_is_quoted_names_no_case_for_another_matter(tmp_path: Path, text: str) -> None:
    async with talking(tmp_path, report, capabilities=BY_MAIL) as bench:
        code = await first_code(bench)
        await bench.say(text, asides=(Aside(kind="quote", text=f"Laporan Anda kami terima. Kode {code}."),))
        assert len(set(await filed(bench))) == 2
        assert [kind for kind, _ in await links(bench)] == ["unsure"]


@pytest.mark.parametrize("text", [FLOOD, OTHER_LAMP])
async def test_who_writes_the_code_means_its_case(tmp_path: Path, text: str) -> None:
    async with talking(tmp_path, report, capabilities=BY_MAIL) as bench:
        code = await first_code(bench)
        await bench.say(f"{text}. Ini lanjutan laporan {code}.", subject=f"Re: Laporan {code}")
        assert set(await filed(bench)) == {code}
        assert await links(bench) == [("again", f'["menyebut kode {code}"]')]


async def test_a_photo_alone_in_reply_is_of_the_case(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=BY_MAIL) as bench:
        code = await first_code(bench)
        photo = Attachment("foto.jpg", "image/jpeg", 10, digest="0" * 64)
        await bench.say("", subject=f"Re: Laporan {code}", attachments=(photo,))
        assert set(await filed(bench)) == {code}


@pytest.mark.parametrize(("answer", "joined"), [("ya", True), ("tidak", False)])
async def test_whose_reply_is_in_doubt_is_asked(tmp_path: Path, answer: str, joined: bool) -> None:
    async with talking(tmp_path, report, capabilities=BY_MAIL) as bench:
        code = await first_code(bench)
        (said,) = await bench.say(FLOOD, subject=f"Re: Laporan {code}")
        assert said.endswith("Apakah ini sama dengan laporan Lampu jalan mati di Cipete Utara?\n1 Ya\n2 Tidak")
        await bench.say(answer, subject=f"Re: Laporan {code}")
        into = await bench.rows("SELECT joined_into FROM cases ORDER BY opened_at")
        assert into == [(None,), (code if joined else None,)]


async def test_who_only_knows_a_code_is_asked_nothing_of_its_case(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=BY_MAIL) as bench:
        code = await first_code(bench)
        (said,) = await bench.say(FLOOD, sender=RINA, subject=f"Laporan {code}")
        assert ("PIN " in said, code in said, "Cipete" in said) == (True, False, False)
        assert [kind for kind, _ in await links(bench)] == ["unsure"]


@pytest.mark.parametrize(("text", "linked"), [(FLOOD, False), ("Lampunya padam lagi semua pak", True)])
async def test_a_closed_case_is_named_likewise(tmp_path: Path, text: str, linked: bool) -> None:
    async with talking(tmp_path, report, capabilities=BY_MAIL) as bench:
        code = await first_code(bench)
        await close(bench)
        await bench.say(text, subject=f"Re: Laporan {code}")
        assert await links(bench) == ([("after-closing", f'["menyebut kode {code}"]')] if linked else [])


async def close(bench: Bench) -> None:
    codes = [row[0] for row in await bench.rows("SELECT code FROM cases")]
    now = bench.now.timestamp()
    done = [CaseChange(code=one, expected="menunggu", status="selesai", closed_at=now) for one in codes]
    await bench.store.settle(Settlement(changes=done))
