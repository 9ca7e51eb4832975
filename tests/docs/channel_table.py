"""The table of channels in both READMEs, from what the adapters declare and what their recordings hold:
`python -m tests.docs.channel_table` writes it anew."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from adapters import (
    Adapter,
    Answers,
    Backfills,
    Capabilities,
    Event,
    Fetches,
    Holds,
    Listens,
    Message,
    Polls,
    Receives,
    Status,
)
from adapters.entering import Attended, Offers, TakesRows
from adapters.paid import Costs
from adapters.testing import recordings
from gateway import registry
from normalizer.message import Delivered

ROOT = Path(__file__).parents[2]
PAYLOADS = ROOT / "tests" / "adapters" / "payloads"
READMES: Mapping[str, str] = {"README.md": "en", "README.id.md": "id"}
#: What is talked with at a terminal is no channel of a city's.
LEFT_OUT = frozenset({"terminal"})
#: Where a kind is told of, if not on a page of its own name.
PAGES: Mapping[str, str] = {"smtp": "mail", "imap": "mail", "table": "import"}
DAY = 86_400
NOTHING = "–"
#: What a reply's length is counted in, by the alphabet.
_UNITS: Mapping[str, str] = {
    "gsm7": "letters of GSM-7",
    "unicode": "characters",
    "utf-16": "UTF-16 units",
    "utf-8": "bytes",
    "x": "by X's weights",
}
_TABLE = re.compile(r"(?<=<!-- channels -->\n).*?(?=<!-- end of channels -->)", re.DOTALL)
_WORDS: Mapping[str, str] = {
    "channel": "kanal",
    "in": "masuk",
    "out": "keluar",
    "media": "berkas",
    "place": "tempat",
    "buttons": "tombol",
    "private hand-over": "pindah ke pribadi",
    "states": "status jawaban",
    "back-fill": "isi ulang",
    "costs": "biaya",
    "asked": "ditanya",
    "called": "dipanggil",
    "listens": "mendengarkan",
    "at a desk": "di meja",
    "form": "formulir",
    "rows": "baris",
    "no way out": "tidak ada",
    "any length": "bebas",
    "characters": "karakter",
    "letters of GSM-7": "huruf GSM-7",
    "UTF-16 units": "satuan UTF-16",
    "bytes": "bita",
    "by X's weights": "menurut bobot X",
    "in public": "di muka umum",
    "comes along": "ikut terkirim",
    "fetched": "diambil",
    "pin": "pin",
    "words": "kata",
    "numbers": "angka",
    "list of": "daftar",
    "direct message": "pesan langsung",
    "once in days:": "sekali dalam hari:",
    "sent": "terkirim",
    "delivered": "sampai",
    "read": "dibaca",
    "failed": "gagal",
    "yes": "ya",
}


class _Kind(NamedTuple):
    """`events` are those of all its recordings."""

    adapter: type[Adapter]
    capabilities: Capabilities | None
    events: Sequence[Event]

    def is_any(self, *ways: type) -> bool:
        return any(issubclass(self.adapter, way) for way in ways)

    def messages(self) -> Iterator[Message]:
        return (one for one in self.events if isinstance(one, Message))


Say = Callable[[str], str]


def table(language: str) -> str:
    """Markdown, a row for each kind of channel."""

    def say(word: str) -> str:
        return word if language == "en" else _WORDS[word]

    names = ("channel", *_COLUMNS)
    rows = [[_link(kind), *_row(_known(kind), say)] for kind in registry.kinds() if kind not in LEFT_OUT]
    lines = [list(map(say, names)), ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(page: str, language: str) -> str:
    """`page` with the table as it is made now."""
    return _TABLE.sub(lambda _: f"\n{table(language)}\n", page)


def _row(kind: _Kind, say: Say) -> list[str]:
    return [", ".join(column(kind, say)) or NOTHING for column in _COLUMNS.values()]


def _link(kind: str) -> str:
    return f"[{kind}](docs/{PAGES.get(kind, kind)}.md)"


def _known(kind: str) -> _Kind:
    adapter = registry.adapter(kind)
    folders = sorted({told.parent for told in (PAYLOADS / kind).rglob("*.events.json")})
    events = [event for folder in folders for one in recordings(folder).values() for event in one.events or ()]
    return _Kind(adapter, getattr(adapter, "capabilities", None), events)


def _in(kind: _Kind, say: Say) -> Iterator[str]:
    ways: dict[str, tuple[type, ...]] = {"asked": (Polls,), "called": (Receives, Answers), "listens": (Listens,)}
    ways |= {"at a desk": (Attended,), "form": (Offers,), "rows": (TakesRows,)}
    return (say(word) for word, protocols in ways.items() if kind.is_any(*protocols))


def _out(kind: _Kind, say: Say) -> Iterator[str]:
    if kind.capabilities is None:
        yield say("no way out")
        return
    yield _length(kind.capabilities, say)
    if openly := kind.capabilities.openly:
        yield f"{say('in public')} {_length(openly, say)}"


def _length(found: Capabilities, say: Say) -> str:
    if found.text_limit is None:
        return say("any length")
    return f"{found.text_limit} {say(_UNITS[found.alphabet])}"


def _media(kind: _Kind, say: Say) -> Iterator[str]:
    """Only what came with a recording is believed."""
    if any(message.attachments for message in kind.messages()):
        ways = {"comes along": Holds, "fetched": Fetches}
        yield from (say(word) for word, way in ways.items() if kind.is_any(way))


def _place(kind: _Kind, say: Say) -> Iterator[str]:
    places = [message.place for message in kind.messages() if message.place]
    if any(place.latitude is not None for place in places):
        yield say("pin")
    if any(place.words for place in places):
        yield say("words")


def _buttons(kind: _Kind, say: Say) -> Iterator[str]:
    found = kind.capabilities
    if found is None:
        return
    yield str(found.choices) if found.choices else say("numbers")
    if found.list_rows:
        yield f"{say('list of')} {found.list_rows}"


def _private(kind: _Kind, say: Say) -> Iterator[str]:
    found = kind.capabilities
    if found and found.private_seconds:
        yield f"{say('once in days:')} {found.private_seconds / DAY:.0f}"
    elif found and found.private and any(message.public for message in kind.messages()):
        yield say("direct message")


def _states(kind: _Kind, say: Say) -> Iterator[str]:
    told = {event.state for event in kind.events if isinstance(event, Status)}
    return (say(state.value) for state in Delivered if state in told)


def _backfill(kind: _Kind, say: Say) -> Iterator[str]:
    if kind.is_any(Backfills):
        yield say("yes")


def _costs(kind: _Kind, say: Say) -> Iterator[str]:
    """By the names that they have in the settings."""
    declared = next((one for one in _fields(kind) if isinstance(one, Costs)), None)
    return (f"`{name}`" for name in (declared.rates() if declared else ()))


def _fields(kind: _Kind) -> Sequence[object]:
    return kind.adapter.Settings.__struct_defaults__


_COLUMNS: Mapping[str, Callable[[_Kind, Say], Iterator[str]]] = {
    "in": _in,
    "out": _out,
    "media": _media,
    "place": _place,
    "buttons": _buttons,
    "private hand-over": _private,
    "states": _states,
    "back-fill": _backfill,
    "costs": _costs,
}


def main() -> int:
    for name, language in READMES.items():
        page = ROOT / name
        page.write_text(written(page.read_text("utf-8"), language), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
