"""Words whose meaning only the words around them tell: "no 5" is a number, "no parking" is none."""

import re
from collections.abc import Callable

from normalizer.words.colloquial import is_indonesian, spelled

#: What stands for the word from `start` to `end` of a text; None if it stays.
Reading = Callable[[str, int, int], str | None]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: So far back is looked for what stands before a word.
_BACK = 12
_NUMBER = re.compile(r"\s?[.:]?\s?\d")
_SUM = re.compile(r"\s?:?\s?\d|\.\s?\d")
_ADDRESSED = re.compile(r"\s+[^\W\d_]|\s*@|\s*(?:[.,?!]|\Z)")
_GREETED = re.compile(
    r"(?:\A|[.!?\n,]|\b(?:halo|hai|hi|pagi|siang|sore|malam|ya|iya|ok|oke|sip|baik|dong|maaf|tolong))\s*\Z",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\d\s?\Z")
_TENS = re.compile(r"\d\d\s?\Z")
_NEXT = re.compile(r"\s?[.:]?\s*([^\W\d_]+)")
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_LAST_WORD = re.compile(r"([^\W\d_]+)\s+\Z")
_NUMBERED = frozenset({"hp", "wa", "telp", "tlp", "resi", "ktp", "kk", "nik", "plat", "pol", "rek", "order", "id"})
_LIKE = frozenset({"seperti", "spt", "kaya", "kya", "kayak", "kyk", "kek"})
_A_WORD = re.compile(r"\s+[^\W\d_]{2}")
_TRAIN = _words("tiket stasiun kereta rel naik palang perlintasan jadwal penumpang pt jalur")
#: After them "gede" is part of a name.
_NAMED_BIG = _words("pondok pd pdk gunung kampung kp rawa bukit kali jati tanjung teluk pulau pulo")
#: After them a single letter is a name.
_LETTERED = _words(
    "blok blk gedung tower lantai gang gg jalur kelas rute pintu gate zona sim unit kamar tipe seksi kav kavling"
    " koridor cluster klaster persil petak huruf vitamin golongan peron ruang terminal"
)
#: Before them somebody says "min" of the least there can be.
_LEAST = _words("batas jumlah harga suhu usia umur nilai order pembelian transaksi belanja tekanan kadar")
#: Before "buat" they make a verb of it.
_MAKING = _words(
    "aku saya kami kita dia mereka warga harus bisa mau akan segera ingin tolong mohon minta jangan sudah udah coba ayo"
    " mari"
)
#: What something is for: people, questions, and what they do without a prefix.
_DONE = _words(
    "aku saya kami kita kamu anda dia mereka warga orang anak yang apa ini itu nanti besok para semua bayar beli isi"
    " naik turun jemput duduk makan minum kirim ambil cek masuk pulang daftar jalan lewat parkir tidur kerja main biaya"
    " bisa ganti cari lihat tanya calon pejalan pengguna pengendara penumpang pelanggan"
)
_ACTING = re.compile(r"(?:meng|meny|mem|men|ber|ng|ny)[^\W\d_]{3}")
#: What somebody is the head ("ka") of.
_HEADED = _words("rt rw upt uptd dinas sudin satpol puskesmas sekolah polsek biro bagian seksi pos")
#: Before them "smp" is "sampai", and after them it is a school.
_REACHED = _words("mana kapan sekarang skrg skr saat jam jm malam pagi sore besok tidak gak ga hari hr ke di")
_SCHOOL = _words("sd sma smk anak siswa murid pelajar guru sekolah kelas dan atau")


def _before(text: str, start: int) -> str:
    found = _LAST_WORD.search(text[max(0, start - _BACK) : start])
    return found[1].lower() if found else ""


def _after(text: str, end: int) -> str:
    """The word that follows without a mark between."""
    found = _NEXT_WORD.match(text, end)
    return found[1].lower() if found else ""


def _is_counted(text: str, start: int) -> bool:
    return bool(_COUNTED.search(text[max(0, start - 2) : start]))


def _number(text: str, start: int, end: int) -> str | None:
    """Before a number, or an Indonesian word ("no rumah"), but not an English one ("no parking")."""
    if _NUMBER.match(text, end):
        return "nomor"
    following = _NEXT.match(text, end)
    word = following[1].lower() if following else ""
    return "nomor" if word in _NUMBERED or is_indonesian(word) else None


def _from(text: str, start: int, end: int) -> str | None:
    """Not the doctor's title, which has a full stop."""
    return None if text[end : end + 1] == "." else "dari"


def _at(text: str, start: int, end: int) -> str | None:
    is_named = text[start - 1 : start] not in {"", " ", "\n"} or _before(text, start) in _LETTERED
    return "di" if _A_WORD.match(text, end) and not is_named else None


def _addressed(text: str, start: int, end: int) -> str | None:
    """ "min" is how the city's account is addressed where it begins a sentence or stands within one; beside a number
    it is the minimum, or minutes."""
    if _SUM.match(text, end) or _is_counted(text, start) or _before(text, start) in _LEAST:
        return None
    return "admin" if _ADDRESSED.match(text, end) or _GREETED.search(text[max(0, start - _BACK) : start]) else None


def _for(text: str, start: int, end: int) -> str | None:
    """Before what is done, or for whom; "buat KTP" is the verb."""
    following = _after(text, end)
    is_verb = _before(text, start) in _MAKING or not (following in _DONE or _ACTING.match(following))
    return None if is_verb else "untuk"


def _so_that(text: str, start: int, end: int) -> str | None:
    """Within a sentence; where it begins one somebody lets another do something."""
    return "agar" if _before(text, start) else None


def _myself(text: str, start: int, end: int) -> str | None:
    """After a number "w" is a watt, after "blok" a name."""
    is_other = text[start].isupper() or _is_counted(text, start) or _before(text, start) in _LETTERED
    return "saya" if not is_other and is_indonesian(spelled(_after(text, end))) else None


def _elder(text: str, start: int, end: int) -> str | None:
    """ "ka" is how somebody is addressed, "KA" a train."""
    if text[start].isupper() or text[end : end + 1] == ".":
        return None
    return None if _before(text, start) in _TRAIN or _after(text, end) in _HEADED else "kak"


def _this_way(text: str, start: int, end: int) -> str:
    return "ini" if _before(text, start) in _LIKE else "seperti ini"


def _that_way(text: str, start: int, end: int) -> str:
    return "itu" if _before(text, start) in _LIKE else "begitu"


def _area(text: str, start: int, end: int) -> str | None:
    """Before its name; "kec" alone may also be a speed, and "kel" a family."""
    return spelled(text[start:end].lower()) if _NEXT.match(text, end) else None


def _thousand(text: str, start: int, end: int) -> str | None:
    return "ribu" if _is_counted(text, start) else None


def _thousands(text: str, start: int, end: int) -> str | None:
    """After two digits; "3 K" is short for three words."""
    return "ribu" if _TENS.search(text[max(0, start - 3) : start]) else None


def _not(text: str, start: int, end: int) -> str | None:
    """After a number "g" is a gram, or a generation of networks."""
    if _is_counted(text, start) or _before(text, start) in _LETTERED:
        return None
    return "tidak" if is_indonesian(spelled(_after(text, end))) else None


def _only(text: str, start: int, end: int) -> str | None:
    """ "cm" is a measure after a number or a word of number ("puluhan cm"), and before a mark."""
    counted = _is_counted(text, start) or _before(text, start).endswith(("an", "berapa", "kian"))
    return "hanya" if not counted and is_indonesian(spelled(_after(text, end))) else None


def _big(text: str, start: int, end: int) -> str | None:
    """Not in a name ("pondok gede")."""
    return None if text[start].isupper() or _before(text, start) in _NAMED_BIG else "besar"


def _until(text: str, start: int, end: int) -> str | None:
    return "sampai" if _after(text, end) in _REACHED and _before(text, start) not in _SCHOOL else None


def _stays(text: str, start: int, end: int) -> None:
    """As good as the commoner word that it is compared as ("tak" as "tidak")."""


#: By the word in small letters.
IN_CONTEXT: dict[str, Reading] = {
    "no": _number,
    "dr": _from,
    "d": _at,
    "min": _addressed,
    "ka": _elder,
    "rb": _thousand,
    "k": _thousands,
    "w": _myself,
    "buat": _for,
    "biar": _so_that,
    "g": _not,
    "cm": _only,
    "smp": _until,
    **dict.fromkeys(("gede", "gde"), _big),
    **dict.fromkeys(("tak", "mesti", "dikasih", "ko", "ok"), _stays),
    "kel": _area,
    "kec": _area,
    **dict.fromkeys(("gini", "gni", "ginian"), _this_way),
    **dict.fromkeys(("gitu", "gtu", "gituan"), _that_way),
}
