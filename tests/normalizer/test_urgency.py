"""What is an emergency, what is urgent, and what only sounds so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import triage
from normalizer.report import Level, Urgency
from normalizer.sorting.signs import NO_SIGNS
from normalizer.sorting.urgency import urgency
from normalizer.words.phrases import words_of

SIGNS = triage.load()

EMERGENCIES = {
    "fire": "Kebakaran rumah di Jl Mawar RT 03, api besar!!",
    "fire with elongations": "KEBAKARANNN tolooong apinya membesar",
    "fire in small talk": "min ada api di belakang pasar, gudang terbakar",
    "explosion": "ada ledakan tabung gas di warung sebelah",
    "gas leak": "bau gas menyengat di rusun lantai 3",
    "electrocution": "anak kecil kesetrum tiang lampu di gang kami",
    "drowning": "tolong anak hanyut di kali sunter",
    "fallen into a drain": "ada balita jatuh ke got yang terbuka",
    "trapped in a flood": "banjir sudah sepinggang, nenek saya terjebak di dalam rumah",
    "trapped in a lift": "orang terjebak di lift sudah setengah jam",
    "buried": "tanah longsor, 2 orang tertimbun",
    "collapse": "bangunan ruko ambruk, ada korban tertimpa",
    "hit by a tree": "pohon tumbang, pengendara tertimpa",
    "crash with injured": "kecelakaan motor di depan halte, korban tergeletak berdarah",
    "hit and run": "tabrak lari, pejalan kaki luka parah",
    "stabbing": "ada orang dibacok di depan indomaret",
    "robbery": "barusan teman saya dibegal di flyover",
    "street fight with weapons": "tawuran bawa celurit di jl kebon sirih",
    "suicide": "ada pria mau lompat dari JPO",
    "ambulance": "butuh ambulans, bapak saya tidak sadarkan diri",
    "heart": "tetangga serangan jantung tolong",
    "collapsed person": "ada bapak bapak pingsan di trotoar",
    "suicide that is meant": "orang mau bunuh diri di jembatan",
    "suicide to come": "ada orang akan bunuh diri",
    "no breath": "ibu saya tidak bernapas",
    "unconscious": "bapak saya jatuh di kamar mandi, tidak sadar",
    "stroke": "bapak saya stroke",
    "corpse": "ada mayat mengapung di kali",
    "corpse of a baby": "ditemukan jasad bayi",
    "corpse, in another word": "warga menemukan jenazah di selokan",
    "locked in a car": "bayi terkunci di mobil",
    "earthquake": "gempa rumah retak",
    "bomb": "bom di mall",
    "people under a tree": "pohon tumbang menimpa mobil ada orang di dalam",
    "live wire that strikes": "kabel listrik putus nyetrum warga",
    "people on a roof": "banjir sedada warga di atap",
    "one letter wrong": "kabakaran di pasar",
    "one letter too many": "kebakaraan rumah",
    "one letter too few": "kebakran gudang",
    "burning again": "kebakaran sudah padam tapi muncul lagi",
    "cry in a report": "tolong kebakaran",
    "burning while the lights are out": "rumah terbakar, listrik sudah padam",
    "in English": "There is a fire in the building, people trapped",
}
URGENT = {
    "feared shock": "kabel menjuntai rawan kesetrum",
    "flood to the knee": "banjir selutut di gang mawar",
    "flood to the chest": "air sudah setinggi dada",
    "flood in centimetres": "banjir setinggi 60cm di rt 5",
    "flood in metres": "genangan ketinggian 1,2 meter",
    "fallen tree": "pohon tumbang menutup jalan",
    "broken dyke": "tanggul jebol air masuk kampung",
    "accident without injured": "ada tabrakan di perempatan",
    "yesterday": "kemarin gudang terbakar, puingnya belum diangkat",
    "called urgent": "tolong cepat darurat ini",
    "snake": "ada ular masuk rumah warga",
    "cry for help": "tolong!!!",
    "cry to be saved": "tolong selamatkan kami",
    "cry for help twice": "tolooong tolong",
    "help for me": "tolong saya",
    "fire that is out": "kebakaran tadi pagi sudah padam",
    "suicide that is feared": "kami takut dia bunuh diri",
    "collapse that hit nobody": "tembok roboh, tidak ada korban",
    "feared collapse": "tiang listrik miring mau roboh",
    "missing child": "anak hilang di pasar",
}
NORMAL = {
    "years ago": "kebakaran 3 tahun lalu merusak pasar, belum dibangun",
    "long ago": "dulu pernah kebakaran di sini",
    "emergency lamp": "lampu darurat di tangga darurat halte mati",
    "drill": "kapan ada simulasi kebakaran di kelurahan",
    "firemen": "pos pemadam kebakaran kotor",
    "denied": "tidak ada kebakaran, hanya asap sate",
    "not a fire": "itu bukan kebakaran pak",
    "the number": "nomor darurat 112 itu gratis?",
    "idiom": "pejabatnya kebakaran jenggot",
    "jealous": "hatiku terbakar cemburu",
    "sunset": "matahari tenggelam di ancol bagus",
    "traffic": "terjebak macet di tol dua jam",
    "prone to accidents": "jalan berlubang rawan kecelakaan",
    "often": "di sini sering tawuran pak",
    "feared robbery": "jalan gelap rawan begal",
    "careless": "warga tidak sadar buang sampah sembarangan",
    "after a stroke": "ibu saya penderita stroke, urus bansos susah",
    "cat": "ada bau dari mayat kucing",
    "like an earthquake": "truk lewat serasa gempa, jalan rusak",
    "a polite please": "tolong sampahnya diangkut",
    "dead lamp": "lampu jalan mati di jl mawar",
    "water to the ankle": "genangan setinggi 10 cm",
    "length": "trotoar rusak sepanjang 2 meter",
    "clinic": "antrian IGD unit gawat darurat lama",
    "praise": "terima kasih lampunya sudah menyala",
    "nothing": "",
}


def of(text: str) -> Urgency:
    return urgency(text, words_of(text), SIGNS)


@pytest.mark.parametrize("text", EMERGENCIES.values(), ids=EMERGENCIES)
def test_emergencies(text: str) -> None:
    found = of(text)
    assert found.level is Level.EMERGENCY
    assert found.score >= 0.8
    assert found.reasons


@pytest.mark.parametrize("text", URGENT.values(), ids=URGENT)
def test_urgent_ones(text: str) -> None:
    found = of(text)
    assert found.level is Level.URGENT, found
    assert found.reasons


@pytest.mark.parametrize("text", NORMAL.values(), ids=NORMAL)
def test_what_only_sounds_so(text: str) -> None:
    found = of(text)
    assert found.level is Level.NORMAL, found
    assert found.score < 0.5


def test_more_signs_make_it_surer() -> None:
    assert of("kebakaran, orang terjebak di dalam").score > of("kebakaran").score
    assert of("kebakaran").reasons == ("kebakaran",)


def test_the_depth_is_a_reason() -> None:
    assert of("banjir setinggi 60cm").reasons == ("60 cm",)


def test_without_a_table_nothing_is_urgent() -> None:
    assert urgency("kebakaran", words_of("kebakaran"), NO_SIGNS) == Urgency()


PIECES = st.sampled_from(
    [
        *("kebakaran", "tidak ada", "tahun lalu", "orang", "terjebak", "kesetrum", "rawan", "banjir", "setinggi"),
        *("1,5 m", ".", "\n", "apinya", "\u202e", "\uff10", "\u00b2", "\u0130"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map(" ".join))
def test_any_text_has_an_urgency(text: str) -> None:
    found = of(text)
    assert 0 <= found.score < 1
    assert (found.score == 0) == (not found.reasons)
    assert found.level is Level.NORMAL or found.score >= 0.5


@pytest.mark.parametrize("words", ["kebakaran tidak ada orang tahun lalu ", "menimpa tidak korban "])
def test_a_hostile_text_takes_no_time_that_grows_with_its_square(words: str) -> None:
    assert of((words * 3_000)[:20_000]).reasons
