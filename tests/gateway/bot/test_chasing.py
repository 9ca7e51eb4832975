"""Who only waits for what becomes of their report has not reported anew; who tells of a problem has."""

import re
from pathlib import Path

import pytest

from adapters import Place
from gateway.bot.dialogues.report import report
from gateway.bot.dialogues.status import status
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import LAMP, RINA

#: As citizens write, in Indonesian, Javanese, English and all of them at once.
ASKED = """
sudah lapor kok belum ada kabar ya pak
laporan saya minggu lalu gimana
udah 3 hari kok belum ditindak
kok blm ada tindakan sampe skrg min
laporanku piye pak, kok durung ana kabare
piye min laporan wingi, wis ditindaklanjuti durung
wes telung dina kok durung ditandangi pak
pak yg saya lapor kemaren udah ditangani belum ya
udah seminggu ga ada respon
kapan mau dikerjain pak? udah lama nunggu
gimana kelanjutan laporan saya
min laporan sy blm ditanggapi jg
sampai sekarang belum ada petugas yang datang
blm ada yg dateng pak sampe skrg
dah diproses belum laporannya
lapor dari kemarin kok gak ada tanggapan
tolong info perkembangan laporan saya
apakah aduan saya sudah ditindaklanjuti?
kok lama bgt sih prosesnya
masih nunggu nih, belum ada kabar
udh sampe mana pak laporannya
hasilnya gimana pak yang kemarin saya laporkan
statusnya gimana min
kapan petugasnya datang ya
belum ada tindak lanjut juga dari laporan kemarin
pripun pak laporan kulo, dereng wonten kabar
kok dicuekin ya laporan saya
any update pak?
kok lama sih
what happened to my report
kok ga ada kabar sama sekali ya
pak gimana nih laporan sy udh 5 hr blm jg ditanggepin
udah dua minggu laporan saya gak direspon
kok ngga ada progress ya min
mana nih tindak lanjutnya
katanya 7 hari kok belum selesai jg
kpn beresnya pak
laporan tgl 3 kemarin udah sampai mana
masih blm ada kabar jg nih
permisi min, mau nanya laporan saya udah diproses belum
iki piye to pak, kok ora ono tindakan
laporan kulo dereng ditanggapi nggih
halo min laporan saya kemarin bagaimana kelanjutannya?
koq belum ada tindakan juga
petugasnya jadi datang kapan?
ditunggu-tunggu kok gak dateng2 petugasnya
laporan saya diabaikan ya
sudah lapor tapi tidak ada tanggapan
min tolong dicek laporan saya
sampai hari ini belum ada yang menindaklanjuti
udah lapor dari minggu lalu, sampai skrg nihil
kapan ditindaklanjuti laporan kami?
status laporan saya apa ya
hallo, any news about my report?
is there any progress on my complaint
udah berapa lama lagi ya pak nunggunya
saya sudah lapor 3x blm ada tindakan
apa kabar laporan saya min
pak laporanku kok gak digubris
min kok laporan saya blm diapa2in ya
udah sebulan loh pak belum ada perubahan
gmn ini kok gk ada yg kesini
sdh 2x lapor gak ditanggapi
mau tanya perkembangan aduan saya dong
ini kapan mau ditindaklanjutinya ya
pak piye kabare laporanku wingi
durung ono sing teko pak
laporanku wis tekan endi
kira2 kapan dikerjakan pak
tolong dong laporan saya diproses
nunggu kabar nih min
apakah sudah ada petugas yang ditugaskan?
belum juga diperbaiki nih pak
has anyone looked at my report yet
when will it be fixed
still no response
""".strip().splitlines()
#: Each of these tells of a problem, and many wait for what becomes of it.
TOLD = """
lampu depan rumah saya sudah lapor belum ada kabar
got depan rumah mampet udah lapor kok belum ditindak
sudah seminggu banjir belum surut pak
ktp saya kapan jadi ya pak
kapan jalan di kampung melayu diperbaiki
kapan ada pasar murah pak
air pam mati udah 3 hari kok belum nyala
udah 3 hari listrik padam kok belum nyala
kok bansos saya belum cair
gang kami belum ada lampunya sampai sekarang
motor saya hilang, udah lapor polisi belum ada kabar
belum ada petugas yang angkut sampah
sudah lapor rt soal parkir liar belum ada tindakan
ppdb anak saya kok belum ada kabar
kok belum ada lampu jalan di gang saya
kapan fogging di rw 05
preman di pasar kok belum ditindak
petugas kelurahan kok lama banget ngurus kk
udah lapor ke jl mawar 3 belum ada kabar
sudah lapor rt dan rw belum ada tindakan, anjing liar masih banyak
petugas belum datang fogging
pengajuan kk saya belum selesai
masih bau, sudah seminggu
masih belum nyala juga
kok masih banjir ya
tolong segera diperbaiki jalannya
kapan diangkut sampahnya pak
belum ada air sampai sekarang
belum ada petugas kebersihan yang datang
tetangga masih berisik, sudah lapor satpam
pasien belum ditangani dokter
laporan saya soal lubang di gang 3 belum ditangani
ktp belum selesai juga
proses akta lama banget
""".strip().splitlines()
STANDS = re.compile(r"(Laporan|Report) KNL-\S{9}: (diterima|received)\.")


async def cases(bench: Bench) -> int:
    return len(await bench.rows("SELECT 1 FROM cases"))


async def missed(bench: Bench) -> list[str]:
    """Those who asked, and were not told how their one report stands."""
    return [line for line in ASKED if not any(map(STANDS.match, await bench.say(line)))]


@pytest.mark.parametrize("before", [(LAMP, "batal"), (LAMP,)], ids=["nothing is asked", "amid a question"])
async def test_who_waits_is_told_how_their_report_stands(tmp_path: Path, before: tuple[str, ...]) -> None:
    async with talking(tmp_path, report, status, per_person_per_hour=1000) as bench:
        for line in before:
            await bench.say(line)
        assert await missed(bench) == []
        assert await cases(bench) == 1


async def test_who_tells_of_a_problem_has_reported_it_however_they_wait(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status, per_person_per_hour=1000) as bench:
        await bench.say(LAMP)
        for count, line in enumerate(TOLD, 2):
            await bench.say("batal")
            await bench.say(line)
            assert await cases(bench) == count, line


async def test_who_has_no_report_may_have_made_one(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        await bench.say(LAMP)
        await bench.say("sampai sekarang belum ada petugas yang datang", sender=RINA)
        assert await cases(bench) == 2


async def test_who_waits_for_what_is_called_done_is_not_only_told_so(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        await bench.say(LAMP)
        await bench.say("batal")
        await bench.close_cases()
        await bench.say("sampai sekarang belum ada petugas yang datang")
        assert await cases(bench) == 2


async def test_what_brings_more_than_words_is_no_question(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        await bench.say(LAMP)
        await bench.say("batal")
        said = await bench.say("kok belum ada yang datang", place=Place(latitude=-6.2, longitude=106.8))
        assert said and not any(map(STANDS.match, said))
