"""What a case is and where it may go: codes, PINs, and the state machine of `Cepat Respon Masyarakat`.

Pure, but for the random numbers of codes and PINs. Source of the statuses: Pergub DKI 128/2017 and the city's press;
"estimasi" and "ditolak" are seen in use.
"""

import hashlib
import hmac
import re
import secrets
from enum import StrEnum
from functools import cache

from gateway.errors import Refusal
from gateway.store.contract import CaseRow

#: Crockford's base 32: no I, L, O or U, so that a code survives being read out and written down.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_BITS = 40
#: Symbols of each half of a code.
HALF = 4


class Status(StrEnum):
    MENUNGGU = "menunggu"
    KOORDINASI = "koordinasi"
    DISPOSISI = "disposisi"
    PROSES = "proses"
    ESTIMASI = "estimasi"
    SELESAI_DIUSULKAN = "selesai-diusulkan"
    SELESAI = "selesai"
    DITOLAK = "ditolak"


#: Where a case may go from where it is.
MOVES: dict[Status, tuple[Status, ...]] = {
    Status.MENUNGGU: (Status.KOORDINASI, Status.DISPOSISI, Status.PROSES, Status.DITOLAK),
    Status.KOORDINASI: (Status.DISPOSISI, Status.PROSES, Status.MENUNGGU),
    Status.DISPOSISI: (Status.PROSES, Status.KOORDINASI),
    Status.PROSES: (Status.ESTIMASI, Status.SELESAI_DIUSULKAN),
    Status.ESTIMASI: (Status.PROSES, Status.SELESAI_DIUSULKAN),
    Status.SELESAI_DIUSULKAN: (Status.SELESAI, Status.PROSES),
    Status.SELESAI: (Status.MENUNGGU,),
    Status.DITOLAK: (Status.MENUNGGU,),
}

#: The five words a citizen sees (and a sixth for what is refused), by their names in the catalogue of texts.
CITIZENS_WORD: dict[Status, str] = {
    Status.MENUNGGU: "status_received",
    Status.KOORDINASI: "status_forwarded",
    Status.DISPOSISI: "status_forwarded",
    Status.PROSES: "status_working",
    Status.ESTIMASI: "status_working",
    Status.SELESAI_DIUSULKAN: "status_checking",
    Status.SELESAI: "status_done",
    Status.DITOLAK: "status_rejected",
}

CLOSED = frozenset({Status.SELESAI, Status.DITOLAK})


class MoveRefused(Refusal):
    """The case may not move so."""


def new_code(prefix: str) -> str:
    """Forty random bits, as in KNL-7F3K-92QX."""
    bits = secrets.randbits(CODE_BITS)
    word = "".join(ALPHABET[bits >> shift & 31] for shift in range(0, CODE_BITS, 5))
    return f"{prefix}-{word[:4]}-{word[4:]}"


@cache
def _code_pattern(prefix: str) -> re.Pattern[str]:
    symbol = "[0-9A-Za-z]"
    return re.compile(rf"\b{re.escape(prefix)}[-\s]?({symbol}{{4}})[-\s]?({symbol}{{4}})\b", re.IGNORECASE)


def codes_in(text: str, prefix: str) -> list[str]:
    """Tracking codes quoted in a text, in canonical spelling. Citizens write them in any case, with blanks for dashes,
    O for 0, I and L for 1."""
    return [f"{prefix}-{_canonical(a)}-{_canonical(b)}" for a, b in _code_pattern(prefix).findall(text)]


def code_begun(text: str, prefix: str) -> str:
    """The beginning of a tracking code that somebody typed in canonical spelling; without the prefix at least its first
    half is to be there. "" where it can be none."""
    symbol = "[0-9A-Za-z]"
    pattern = rf"\s*({re.escape(prefix)}[-\s]?)?({symbol}{{1,4}})[-\s]?({symbol}{{0,4}})\s*"
    found = re.fullmatch(pattern, text, re.IGNORECASE)
    if found is None or not (found[1] or len(found[2]) == HALF):
        return ""
    first, second = map(_canonical, found.group(2, 3))
    return f"{prefix}-{first}" + (f"-{second}" if second else "")


def _canonical(symbols: str) -> str:
    return symbols.upper().translate(str.maketrans("OIL", "011"))


#: As the city's own system numbers cases: two letters, the date, and a daily number, as in JK2503050007. Those of other
#: forms are not found among other words.
_NUMBER = re.compile(r"\b[A-Z]{2}\d{10}\b", re.IGNORECASE)


def numbers_in(text: str) -> list[str]:
    """Numbers of outside case stores quoted in a text."""
    return _NUMBER.findall(text)


def new_pin() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def receipt_pin(key: bytes, report: str) -> str:
    """The PIN of a report that its receipt shows: always the same, so that it is kept nowhere."""
    digest = hmac.digest(key, f"receipt\0{report}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def pin_hash(key: bytes, report: str, pin: str) -> str:
    """A PIN is short: its hash is keyed, and bound to the one report it opens."""
    return hmac.new(key, f"pin\0{report}\0{pin}".encode(), hashlib.sha256).hexdigest()


def citizens_word(status: str) -> str:
    """The name of the text that says the status to a citizen."""
    return CITIZENS_WORD[Status(status)]


def is_open(case: CaseRow) -> bool:
    return Status(case.status) not in CLOSED


def is_called_done(case: CaseRow) -> bool:
    """Is it closed, or said to be done and waits to be checked?"""
    return not is_open(case) or case.status == Status.SELESAI_DIUSULKAN
