"""Who only knows the code of a case gets no more than its status, also after a report that names it."""

import re
from pathlib import Path

from adapters import Address
from gateway.bot.dialogues.report import report
from gateway.bot.dialogues.status import status
from gateway.contacts import contact_of
from gateway.store.contract import ReplyRow
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, LAMP, RINA

WITH_PIN = "Agar dikabari, kirim kode dan PIN laporan itu."


async def test_a_report_that_names_the_code_of_another_opens_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        (first,) = await bench.say(LAMP)
        code = re.findall(r"KNL-\S{9}", first)[0]
        heard = await bench.say(f"{LAMP} masih padam juga, kode {code}", sender=RINA)
        assert await bench.rows("SELECT count(*) FROM cases") == [(1,)]
        assert heard == [f"Terima kasih, sudah kami catat pada laporan {code}. {WITH_PIN}"]
        (told, *_) = await bench.say(f"status {code}", sender=RINA)
        assert told.startswith(f"Laporan {code}: diterima.\n")
        assert "Instansi" not in told
        await bench.say("batal")
        (own,) = await bench.say(f"status {code}")
        assert "Instansi: " in own


async def test_who_names_the_code_of_another_is_told_no_news(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        (first,) = await bench.say(LAMP)
        code, pin = re.findall(r"KNL-\S{9}(?=,)|\d{6}(?=\.)", first)
        await bench.say(f"{LAMP} masih padam juga, kode {code}", sender=RINA)
        assert [one.contact for one in news(bench, code)] == [contact(bench, BUDI)]
        await bench.say(f"{code} {pin}", sender=RINA)
        await bench.say("ya", sender=RINA)
        assert [one.contact for one in news(bench, code)] == [contact(bench, BUDI), contact(bench, RINA)]


async def test_who_names_their_own_code_from_a_quiet_channel_is_told_as_ever(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status, quiet_seconds=5) as bench:
        await bench.say(LAMP)
        (first,) = await bench.wait(6)
        (code,) = re.findall(r"KNL-\S{9}(?=,)", first)
        again = f"{LAMP} masih padam juga, kode {code}"
        await bench.say(again)
        (own,) = await bench.wait(6)
        assert own.startswith(f"Laporan ini sudah kami terima. Kode {code}.")
        await bench.say(again, sender=RINA)
        assert await bench.wait(6) == [f"Terima kasih, sudah kami catat pada laporan {code}. {WITH_PIN}"]


def contact(bench: Bench, sender: str) -> str:
    return contact_of(bench.rules.key, Address("phone", sender)).id


def news(bench: Bench, code: str) -> list[ReplyRow]:
    case = bench.store.case(code)
    assert case
    return bench.means.telling.replies(bench.store.reporters(code), 0.0, "moved", case, status="proses", unit="")
