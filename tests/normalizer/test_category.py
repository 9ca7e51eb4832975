"""Categories ranked by the words of a report, with the shipped table and with small ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import categories
from normalizer.sorting.candidates import DOUBTED, candidates
from normalizer.sorting.categories import NAMED, Categories, Category, Group, Names
from normalizer.sorting.category import MOST, UNDECIDED
from normalizer.words.stems import stem
from normalizer.words.text import plain_words

SHIPPED = categories.load(None)
WORDS = sorted({word for one in SHIPPED.categories.values() for word in (*one.keywords, *one.hints)})
CITIZENS = [
    ("PJU di depan rumah saya padam sudah 3 hari", "lampu-jalan"),
    ("jln bolong2 parah", "jalan-rusak"),
    ("jalannya berlubang semua", "jalan-rusak"),
    ("Got mampet di gang kami, airnya meluber", "saluran-tersumbat"),
    ("Air setinggi lutut, kebanjiran lagi", "banjir"),
    ("sampah numpuk seminggu belum diangkut petugas", "sampah-menumpuk"),
    ("orang merokok di dalam ruang tunggu", "kawasan-rokok"),
    ("mobil diparkir sembarangan di bahu jalan", "parkir-liar"),
    ("warga membakar sampah, asapnya masuk rumah", "pencemaran-udara"),
    ("minta uang untuk urus surat, ini pungli", "pungutan-liar"),
    ("oknum satpol pp memeras pedagang", "pungutan-liar"),
    ("Somebody parks illegally on the sidewalk every night", "parkir-liar"),
    ("street light is broken", "lampu-jalan"),
    ("garbage not collected for a week", "sampah-menumpuk"),
    ("potholes on the main road", "jalan-rusak"),
    ("our street is flooded", "banjir"),
    ("clogged drain in front of the market", "saluran-tersumbat"),
    ("a fallen tree blocks the road", "pohon-tumbang"),
    ("ktp saya belum jadi juga", "kependudukan"),
    ("lampu merah mati di perempatan", "lampu-lalu-lintas"),
    ("dahan pohon patah menimpa kabel", "pohon-tumbang"),
    ("pedagang kaki lima memakai trotoar", "pedagang-kaki-lima"),
    ("PJU di gang kami mati sejak lebaran", "lampu-jalan"),
    ("jalan kampung gelap gulita kalau malam, tidak ada penerangan", "lampu-jalan"),
    ("jalan raya ambles, sudah dua motor terperosok", "jalan-rusak"),
    ("aspal baru sebulan sudah ngelupas dan berlobang", "jalan-rusak"),
    ("galian pipa tidak dirapikan lagi, jadi kubangan", "jalan-rusak"),
    ("ubin trotoar pada copot, kursi roda gak bisa lewat", "trotoar-rusak"),
    ("papan jembatan kayu lapuk dan jembatan bolong", "jembatan-rusak"),
    ("lift jpo mati lansia harus naik tangga", "jembatan-rusak"),
    ("kabel internet menjuntai sampai kena kepala orang", "kabel-semrawut"),
    ("tiang listrik miring mau roboh", "kabel-semrawut"),
    ("dari semalam listrik padam satu RW", "kabel-semrawut"),
    ("air sudah selutut dan terus naik", "banjir"),
    ("air rob masuk ke rumah warga tiap sore", "banjir"),
    ("selokan penuh lumpur, tiap hujan meluber", "saluran-tersumbat"),
    ("tutup got hilang, anak saya hampir jatuh", "saluran-tersumbat"),
    ("kali dangkal penuh eceng gondok, minta dikeruk", "sungai-waduk"),
    ("tanggul rembes, takut jebol", "sungai-waduk"),
    ("pompa banjir tidak nyala", "sungai-waduk"),
    ("air pdam keruh dan bau kaporit", "air-bersih"),
    ("pipa air pecah, air terbuang sejak kemarin", "air-bersih"),
    ("tong sampah penuh, belatungnya ke mana mana", "sampah-menumpuk"),
    ("truk sampah sudah 5 hari gak lewat", "sampah-menumpuk"),
    ("ada orang buang sampah ke kali tiap malam", "sampah-liar"),
    ("sofa bekas dan kasur dibuang di lahan kosong", "sampah-liar"),
    ("ranting pohon menutupi kabel, mohon dipangkas", "pohon-tumbang"),
    ("minta penebangan pohon yang sudah lapuk", "pohon-tumbang"),
    ("rumput tinggi dan semak belukar tidak pernah dipotong", "taman-rusak"),
    ("ayunan dan perosotan patah, bahaya buat anak", "taman-rusak"),
    ("perpanjangan sewa makam bagaimana", "pemakaman"),
    ("mobil parkir sembarangan di tikungan, bikin macet", "parkir-liar"),
    ("garasi tidak punya tapi mobil parkir di gang", "parkir-liar"),
    ("jukir minta lima ribu di minimarket", "parkir-liar"),
    ("motor lawan arah setiap pagi", "kemacetan"),
    ("truk kontainer bongkar muat di jam sibuk", "kemacetan"),
    ("lampu merah terlalu lama, hijaunya cuma 10 detik", "lampu-lalu-lintas"),
    ("zebra cross sudah pudar dan rambu hilang", "rambu-marka"),
    ("polisi tidur terlalu tinggi", "rambu-marka"),
    ("sopir angkot ugal-ugalan, penumpang sampai jatuh", "angkutan-umum"),
    ("bus tidak berhenti di halte, penumpang ditinggal", "angkutan-umum"),
    ("trotoar dipakai jualan gorengan", "pedagang-kaki-lima"),
    ("pasar kaget menutup jalan tiap minggu", "pedagang-kaki-lima"),
    ("PKL bikin macet depan pasar", "pedagang-kaki-lima"),
    ("tetangga karaoke sampai jam 2 pagi, suara keras", "gangguan-ketertiban"),
    ("balap liar tiap malam minggu", "gangguan-ketertiban"),
    ("anak-anak tawuran bawa celurit", "kejahatan"),
    ("motor tetangga digondol maling tadi malam", "kejahatan"),
    ("dua pemuda berkelahi, ada yang dibacok", "kejahatan"),
    ("my motorbike was stolen last night", "kejahatan"),
    ("kebakaran rumah di gang 3, api sudah besar", "kebakaran"),
    ("gudang kayu terbakar, asap tebal", "kebakaran"),
    ("bau gas, tabung gas bocor di warung", "kebakaran"),
    ("hydrant di gang kami macet", "kebakaran"),
    ("a house is on fire", "kebakaran"),
    ("tiap sore ada yang bakar sampah, asapnya masuk rumah", "pencemaran-udara"),
    ("tembok penuh coretan grafiti", "gangguan-ketertiban"),
    ("spanduk caleg dipaku di pohon", "reklame-liar"),
    ("stiker sedot wc ditempel di tiang", "reklame-liar"),
    ("petugas merokok di ruang tunggu anak", "kawasan-rokok"),
    ("ada odgj mengamuk di pasar", "gelandangan-pengemis"),
    ("pengemis bawa bayi di lampu merah", "gelandangan-pengemis"),
    ("tetangga bangun rumah 3 lantai tanpa imb", "bangunan-liar"),
    ("tower bts dibangun tanpa izin warga", "bangunan-liar"),
    ("cctv di taman mati semua", "gedung-pemerintah"),
    ("toilet umum kotor dan pintunya jebol", "gedung-pemerintah"),
    ("plafon rusun bocor, pengelola diam", "rumah-susun"),
    ("pabrik mengeluarkan asap hitam, sesak napas", "pencemaran-udara"),
    ("tetangga suka bakar-bakar plastik", "pencemaran-udara"),
    ("limbah laundry bikin sungai berbusa", "pencemaran-air"),
    ("septic tank tetangga bocor ke jalan", "pencemaran-air"),
    ("ular sanca masuk rumah, minta evakuasi", "hewan"),
    ("anjing galak dilepas pemiliknya", "hewan"),
    ("minta fogging, sudah tiga anak kena dbd", "penyakit"),
    ("antrean puskesmas lama, dokter tidak ada", "layanan-kesehatan"),
    ("bpjs saya ditolak rumah sakit", "layanan-kesehatan"),
    ("ppdb error, jalur afirmasi tidak bisa dipilih", "sekolah"),
    ("guru memukul siswa", "sekolah"),
    ("bansos salah sasaran, janda tua tidak dapat", "bantuan-sosial"),
    ("gas elpiji 3 kg langka", "bantuan-sosial"),
    ("kk baru belum jadi sudah sebulan", "kependudukan"),
    ("nik tidak aktif waktu dicek", "kependudukan"),
    ("tagihan pbb naik dua kali lipat", "perizinan-pajak"),
    ("urus izin usaha online macet terus", "perizinan-pajak"),
    ("petugas loket kasar dan jutek", "pelayanan-petugas"),
    ("ada calo minta bayaran untuk urus surat", "pungutan-liar"),
    ("lurah tidak netral waktu pemilu", "pelanggaran-pegawai"),
    ("mohon dipasang tempat duduk, usul warga", "usul"),
    ("mau tanya jam buka kantor", "pertanyaan"),
]
SMALL = Categories(
    {
        code: Category(code=code, name=Names(id=code.title(), en=code), group=group, keywords=words, hints=hints)
        for code, group, words, hints in (
            ("lampu", "kota", ("lampu jalan mati",), ("gelap",)),
            ("halte", "kota", ("halte",), ()),
            ("pungli", "pegawai", ("pungli", "minta uang"), ("petugas",)),
        )
    },
    {
        "kota": Group(code="kota", name=Names(id="Kota", en="City")),
        "pegawai": Group(code="pegawai", name=Names(id="Pegawai", en="Officials"), accuses=True),
    },
)


@pytest.mark.parametrize(("text", "code"), CITIZENS)
def test_what_citizens_write_leads_to_its_category(text: str, code: str) -> None:
    assert SHIPPED.ranker.ranked(text)[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("motor naik trotoar waktu macet", "trotoar-rusak"),
        ("parkir liar menutup jalan, sampai macet", "kemacetan"),
        ("dahan bekas tebangan dibiarkan menumpuk", "sampah-menumpuk"),
        ("rumput liar tidak pernah dibersihkan", "sampah-menumpuk"),
        ("saluran buntu sehingga banjir", "banjir"),
        ("banjir terus karena drainase tidak pernah dikeruk", "saluran-tersumbat"),
        ("sampah menyumbat kali", "sungai-waduk"),
        ("iklan rokok dekat sekolah", "kawasan-rokok"),
        ("coretan di dinding, minta dibersihkan", "sampah-menumpuk"),
        ("gerobak pedagang parkir di trotoar", "pedagang-kaki-lima"),
        ("ojol mangkal menghalangi pejalan kaki", "parkir-liar"),
        ("lampu taman mati, taman jadi gelap", "taman-rusak"),
    ],
)
def test_what_else_a_report_may_be_about_is_among_the_first_three(text: str, code: str) -> None:
    assert code in [one.code for one in SHIPPED.ranker.ranked(text)[:3]]


def test_the_cases_name_every_category_with_words() -> None:
    named = {code for _, code in CITIZENS}
    assert named == {code for code, one in SHIPPED.categories.items() if one.keywords}


def test_the_reasons_quote_the_words_that_speak_for_it() -> None:
    found = SMALL.ranker.ranked("Lampu jalan mati, gelap sekali, halte jadi sepi")
    assert [(one.code, one.name, one.reasons) for one in found] == [
        ("lampu", "Lampu", ("'lampu jalan mati' dan 'gelap' disebut",)),
        ("halte", "Halte", ("'halte' disebut",)),
    ]


@pytest.mark.parametrize(
    ("more", "less"),
    [
        pytest.param("lampu jalan mati", "mati lampu di jalan", id="a phrase, and its words in another order"),
        pytest.param("mati lampu di jalan", "gelap", id="its words near each other, and a hint"),
        pytest.param("halte rusak", "di depan halte", id="the thing, and what only tells the place"),
        pytest.param("lampu jalan mati, gelap", "lampu jalan mati", id="two finds, and one"),
    ],
)
def test_what_says_more_scores_more(more: str, less: str) -> None:
    assert SMALL.ranker.ranked(more)[0].score > SMALL.ranker.ranked(less)[0].score


def test_words_far_from_each_other_are_no_phrase() -> None:
    assert SMALL.ranker.ranked("mati sudah tanaman di taman kota kami, dan lampu rumah di pinggir jalan") == ()


@pytest.mark.parametrize("text", ["pungli, minta uang, petugas minta uang, pungli", "petugas gelap gelap petugas"])
def test_an_accusation_and_mere_hints_are_never_certain(text: str) -> None:
    assert 0 < SMALL.ranker.ranked(text)[0].score <= UNDECIDED


def test_a_hidden_category_is_not_suggested() -> None:
    hidden = Category(code="a", name=Names(id="A", en="A"), group="g", keywords=("banjir",), hidden=True)
    assert Categories({"a": hidden}, {}).ranker.ranked("banjir") == ()


@pytest.mark.parametrize(
    "words",
    [
        "lubang berlubang lubangnya",
        "parkir parkiran memarkirkan diparkir",
        "genangan tergenang menggenang",
        "tumpukan menumpuk penumpukan",
        "sumbat tersumbat menyumbat",
        "rusak rusaknya dirusak merusak",
        "bongkar membongkar pembongkaran bongkarkan",
    ],
)
def test_forms_of_a_word_have_one_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize("word", ["memohon", "kelurahan", "jembatan", "sekali", "rt", "13", "yang2"])
def test_what_has_no_affix_stays_as_it_is(word: str) -> None:
    assert stem(word) == word


def test_the_senders_choice_stands_alone_while_no_words_contradict_it() -> None:
    for text in ("tolong segera", "gelap", "lampu jalan mati"):
        (only,) = candidates(SMALL, SMALL.named("lampu"), text)
        assert (only.code, only.score, only.reasons[0]) == ("lampu", 1.0, NAMED)


def test_words_that_clearly_say_otherwise_cast_doubt_on_it() -> None:
    named, words = candidates(SMALL, SMALL.named("halte"), "lampu jalan mati")
    assert (named.code, named.score) == ("halte", DOUBTED)
    assert named.reasons == (NAMED, "tetapi kata-katanya lebih tentang 'Lampu'")
    assert (words.code, words.reasons) == ("lampu", ("'lampu jalan mati' disebut",))
    assert words.score <= DOUBTED


def test_an_accusation_that_was_chosen_stays_one() -> None:
    (only,) = candidates(SMALL, SMALL.named("pungli"), "lampu jalan mati")
    assert (only.code, only.score) == ("pungli", 1.0)


anything = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([*WORDS, "tidak", "depan", "jalan", "2", "[nama]"]), max_size=40).map(" ".join),
)


@given(anything, st.sampled_from(["", *SHIPPED.categories]))
def test_candidates_are_few_ranked_and_explained_by_the_text(text: str, chosen: str) -> None:
    found = candidates(SHIPPED, SHIPPED.named(chosen), text)
    scores = [one.score for one in found]
    assert len(found) <= MOST and len({one.code for one in found}) == len(found)
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 1 for score in scores)
    words = " ".join(plain_words(text))
    quotes = [
        part for one in found for reason in one.reasons if "disebut" in reason for part in reason.split("'")[1::2]
    ]
    assert all(quote in words for quote in quotes)
