"""Whoever is asked something and tells of another matter has made a report of it, whatever is asked; and whoever
answers, in whatever words, has made none."""

from pathlib import Path

import pytest

from gateway.store.contract import ReportRow
from tests.gateway.bot.asked import QUESTIONS, asking
from tests.gateway.bot.talks import Bench

#: What is no rubbish.
OTHERS = """
Pohon tumbang menutup Jl. Mawar
Trotoar rusak di Jl. Mawar dekat No. 5
Lampu jalan padam di Jl. Mawar No. 3
Banjir setinggi lutut di Jl. Kemang
ada pohon tumbang juga nutupin jalan di jl fatmawati
di jl mawar ada pohon tumbang
Jl. Mawar lampu mati semua
jl anggrek banjir selutut
jalan rusak di jl tebet raya
jalan berlubang di jl. panjang depan mall
got mampet di jl sabang no 3
parkir liar di jl wahid hasyim bikin macet
pak ada kabel menjuntai di jl percetakan negara
kabel semrawut di jl. kramat, takut kesetrum
jembatan rusak di kampung melayu hampir ambruk
pju mati di jl fatmawati no 12
pohon mau tumbang di jl cikini raya
ada lubang gede di jl rawasari
orang bakar sampah di jl kebon jeruk asapnya masuk rumah
bangunan liar di pinggir kali ciliwung manggarai
macet parah di jl gatot subroto gara2 galian
tolong sekalian, di jl mawar got nya mampet
terus juga di jl anggrek lampunya mati pak
oh iya sama lampu jalan di jl anggrek mati
satu lagi pak, jalan bolong di jl kemang
min lapor juga, pohon tumbang di jl surabaya
depan sdn 01 menteng jalan rusak parah
di depan stasiun tebet banyak parkir liar
di gang kelinci lampu jalannya mati
selokan depan rumah saya di jl kenari mampet bau
tiang listrik miring di jl kenari mau roboh
vandalisme di tembok jl pramuka
street light is off on Jalan Kemang Raya
fallen tree blocking Jalan Senopati
pothole on Jl. Cikini near the station
there is a big hole in the road at jalan kemang raya
""".strip().splitlines()
#: What the report of an emergency is about is asked by these, so that it is told.
DANGER = {"danger", "where, in danger"}
EACH = 5

WHERE = """
Jl. Mawar No. 3 dekat pohon besar
di depan warung yang lampunya mati
kel. Cipete Utara, dekat jembatan rusak
sampahnya di jl melati no 9
deket lampu merah yang rusak itu
deket tumpukan sampah rt 05
samping got mampet
jalan mawar yang banyak lubangnya
sebelah sekolah yg temboknya roboh
di jl fatmawati deket pohon tumbang
di jalan yang berlubang itu pak, jl anggrek
depan rumah yang ada pohon mangganya jl anggrek 5
jl raya bogor km 20 depan pasar induk yg sering macet
pertigaan jl kemang yang suka banjir itu
di bawah flyover pancoran yg ada pengemisnya
pinggir kali yang banyak sampahnya, kel manggarai
rt 03 rw 05 gang buntu deket tiang listrik miring
dekat pos satpam komplek, yang jalannya rusak
sebelah proyek galian pam jl tebet raya
itu di jl kebon jeruk raya no 10, depan ruko
di belakang pasar minggu, tempat parkir liar
pas di tikungan jl mampang yg trotoarnya rusak
jembatan penyeberangan jl sudirman
di saluran air depan masjid al ikhlas jl anggrek
di trotoar jl sabang yang banyak pkl
di dekat lampu merah jl matraman
tempatnya di jl melati 7 dekat tps liar
sampah yang saya laporkan tadi di jl melati
lokasinya depan puskesmas tebet yg jalannya bolong
di perempatan yang lampu merahnya mati, jl panjang
taman yang lampunya mati di jl anggrek
jl mawar, jalan satu-satunya yang rusak
di jalan rusak sebelah rel
seberang pohon tumbang, jl mawar
kolong tol yang gelap karena lampu mati
""".strip().splitlines()
PLACES = ("where", "in which kelurahan", "in which kelurahan, after a landmark", "which area", "where, outside")
ANSWERS = {
    "category": (
        "itu got mampet pak",
        "bukan, jalan rusak",
        "saluran airnya mampet dan bau",
        "trotoar rusak parah pak",
    ),
    "photo": ("sampahnya makin banyak dan bau banget", "sampah menumpuk di Jl. Melati No. 7 makin parah"),
    "is it what others reported": ("ya benar sampah di Jl. Melati No. 7", "iya, sampah yang di melati itu"),
    "why not done": (
        "Sampahnya masih menumpuk di depan rumah",
        "got nya jadi mampet gara2 sampah",
        "jalannya malah jadi rusak kena truk sampah",
        "sampah masih ada di Jl. Melati No. 7",
    ),
    "why that score": ("sampahnya masih numpuk lagi", "jalan jadi bersih, lampu jalan juga sudah nyala"),
    "score": ("1 aja karena sampah masih ada", "nilai 4 deh pak"),
    "danger": ("ada kabel putus di jalan", "pohon tumbang menimpa mobil di jl kenari"),
    "which report": ("got mampet", "yang sampah menumpuk itu"),
}


#: In a few words, where they are no answer to what is asked.
TERSE = ("pohon tumbang", "lampu jalan mati", "got mampet", "parkir liar")
#: Questions that no problem can be the answer to.
NOT_WORDS = ("photo", "address", "is it what others reported", "is it that case", "PIN", "code", "score", "language")


async def reports(bench: Bench) -> list[ReportRow]:
    rows = await bench.rows("SELECT id FROM reports ORDER BY seq")
    return [found for row in rows if (found := bench.store.report(row[0]))]


def told() -> list[tuple[str, str]]:
    """Each of them is told amid some question, and amid each question several."""
    asked = [name for name in QUESTIONS if name not in DANGER]
    long = [(name, OTHERS[(at * EACH + one) % len(OTHERS)]) for at, name in enumerate(asked) for one in range(EACH)]
    return long + [(name, TERSE[at % len(TERSE)]) for at, name in enumerate(NOT_WORDS)]


@pytest.mark.parametrize(("question", "text"), told())
async def test_another_matter_is_a_report_of_its_own(tmp_path: Path, question: str, text: str) -> None:
    async with asking(tmp_path, QUESTIONS[question]) as bench:
        before = await reports(bench)
        said = "\n".join(await bench.say(text))
        after = await reports(bench)
        assert f"{after[-1].case}, PIN " in said
        assert [one.report.text for one in after] == [*(one.report.text for one in before), text]
        assert [one.case for one in after[:-1]] == [one.case for one in before]


def answered() -> list[tuple[str, str]]:
    places = [(PLACES[at % len(PLACES)], text) for at, text in enumerate(WHERE)]
    return places + [(name, text) for name, texts in ANSWERS.items() for text in texts]


@pytest.mark.parametrize(("question", "text"), answered())
async def test_an_answer_is_none(tmp_path: Path, question: str, text: str) -> None:
    async with asking(tmp_path, QUESTIONS[question]) as bench:
        before = [one.report.id for one in await reports(bench)]
        assert await bench.say(text)
        assert [one.report.id for one in await reports(bench)] == before
