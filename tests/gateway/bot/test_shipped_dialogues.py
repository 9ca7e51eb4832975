"""The dialogues that Kanal comes with, from a report to its end, over a real store."""

import re
from datetime import timedelta
from pathlib import Path

from gateway import moving
from gateway.bot.dialogues.help import danger, help_, language
from gateway.bot.dialogues.news import news
from gateway.bot.dialogues.rating import rating
from gateway.bot.dialogues.report import report
from gateway.bot.dialogues.status import status
from gateway.moving import Wanted
from gateway.rating import Rating
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import RINA

ALL = (report, status, news, rating, help_, language, danger)
SCORE = "Puas dengan penanganan laporan {code}? Tulis angka 1 (tidak puas) sampai 5 (puas sekali), atau BELUM SELESAI."
WHERE = "Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu."


async def filed(bench: Bench, *, at: str = "1") -> tuple[str, str]:
    """The code and PIN of a report whose place was asked for."""
    (first,) = await bench.say("banjir setinggi lutut")
    assert first.endswith(f"\n{WHERE}")
    assert await bench.say("deket halte") == ["Di kelurahan mana itu?"]
    assert (await bench.say("bangka, mampang"))[0].startswith("Yang mana tempatnya?\n1 Bangka, Mampang Prapatan\n")
    code, pin = re.findall(r"KNL-\S{9}", first)[0], re.findall(r"PIN (\d{6})", first)[0]
    assert await bench.say(at) == [f"Terima kasih. Laporan {code} sudah kami lengkapi."]
    return code, pin


async def moved(bench: Bench, code: str, to: str) -> list[str]:
    """What its reporter is told of a move."""
    bench.now += timedelta(minutes=5)
    now, store, means = bench.now.timestamp(), bench.store, bench.means
    reporters, case = store.reporters(code), store.case(code)
    assert case
    settlement = moving.settlement(
        case,
        [],
        reporters,
        Wanted(status=to, outside=True),
        actor="camat",
        now=now,
        rules=bench.rules,
        telling=means.telling,
    )
    if to == "selesai":
        channels = {means.channel: bench.channel}
        asking = Rating(store, bench.rules, channels, means.telling, means.attempts, means.metrics)
        asking.add(settlement, reporters, now)
    await store.settle(settlement)
    return [row.text for row in await bench.answers()]


async def test_a_report_is_placed_closed_disputed_and_rated(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        code, _ = await filed(bench)
        case = bench.store.case(code)
        assert case and (case.area, case.unit) == ("31.74.03.1002", "sudin-sda-31.74")
        news_of_it = await moved(bench, code, "selesai")
        assert news_of_it[1:] == [SCORE.format(code=code)]
        assert await bench.say("belum selesai") == ["Apa yang belum selesai? Tulis singkat."]
        assert await bench.say("air masih tinggi") == [
            f"Terima kasih. Laporan {code} kami buka lagi, dan petugas kami minta memeriksanya."
        ]
        case = bench.store.case(code)
        assert case and case.status == "menunggu"
        await moved(bench, code, "selesai")
        assert await bench.say("empat") == ["Terima kasih. Boleh tahu sebabnya? Tulis singkat, atau LEWATI."]
        assert await bench.say("cepat") == ["Terima kasih atas penilaian Anda."]
        (said,) = await bench.say("belum selesai pak, air masuk lagi ke rumah")
        assert said.startswith(f"Terima kasih. Laporan {code} kami buka lagi")
        events = [(one.event, one.actor) for one in bench.store.history(code)][-4:]
        assert events == [("moved", "camat"), ("rated", "pelapor"), ("rated", "pelapor"), ("moved", "pelapor")]


async def test_who_has_code_and_pin_goes_on_elsewhere(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        code, pin = await filed(bench)
        brief = f"Laporan {code}: diterima."
        assert await bench.say(code, sender=RINA) == [
            f"{brief}\nUntuk keterangan lengkap tulis PIN laporan ini, atau LEWATI."
        ]
        (told,) = await bench.say(pin, sender=RINA)
        assert told.startswith(f"{brief} Instansi: ") and told.endswith("Lanjutkan laporan ini di sini?\n1 Ya\n2 Tidak")
        assert await bench.say("ya", sender=RINA) == ["Baik, laporan ini kami lanjutkan di sini."]
        (own,) = await bench.say("laporan saya", sender=RINA)
        assert own.startswith(f"{brief} Instansi: ")


async def test_who_names_a_case_amid_a_question_asks_about_it_and_the_question_stays(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        (first,) = await bench.say("banjir setinggi lutut")
        code = re.findall(r"KNL-\S{9}", first)[0]
        (said,) = await bench.say(f"Bagaimana kabar {code}?")
        assert said.startswith(f"Laporan {code}: diterima.")
        assert await bench.say("deket halte") == ["Di kelurahan mana itu?"]


async def test_who_replies_to_us_with_a_question_asks_about_that_case(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        code, _ = await filed(bench)
        await bench.say("Lampu jalan padam di Jl. Fatmawati No. 12")
        (first, *_) = await bench.rows(f"SELECT id FROM replies WHERE \"case\" = '{code}' ORDER BY seq LIMIT 1")
        (said,) = await bench.say("sudah sampai mana ya?", in_reply_to=first[0])
        assert said.startswith(f"Laporan {code}: diterima. Instansi: ")


async def test_who_replies_to_our_question_answers_it(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say("banjir setinggi lutut")
        (asked,) = await bench.rows("SELECT id FROM replies")
        assert await bench.say("dekat halte ya?", in_reply_to=asked[0]) == ["Di kelurahan mana itu?"]


async def test_an_emergency_is_filed_and_told_of_while_something_else_is_asked(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say("banjir setinggi lutut")
        (said,) = await bench.say("darurat")
        assert "Darurat? Segera telepon 112." in said and said.endswith("Apa yang terjadi? Tulis singkat.")
        assert await bench.say("rumah saya kebakaran") == [WHERE]
        (report_,) = await bench.rows("SELECT id FROM reports ORDER BY seq DESC LIMIT 1")
        row = bench.store.report(report_[0])
        assert row and row.report.text == "darurat\nrumah saya kebakaran"
        assert row.report.urgency.level == "emergency"
