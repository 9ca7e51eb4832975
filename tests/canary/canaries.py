"""Canaries: what tells who a citizen is, as nobody else has it, so that it can be searched for wherever it may have
got to, in every spelling that programs give to text."""

import base64
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

#: What all citizens' canaries of a kind have in common. The last two are octets of a client's address.
STEMS = {
    "name": "Kenaritama",
    "mail address": "kenari.sulastri",
    "host": "kenari-warga.example",
    "phone": "81290547",
    "NIK": "317409450290",
    "token": "kenariToken7f3a",
    "address": "127.9.8.",
    "address behind the proxy": "203.0.113.77",
}
#: Digits are also found with blanks, dots and the like between them.
DIGITS = {"phone", "NIK"}
_SEPARATORS = b" \t\r\n.-/()_+"
_CONTEXT = 24


class Citizen(NamedTuple):
    """One of many, so that a canary that is found says who left it."""

    number: int

    @property
    def name(self) -> str:
        return f"Sulastri {STEMS['name']}"

    @property
    def mail(self) -> str:
        return f"{STEMS['mail address']}{self.number}@{STEMS['host']}"

    @property
    def phone(self) -> str:
        return f"+62{STEMS['phone']}{self.number:03}"

    @property
    def nik(self) -> str:
        return f"{STEMS['NIK']}{self.number:04}"

    @property
    def token(self) -> str:
        return f"{STEMS['token']}{self.number}"

    @property
    def address(self) -> str:
        return f"{STEMS['address']}{self.number % 250 + 1}"

    @property
    def words(self) -> str:
        """What the citizen writes, more personal than it need be."""
        spaced = f"0{self.phone[3:6]}-{self.phone[6:10]}-{self.phone[10:]}"
        return (
            f"Nama saya {self.name}, NIK {self.nik}, hp {spaced} atau {self.phone}, surel {self.mail}."
            f" Banjir selutut di Jl. Mahakam RT 0{self.number % 9 + 1}"
        )


@cache
def spellings(text: str) -> Mapping[str, bytes]:
    """How text may be written, by the name of the spelling. All but base64 are in small letters themselves."""
    low = text.lower()
    found = {
        "plain": low.encode(),
        "utf-16-le": low.encode("utf-16-le"),
        "utf-16-be": low.encode("utf-16-be"),
        "url": quote(low, safe="").encode().lower(),
        "quoted-printable": low.replace(".", "=2e").replace("@", "=40").encode(),
    }
    for case in {text, low, text.upper()}:
        found |= {f"{name} of {case}": octets for name, octets in _octet_by_octet(case).items()}
        found |= {f"base64 of {case} at {shift}": _base64(case, shift) for shift in range(3)}
    return found


def _octet_by_octet(text: str) -> Mapping[str, bytes]:
    octets = text.encode()
    return {
        "url in full": b"".join(b"%%%02x" % octet for octet in octets),
        "quoted-printable in full": b"".join(b"=%02x" % octet for octet in octets),
        "hexadecimal": octets.hex().encode(),
        "JSON in full": b"".join(b"\\u%04x" % octet for octet in octets),
    }


def _base64(text: str, shift: int) -> bytes:
    """What stays the same of it wherever the text stands: the first and the last digits also depend on others."""
    coded = base64.b64encode(b"\0" * shift + text.encode())
    whole = coded[:-4] if (shift + len(text)) % 3 else coded
    return whole[4:] if shift else whole


def canaries_in(content: bytes) -> Iterator[str]:
    """Each kind of canary that stands in `content`, how it is spelled, and what stands around it."""
    low = content.lower()
    squeezed = low.translate(None, _SEPARATORS)
    for kind, stem in STEMS.items():
        found = [
            _seen(kind, spelling, content if spelling.startswith("base64") else low, octets)
            for spelling, octets in spellings(stem).items()
        ]
        apart = _seen(kind, "with separators", squeezed, stem.encode()) if kind in DIGITS else None
        yield from filter(None, (next(filter(None, found), apart),))


def _seen(kind: str, spelling: str, content: bytes, octets: bytes) -> str | None:
    at = content.find(octets)
    around = content[max(0, at - _CONTEXT) : at + len(octets) + _CONTEXT]
    return f"{kind} ({spelling}): {around!r}" if at >= 0 else None


def clear(places: Mapping[str, bytes]) -> list[str]:
    """What stands where it may not."""
    return [f"{place}: {found}" for place, content in places.items() for found in canaries_in(content)]


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, its name and its octets; each column of a database also by itself, so that what is found
    says where."""
    kept = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))}
    found = {name: name.encode() + b"\0" + path.read_bytes() for name, path in kept.items() if path.is_file()}
    for name, path in kept.items():
        if path.suffix == ".db":
            found |= {f"{name} {column}": content for column, content in _columns(path).items()}
    return found


def _columns(database: Path) -> dict[str, bytes]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            f"{table}.{column}": _joined(connection, table, column)
            for table in tables
            for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")')
        }


def _joined(connection: sqlite3.Connection, table: str, column: str) -> bytes:
    cells = (row[0] for row in connection.execute(f'SELECT "{column}" FROM "{table}"'))
    return b"\0".join(cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "replace") for cell in cells)


def masks(text: str) -> set[str]:
    """What was masked in a text: "nama", "telepon" and so on."""
    return set(re.findall(r"\[([a-z]+)\]", text))
