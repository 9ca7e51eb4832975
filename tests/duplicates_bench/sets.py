"""Which sets there are, and what of them is measured."""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.duplicates_bench.normalised import Signals, Stream, normalised
from tests.duplicates_bench.rows import Faulty, Row, read

T = TypeVar("T")

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "duplicates"
#: Sentences of which each is there twice: what is most alike is looked for, not what is of one incident.
TWINS = "stif"
ORDER = ("jkt", "sby", "sd311", "pb", TWINS)
ELSEWHERE = "31"
#: The official codes of the cities that sets are of, by what their names begin with.
PROVINCES = {"jkt": "31", "pb": "31", "sby": "35.78"}
#: Where one kind of signals is all that is worth a look; else all signals, and text alone where there is more.
ONLY = {"sby": Signals.TEXT, "sd311": Signals.ALL, "pb": Signals.ALL, TWINS: Signals.TEXT}


class Set(NamedTuple):
    name: str
    rows: list[Row]
    faulty: list[Faulty]

    @property
    def is_twins(self) -> bool:
        return self.name.startswith(TWINS)


def sets(folder: Path) -> Iterator[Set]:
    """The sets of `folder`, those we know first; none if it is absent."""
    files = sorted(folder.glob("*.jsonl"), key=_order)
    return (Set(file.stem, *read(file)) for file in files)


def streams(chosen: Set, names: Container[str] | None = None) -> Iterator[Stream]:
    """What of a set is measured: its name, or with "-text" its text and time only. With `names` only these."""
    province = _of(PROVINCES, chosen.name) or ELSEWHERE
    only = _of(ONLY, chosen.name)
    for signals in [only] if only else _signals(chosen.rows):
        name = chosen.name if signals is Signals.ALL or chosen.is_twins else f"{chosen.name}-text"
        if names is None or name in names:
            yield normalised(name, chosen.rows, province, signals)


def _signals(rows: list[Row]) -> list[Signals]:
    told = any(row.pin or row.address or row.category for row in rows)
    return [Signals.ALL, Signals.TEXT] if told else [Signals.TEXT]


def _order(file: Path) -> tuple[int, str]:
    return next((place for place, name in enumerate(ORDER) if file.stem.startswith(name)), len(ORDER)), file.stem


def _of(table: Mapping[str, T], name: str) -> T | None:
    return next((value for start, value in table.items() if name.startswith(start)), None)
