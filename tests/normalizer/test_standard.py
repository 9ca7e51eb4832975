"""Standard spelling: what becomes of citizens' words, what is left alone, and the way back to what was written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.persons.names import names
from normalizer.places.areas import area_name, areas_below
from normalizer.words.colloquial import spelled
from normalizer.words.speech import SPEECH
from normalizer.words.spellings import ABBREVIATIONS, SPELLINGS
from normalizer.words.standard import standard
from normalizer.words.text import LIMIT, clean

WORDS = {
    "from the table": ("yg udh gak bs", "yang sudah tidak bisa"),
    "stretched": ("tolooong parahhh haloo", "tolong parah halo"),
    "doubled by a digit": ("bolong2 kira2 jalan2nya", "bolong-bolong kira-kira jalan-jalannya"),
    'doubled before "ini"': ("baru2 ini, akhir2 ini", "baru-baru ini, akhir-akhir ini"),
    "doubled with a prefix": ("berkali2 bertahun2", "berkali-kali bertahun-tahun"),
    "doubled in odd spelling": ("ati-ati temen-temen", "hati-hati teman-teman"),
    "verbs of speech": ("ngirim nunggu nyari ngambil", "mengirim menunggu mencari mengambil"),
    "-in": ("matiin dibersihin nambahin dilewatin", "matikan dibersihkan menambahkan dilewati"),
    "-in that adds nothing, or -i": (
        "ditungguin diajakin nutupin nemenin dilayanin",
        "ditunggu diajak menutup menemani dilayani",
    ),
    "ke- for ter-": ("ketutup kepotong", "tertutup terpotong"),
    "vowels of speech": ("cepet males rame ilang fikir", "cepat malas ramai hilang pikir"),
    "vowels left out": ("pnjang prangkat smrawut", "panjang perangkat semrawut"),
    "without its vowels": ("jga jrang msk lsg skrng mgkn", "juga jarang masuk langsung sekarang mungkin"),
    "a letter too many, too few or wrong": ("toloong tolobg jaringa ternyatq", "tolong tolong jaringan ternyata"),
    "laughter": ("wkwkwkwk hahah", "hahaha hahaha"),
    "written together": ("kesekolah kirakira", "ke sekolah kira-kira"),
    "speech in more ways": ("nuker maap aktip", "menukar maaf aktif"),
    "vowels of speech in the middle": ("kelaperan keujanan", "kelaparan kehujanan"),
    "denied in one word": ("gajelas gakaktif tdkberfungsi", "tidak jelas tidak aktif tidak berfungsi"),
    "a letter of the ending left out": ("jaringanya laporkn", "jaringannya laporkan"),
    "English words that everybody uses": ("signal slow, airport, ticket", "sinyal lambat, bandara, tiket"),
    "with an ending": ("maksdnya lampunye cepetan", "maksudnya lampunya cepatan"),
    "words of speech": (
        "kerasa seneng, thanks, ada masalahh sinyall",
        "terasa senang, terima kasih, ada masalah sinyal",
    ),
    "mistyped": ("sduah bkum tidka aktip bnajir selruuh", "sudah belum tidak aktif banjir seluruh"),
    "places that are written with their preposition": ("didepan dijalan", "di depan di jalan"),
    "what only seems to have a prefix": ("setengah2 sedikit2", "setengah-setengah sedikit-sedikit"),
    "two words in one": ("gabisa makasih", "tidak bisa terima kasih"),
}
LEFT_ALONE = {
    "units": "35 cm, 2 m, 5m2, 3 kg, 50 km/jam",
    "neighbourhoods": "RT 03/RW 05, rt03 rw5, rt 2",
    "what has two meanings": "bkn cm smp",
    "initials": "sms ke PLN soal BPJS, tiang di BKT, foto cctv, DPK",
    "words of English and brands": "mobile orange samsung members",
    "a letter off, as names are": "bojong cawang kujang garong",
    "what is made": "saya mau buat ktp, buat laporan",
    "a watt, three words, the least": "lampu 60 w, 3 k, harga min",
    "a block is numbered": "blok2 gang2",
    "Roman numbers": "Mawar III",
    "right words": "maaf, saat ini jalan licin dan lampu padam; ingin kemarin lain mesin yakin pasien",
    "a name within a sentence": "banjir di Bringin, lampu padam di Pondok Gede dan Mampang Prapatan, oleh Farah",
    "another letter": "gambir semarang poris",
    "words that rules would change": "mapan masal alangkah farah nanda asep rafi",
    "something struck out": "jd*d",
    "names": "Menteng Slipi Kemang Cengkareng Kebon Elang",
    "links and accounts": "https://a.id/yg/gak?udh=1 @jln_gak yg.udh@gak.id #gak www.jln.id",
    "masks": "[nama] [telepon]",
    "English": "There is no light on the street and the drain is blocked, no parking please",
    "English words within": "user kena toll, turn back, past the term, meet di layer 2",
    "right words that look odd": "resep langka, bandaranya berkesan, temanya drama, merek kuasanya",
    "a school, a train, a big one's name": "smp 5, anak smp, tiket ka, KA lewat, banjir di pondok gede",
    "a letter that names": "blok g lantai dasar, gedung d lantai dasar, sim d",
    "the head of an office": "ka rt, ka puskesmas",
    "grams and centimetres": "5 g, 30 cm, puluhan cm air",
    "a doctor": "dr. Wahidin",
    "no place after it": "kel",
}
IN_CONTEXT = {
    "a number": ("no 5, no. 7 dan no rumah", "nomor 5, nomor 7 dan nomor rumah"),
    "from": ("dr pagi", "dari pagi"),
    "at": ("banjir d jalan, blok d 5", "banjir di jalan, blok d 5"),
    "the account": ("min lampu mati, min 2 orang", "admin lampu mati, min 2 orang"),
    "the account, before a number of its own": ("sore min . 2 hari padam", "sore admin . 2 hari padam"),
    "small words": (
        "maaf ka, air cm dikit, g ada lampu, udah smp mana, lubang gede",
        "maaf kak, air hanya sedikit, tidak ada lampu, sudah sampai mana, lubang besar",
    ),
    "the account, at the end": ("kapan diperbaiki min? tolong min", "kapan diperbaiki admin? tolong admin"),
    "what it is for": ("tempat buat menunggu, air buat warga", "tempat untuk menunggu, air untuk warga"),
    "so that": ("dibersihkan biar aman", "dibersihkan agar aman"),
    "myself, thousands": ("motor w jatuh, bayar 50 k", "motor saya jatuh, bayar 50 ribu"),
    "like this": (
        "kayak gini, mulai gini, kaya gitu, jangan gitu",
        "seperti ini, mulai seperti ini, seperti itu, jangan begitu",
    ),
    "thousands": ("50 rb, rb", "50 ribu, rb"),
    "a full stop without a blank": ("Jl.Mawar Gg. 3 Kel. Slipi", "Jalan Mawar Gang 3 Kelurahan Slipi"),
    "offices and works": ("mohon TL PJU padam", "mohon Tindak lanjut Penerangan jalan umum padam"),
}
FILLERS = {
    "a sentence over and over": ("Mohon TL. Mohon TL. Mohon TL. Banjir.", "Mohon Tindak lanjut. Banjir."),
    "a phrase without an end": ("lampu padam di sini lampu padam di sini lampu padam di sini", "lampu padam di sini"),
    "a word over and over": ("banjir banjir banjir banjir", "banjir"),
    "marks": ("banjir!!!! kapan??? 😭😭😭😭", "banjir! kapan? 😭"),
    "said twice for weight": ("lama lama sekali", "lama lama sekali"),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [*WORDS.values(), *IN_CONTEXT.values(), *FILLERS.values()],
    ids=[*WORDS, *IN_CONTEXT, *FILLERS],
)
def test_becomes(text: str, expected: str) -> None:
    assert standard(text).text == expected


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_is_left_alone(text: str) -> None:
    assert standard(text).text == text
    assert standard(text).changes == ()


def test_standard_words_of_the_table_stay() -> None:
    words = {word for meant in (*SPELLINGS.values(), *SPEECH.values()) for word in meant.split()}
    assert {word: spelled(word) for word in words if spelled(word) != word} == {}


def test_what_is_written_stands_in_one_table() -> None:
    assert len({*ABBREVIATIONS, *SPELLINGS, *SPEECH}) == len(ABBREVIATIONS) + len(SPELLINGS) + len(SPEECH)


@pytest.mark.parametrize("region", ["31", "33.18"])
def test_names_of_areas_stay(region: str) -> None:
    names = [area_name(area.code) for area in areas_below(region)]
    texts = [f"banjir di {name}" for name in names]
    assert [text for text in texts if standard(text).text != text] == []


def test_names_of_persons_stay() -> None:
    assert {name: spelled(name) for name in names().given if spelled(name) != name} == {}


def test_offsets_lead_back_and_forth() -> None:
    text = "lampu di jln. Mawar udah mati!!!! gabisa"
    made = standard(text)
    assert made.text == "lampu di jalan Mawar sudah mati! tidak bisa"
    for new, old in {"sudah": "udah", "Mawar": "Mawar", "jalan": "jln.", "bisa": "gabisa", "mati!": "mati!!!!"}.items():
        start = made.text.index(new)
        first, last = made.back(start, start + len(new))
        assert text[first:last] == old
    start = text.index("udah")
    assert made.text[slice(*made.forth(start, start + 4))] == "sudah"


def test_what_was_dropped_has_no_place() -> None:
    text = "Mohon dicek. Mohon dicek. Banjir"
    made = standard(text)
    first, last = made.forth(13, 25)
    assert (made.text, made.text[first:last]) == ("Mohon dicek. Banjir", "")


PIECES = st.sampled_from(
    ["yg", "udah", "bolong2", "Jl.", "no", " ", ". ", "!!!", "di", "banjir", "5", "@a", "ngirim", "\n", "😭", "-", "rt"]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=40).map(" ".join),
    st.text(alphabet=st.characters(exclude_categories=()), max_size=150),
)


@settings(max_examples=120, deadline=None)
@given(TEXTS)
def test_changes_cover_all_that_differs(raw: str) -> None:
    text = clean(raw)
    made = standard(text)
    old = new = 0
    for change in made.changes:
        assert old <= change.start <= change.end and new <= change.new_start <= change.new_end
        assert text[old : change.start] == made.text[new : change.new_start]
        old, new = change.end, change.new_end
    assert text[old:] == made.text[new:]


@settings(max_examples=120, deadline=None)
@given(TEXTS, st.data())
def test_a_stretch_comes_back_whole(raw: str, data: st.DataObject) -> None:
    made = standard(text := clean(raw))
    start = data.draw(st.integers(0, len(made.text)))
    end = data.draw(st.integers(start, len(made.text)))
    first, last = made.back(start, end)
    assert 0 <= first <= last <= len(text)
    again = made.forth(first, last)
    assert start == end or (again[0] <= start and end <= again[1])


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_numbers_stay(raw: str) -> None:
    text = re.sub(r"[2²]", "3", clean(raw))
    assert set(re.findall(r"[0-9]+", standard(text).text)) == set(re.findall(r"[0-9]+", text))


@pytest.mark.threat("P2-41")
@pytest.mark.parametrize(
    "text",
    [
        "a-" * (LIMIT // 2),
        "a" * LIMIT,
        "ab " * (LIMIT // 3),
        "a1" * (LIMIT // 2),
        "! " * (LIMIT // 2),
        "ng" * 9 + "-x" * 9000,
    ],
    ids=["hyphens", "one word", "one word again and again", "digits", "marks", "both"],
)
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    assert len(standard(text).text) <= 2 * LIMIT
