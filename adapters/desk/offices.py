"""The offices that have a desk, from a CSV file."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters import ChannelDown, Office
from normalizer.words.text import one_line

COLUMNS = ("code", "name", "area")
LONGEST = 1_000_000


def read(path: Path) -> Sequence[Office]:
    """Raises `ChannelDown` in words if it cannot be read; rows without a code or a name are an error."""
    try:
        text = path.read_bytes()[:LONGEST].decode("utf-8-sig")
        return tuple(_offices(text))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ChannelDown(f"the file of offices cannot be read: {type(error).__name__}") from None


def _offices(text: str) -> Iterator[Office]:
    first = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",")
    if missing := [name for name in COLUMNS[:2] if name not in (rows.fieldnames or ())]:
        raise ChannelDown(f"the file of offices has no column '{missing[0]}': its first line is {','.join(COLUMNS)}")
    for number, row in enumerate(rows, 2):
        code, name, area = (one_line(row.get(column) or "", 200) for column in COLUMNS)
        if not code or not name:
            raise ChannelDown(f"line {number} of the file of offices lacks a code or a name")
        yield Office(code, name, area)
