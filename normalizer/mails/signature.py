"""What mail programs, companies and courtesy put below a letter: signatures, "Sent from …", disclaimers."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

_MOST_BELOW = 15
_MOST_SAID = 600
_MOST_TRIED = 50
_DELIMITER = re.compile(r"\s*(?:--|\u2014|\u2013\u2013)\s*$")

_SENT = re.compile(
    r"\W*(?:dikirim|terkirim|sent|dapatkan|get|download|unduh|diposting)\s+"
    r"(?:(?:dari|melalui|lewat|via|dengan|menggunakan|from|with|using|by|aplikasi|secara|seluler|mobile)\s+)*+(.{2,120})$",
    re.IGNORECASE,
)
_LINK = re.compile(r"[<(\[]?(?:https?://|www\.)\S+")
_DEVICES = frozenset(
    {
        *("iphone", "ipad", "ipod", "ios", "macbook", "mac", "android", "samsung", "galaxy", "xiaomi", "redmi", "poco"),
        *(
            "oppo",
            "vivo",
            "realme",
            "infinix",
            "tecno",
            "itel",
            "huawei",
            "honor",
            "oneplus",
            "nokia",
            "sony",
            "xperia",
        ),
        *("asus", "zenfone", "lenovo", "lg", "htc", "pixel", "advan", "evercoss", "blackberry", "windows", "telkomsel"),
        *("ponsel", "ponselku", "handphone", "hp", "hape", "telepon", "smartphone", "phone", "tablet", "perangkat"),
        *("yahoo", "yahoo!", "ymail", "outlook", "gmail", "mail", "email", "e-mail", "surel", "hotmail", "thunderbird"),
        *(
            "protonmail",
            "proton",
            "k-9",
            "fairemail",
            "roundcube",
            "zimbra",
            "spark",
            "bluemail",
            "aquamail",
            "webmail",
        ),
    }
)
_AROUND = frozenset(
    {
        *(
            "saya",
            "my",
            "mi",
            "dari",
            "from",
            "di",
            "on",
            "for",
            "untuk",
            "with",
            "dengan",
            "the",
            "in",
            "pada",
            "pintar",
        ),
        *("cerdas", "seluler", "powerful", "wireless", "device", "secure", "app", "aplikasi", "plus", "pro", "max"),
        *("ultra", "note", "lite", "mini", "edge", "fold", "flip", "air", "prime", "resmi", "pribadi"),
    }
)
_MODEL = re.compile(r"(?=.*\d)[a-z0-9+-]{1,10}$")

_DISCLAIMER = re.compile(
    r"\W*(?:disclaimer|confidentiality (?:notice|statement)|legal notice|notice of confidentiality|penafian|sangkalan"
    r"|caution: this (?:e-?)?mail|caution: external|this message contains confidential"
    r"|(?:peringatan|perhatian|catatan|important|notice|warning|penting)\s*:?\s*(?=.{0,20}(?:e-?mail|pesan|message))"
    r"|(?:this|the information (?:contained )?in this|the contents? of this|informasi (?:yang )?(?:terkandung|terdapat)"
    r"|isi (?:dari )?|segala)[^.]{0,40}\b(?:e-?mail|message|surel|pesan|communication|transmission)\b"
    r"|(?:pesan|e-?mail|surel|surat elektronik) (?:elektronik )?ini\b"
    r"|please consider the environment|(?:mohon )?(?:pertimbangkan|pikirkan) lingkungan|think before you print"
    r"|virus-free|bebas virus|this e-?mail has been (?:checked|scanned)|e-?mail ini telah (?:diperiksa|dipindai))",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(
    r"\W*(?:disclaimer\b|penafian\b|sangkalan\s*:|confidentiality (?:notice|statement)|caution: (?:this|external)"
    r"|please consider the environment|think before you print|(?:mohon )?(?:pertimbangkan|pikirkan) lingkungan"
    r"|(?:virus-free|bebas virus)\.? ?\S*$|.{0,30}(?:checked|scanned|diperiksa|dipindai))",
    re.IGNORECASE,
)
_SECRET = re.compile(r"confidential|privileged|intended|rahasia|ditujukan|diperuntukkan|originated from outside", re.I)
_LEGAL = re.compile(
    r"attachment|lampiran|recipient|penerima|addressee|dimaksud|berhak|dilarang|prohibited|disclos|disseminat|distribu"
    r"|menyebar|unauthori|hukum|delete|hapus|privileged|do not click|liab",
    re.IGNORECASE,
)

_CLOSING = re.compile(
    r"\W*(?:(?:hormat|salam)(?: (?:kami|saya|hormat|hangat|takzim|sejahtera|sehat|sukses))*|wass?alam(?:u.{0,40})?"
    r"|(?:demikian|atas).{0,80}(?:terima ?kasih|hormat (?:kami|saya))|(?:sekian|sekian dan)?\s*terima ?kasih.{0,30}"
    r"|tertanda|ttd|pelapor|pengadu|pemohon|trims|makasih|matur nuwun|hatur nuhun"
    r"|(?:best|kind|warm)?(?: ?(?:best|kind|warm))? ?regards|best wishes|best|sincerely(?: yours)?|yours.{1,12}"
    r"|cheers|thanks?(?: you| a lot| and regards| & regards)?|many thanks|respectfully)\s*[,.!:\-]*\s*$",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"@|www\.|https?:|\d[\d\s().-]{5,}\d|^\W*(?:telp?|tlp|hp|wa|phone|mobile|tel|fax|nik|no\.? ?(?:hp|telp|wa))\b", re.I
)
_ADDRESS = re.compile(
    r"\b(?:jl|jln|jalan|gg|gang|rt|rw|kel|kelurahan|kec|kecamatan|desa|dusun|blok|kompleks?|perum|perumahan)\b", re.I
)
_NAMES_A_PLACE = re.compile(
    r"(?i:\b(?:jl|jln|gg|rt|rw|kel|kec)\b)"
    r"|(?i:\b(?:jalan|gang|kelurahan|kecamatan|desa|dusun|blok|kompleks?|perum|perumahan))\s+[A-Z0-9]"
)


def signature_lines(lines: Sequence[str], opening: bool = False) -> frozenset[int]:
    """Which of the lines of somebody's own words are no words of theirs. Those that open a mail are no signature, even
    below a "--".

    An address below a closing stays with the words if they name none: it may be all that says where.
    """
    found: set[int] = set()
    found.update(_below_delimiter(lines, _first_words(lines) if opening else 0))
    found.update(number for number, line in enumerate(lines) if _names_a_device(line))
    found.update(_disclaimers(lines))
    found.update(
        _closing([(number, line) for number, line in enumerate(lines) if line.strip() and number not in found])
    )
    return frozenset(found)


def _first_words(lines: Sequence[str]) -> int:
    return next((number for number, line in enumerate(lines) if any(map(str.isalnum, line))), len(lines))


def _below_delimiter(lines: Sequence[str], earliest: int) -> range:
    """From "-- " (RFC 3676, 4.3), also without its blank, if not much comes after it."""
    first = max(earliest, len(lines) - 2 * _MOST_BELOW)
    start = next((number for number in range(first, len(lines)) if _DELIMITER.match(lines[number])), len(lines))
    below = sum(bool(line.strip()) for line in lines[start + 1 :])
    return range(start, len(lines)) if 0 < below <= _MOST_BELOW else range(0)


def _names_a_device(line: str) -> bool:
    """ "Dikirim dari iPhone saya", but not "Dikirim dari HP saya di Jl. Mawar": each word belongs to such lines."""
    sent = _SENT.match(line) if len(line) <= 400 else None
    if sent is None:
        return False
    words = [word.strip(".,()[]<>*_®™\"'").lower() for word in _LINK.sub(" ", sent[1]).split()]
    known = [word for word in words if word]
    return any(word in _DEVICES for word in known) and all(
        word in _DEVICES or word in _AROUND or _MODEL.match(word) for word in known
    )


def _disclaimers(lines: Sequence[str]) -> Iterator[int]:
    """Each from its first words to the end of its paragraph."""
    likely = (number for number, line in enumerate(lines) if _DISCLAIMER.match(line))
    after = 0
    for number in islice(likely, _MOST_TRIED):
        if number >= after and _is_legal(lines, number):
            after = next((at for at in range(number, len(lines)) if not lines[at].strip()), len(lines))
            yield from range(number, after)


def _is_legal(lines: Sequence[str], start: int) -> bool:
    if _AT_ONCE.match(lines[start]):
        return True
    said = " ".join(lines[start : start + 10])[:_MOST_SAID]
    return _SECRET.search(said) is not None and _LEGAL.search(said) is not None


def _closing(filled: Sequence[tuple[int, str]]) -> Iterator[int]:
    """A closing with the names and numbers below it; without any it is part of the letter."""
    tail = filled[-10:]
    for at, (_, line) in enumerate(tail[:-1]):
        below = [line for _, line in tail[at + 1 :]]
        if len(line) <= 120 and _CLOSING.match(line) and all(map(_is_of_a_person, below)):
            if not _is_the_only_address(filled[: len(filled) - len(below)], below):
                yield from (number for number, _ in tail[at:])
            return


def _is_of_a_person(line: str) -> bool:
    """A name, a way to reach them, a post or an address: no sentence."""
    line = line.strip()
    words = line.split()
    if len(line) > 100:
        return False
    if _REACHED.search(line) or (_ADDRESS.search(line) and not line.endswith(("?", "!"))):
        return len(words) <= 14
    named = all(not word[0].islower() for word in words) or len(words) == 1
    return len(words) <= 6 and named and not line.endswith(("?", "!"))


def _is_the_only_address(above: Sequence[tuple[int, str]], below: Sequence[str]) -> bool:
    return any(map(_NAMES_A_PLACE.search, below)) and not any(_NAMES_A_PLACE.search(line) for _, line in above)
