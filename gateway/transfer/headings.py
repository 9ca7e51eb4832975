"""Which column holds what: suggested from the headings, or said by a person. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateway.transfer.table import REASON, Table, words
from gateway.transfer.wording import NotTaken, Wording

#: What may be kept besides, in any number of columns.
KEEP = "keep"
WHAT, NUMBER = "what", "number"
_WORD = re.compile(r"[^\W_]+")
#: Without a heading that tells, the column with the longest cells holds the words, if these are so long.
_LIKE_WORDS = 20
#: Of so many rows.
SAMPLE = 100

#: Headings by the name of what they hold.
Mapped = Mapping[str, Sequence[str]]


def recognised(headings: Sequence[str], wording: Wording) -> dict[str, str]:
    """A heading for each kind of column that one is found for: the one that says just that comes before one that says
    more; each heading is taken once."""
    plain = {heading: _plain(heading) for heading in headings if heading.casefold() != REASON}
    found: dict[str, str] = {}
    for says in (_exactly, _among):
        for name, known in wording.columns.items():
            if name in found:
                continue
            ways = (heading for phrase in known.headings for heading in plain if says(phrase, plain[heading]))
            heading = next((one for one in ways if one not in found.values()), None)
            found |= {name: heading} if heading else {}
    return found


def suggested(table: Table, wording: Wording) -> Mapped:
    """A column that only counts the rows is no number of theirs: the next table begins with 1 as well."""
    found = recognised(table.headings, wording)
    if NUMBER in found and _only_counts(table, table.column(found[NUMBER])):
        del found[NUMBER]
    if WHAT not in found and (longest := _wordiest(table, found.values())):
        found[WHAT] = longest
    return {name: [heading] for name, heading in found.items()}


def mapped(table: Table, wording: Wording, said: Iterable[str]) -> Mapped:
    """What is suggested, changed by what is said as in "what=Isi Laporan"; "name=" leaves it out, "keep=RT" keeps a
    column beside. Raises `NotTaken`."""
    found = {name: list(headings) for name, headings in suggested(table, wording).items()}
    for name, heading in map(_parted, said):
        if name not in wording.columns and name != KEEP:
            raise NotTaken("no-field", field=name, fields=", ".join([*wording.columns, KEEP]))
        columns = [_column(table, heading)] if heading else []
        found[name] = [*found.get(name, []), *columns] if name == KEEP else columns
    if not found.get(WHAT):
        raise NotTaken("no-words-column")
    return {name: headings for name, headings in found.items() if headings}


def _parted(said: str) -> tuple[str, str]:
    name, _, heading = said.partition("=")
    return name.strip().lower(), heading.strip()


def _column(table: Table, heading: str) -> str:
    wanted = _plain(heading)
    for known in table.headings:
        if known == heading or _plain(known) == wanted:
            return known
    raise NotTaken("no-column", heading=heading, headings=", ".join(table.headings))


def _wordiest(table: Table, taken: Iterable[str]) -> str | None:
    """The column with the longest cells among those of which nothing is known."""
    free = [heading for heading in table.headings if heading not in set(taken) and heading.casefold() != REASON]
    lengths = {heading: _length(table, table.column(heading)) for heading in free}
    best = max(lengths, key=lengths.__getitem__, default=None)
    return best if best and lengths[best] >= _LIKE_WORDS else None


def _only_counts(table: Table, place: int) -> bool:
    cells = [words(line.cells[place]) for line in table.lines[:SAMPLE] if place < len(line.cells)]
    return bool(cells) and cells == [str(number) for number in range(1, len(cells) + 1)]


def _length(table: Table, place: int) -> float:
    cells = [len(words(line.cells[place])) for line in table.lines[:SAMPLE] if place < len(line.cells)]
    return sum(cells) / len(cells) if cells else 0.0


def _plain(heading: str) -> str:
    return " ".join(_WORD.findall(heading.casefold()))


def _exactly(phrase: str, heading: str) -> bool:
    return phrase == heading


def _among(phrase: str, heading: str) -> bool:
    return f" {phrase} " in f" {heading} "


def columns(table: Table, mapping: Mapped) -> dict[str, list[int]]:
    """The places of the columns in each row, by what they hold."""
    return {name: [table.column(heading) for heading in headings] for name, headings in mapping.items()}


def unused(table: Table, mapping: Mapped) -> Iterator[str]:
    taken = {heading for headings in mapping.values() for heading in headings}
    return (heading for heading in table.headings if heading not in taken and heading.casefold() != REASON)
