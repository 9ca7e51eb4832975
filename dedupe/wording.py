"""The words of a report that tell incidents apart, and whether it is a thank-you note or a complaint made again."""

import re
from enum import StrEnum

from normalizer.words.text import content_words
from normalizer.words.wordlists import ROMAN_NUMBERS

_TAG = re.compile(r"#\w+")
#: Fewer words than these, and the tags are all that is said.
FEW = 2
#: "k3lur4h4n", "4s4pny4": single digits between letters; but "rt3rw5" is what it says.
_DISGUISED = re.compile(
    r"\b(?!r[tw])(?=[0-9]?[a-z]+\d?[a-z]+\d?[a-z])[01345]?(?:[a-z]+[01345])+[a-z]+[01345]?\b", re.IGNORECASE
)
_IN_DISGUISE = re.compile(r"[a-z][01345][a-z]", re.IGNORECASE)
_LETTERS = str.maketrans("01345", "oieas")
_ROMAN_HOUSE = re.compile(r"\b(?!VIA\b|IA\b|ID\b|IC\b|XD\b)([IVX]{1,5})([A-D])\b")
_LANE = re.compile(r"(\d+)([a-z]{2,})|([a-z]{2,})(\d+)")
_HOUSE_LETTERS = frozenset("abcdefgh")

#: What complaints consist of, whatever they are about; function words are left out before.
_COURTESY_TEXT = """
    dinas instansi pihak terhormat keluhan mengeluhkan keluhkan pengaduan aduan mengajukan ajukan sampaikan disampaikan
    menyampaikan solusi solusinya perbaiki benahi dibenahi ditertibkan ditinjau tinjau beri diberi segeranya sesegera
    kiranya mohonkan permohonan dimohonkan repost ulang menanggapi perihal petugasnya kerjasama berwenang bersangkutan
    menindaklanjuti ditanggapi direspon respon responnya follow up pemerintah tanggung jawab minta meminta kali
    selaku sampaikanlah tanyakan bertanya menanyakan pertanyaan
"""
COURTESY = frozenset(_COURTESY_TEXT.split()) - {"kali"}


class Tone(StrEnum):
    """`THANKS` for something done, quoting what was complained of; a complaint made `AGAIN`; else `PLAIN`."""

    PLAIN = ""
    THANKS = "thanks"
    AGAIN = "again"


_DONE = (
    r"(?:sudah|sdh|udah|udh|telah|kembali|akhirnya) (?:(?:mulai|kembali|terlihat|di ?\w{2,}|me\w{3,}) )?"
    r"(?:di ?(?:perbaiki|aspal|bersihkan|angkut|tangani|tambal|tebang|tertibkan|ganti|keruk|benahi|betulkan|pasang"
    r"|tindak\w*|tanggapi|respon|laksanakan|atasi)\w*|diaspal|nyala|menyala|terang|bersih|mulus|normal|beres|lancar"
    r"|mengalir|rapi|bagus)"
)
_THANKS = re.compile(r"(?:te?rima? ?ka?sih|makasih|trims|thanks?|thx|tks|alhamdulillah|mantap|terbaik)")
_IS_DONE = re.compile(_DONE)
_NOT_DONE = re.compile(r"\b(?:belum|blm|belom|blum|masih|msh|tapi|tetapi|namun|lagi|tolong|mohon|mhn|harap)\b")
_AGAIN = re.compile(
    r"keluhan (?:yang |yg )?ke[ -]?(?:\d|dua|tiga|empat|sekian)|re-?post|(?:kedua|ketiga|sekian|berulang) ?kali(?:nya)?"
    r"|ke (?:dua|tiga|sekian) kali(?:nya)?|lapor(?:an)? (?:lagi|ulang|kembali)|laporan saya (?:nomor|no|dengan nomor)"
    r"|menindaklanjuti laporan|(?:kembali|ulang) (?:saya )?(?:laporkan|melaporkan|mengadukan)"
)


def wording(text: str) -> tuple[str, ...]:
    """The content words of `text` in standard form, in its order: house and street numbers as people write them
    ("VA-9", "5 A", "V a") in one form ("5a"), Roman numbers and leading zeros in digits, "b4nj1r" as "banjir"; without
    courtesies and, where anything else is said, without #tags."""
    if "#" in text:
        words = _told(_TAG.sub(" ", text))
        return words if len(words) >= FEW else _told(text)
    return _told(text)


def tone(text: str) -> Tone:
    """Is it thanks for work done, or told to be a complaint made again?"""
    low = text[:600].lower()
    if _AGAIN.search(low):
        return Tone.AGAIN
    if _THANKS.search(low) and _IS_DONE.search(low) and not _NOT_DONE.search(low):
        return Tone.THANKS
    return Tone.PLAIN


def _told(text: str) -> tuple[str, ...]:
    if _IN_DISGUISE.search(text):
        text = _DISGUISED.sub(_undisguised, text)
    text = _ROMAN_HOUSE.sub(_house, text)
    words: list[str] = []
    for word in content_words(text):
        _take(words, word)
    return tuple([word for word in words if word not in COURTESY])


def _take(words: list[str], word: str) -> None:
    """Append `word` in one form; the letter of a house goes to its number."""
    if word in ROMAN_NUMBERS and (len(word) > 1 or words):
        words.append(ROMAN_NUMBERS[word])
    elif word.isalpha():
        if word in _HOUSE_LETTERS and words and words[-1].isdigit():
            words[-1] += word
        else:
            words.append(word)
    elif word.isdigit():
        words.append(_plain(word))
    elif parted := _LANE.fullmatch(word):
        words.extend(_plain(part) for part in parted.groups() if part)
    else:
        words.append(_plain(word))


def _plain(word: str) -> str:
    """Without leading zeros."""
    return word.lstrip("0") or "0"


def _undisguised(word: re.Match[str]) -> str:
    return word[0].translate(_LETTERS)


def _house(match: re.Match[str]) -> str:
    return f"{ROMAN_NUMBERS.get(match[1].lower(), match[1])}{match[2].lower()}"
