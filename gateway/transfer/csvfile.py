"""CSV as programs write it in Indonesia: separated by commas, semicolons or tabs; in UTF-8, UTF-16 or Windows-1252."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from gateway.transfer.table import MOST_ROWS, Line, numbered
from gateway.transfer.wording import NotTaken

SEPARATORS = ";,\t|"
#: So many rows tell what they are separated by.
_SAMPLE = 200
_SAMPLE_CHARACTERS = 200_000
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(content: bytes) -> str:
    """The text: without a mark UTF-8 if it can be, UTF-16 where every other byte is null, else as Excel on Windows
    writes it. Raises `NotTaken` for what is no text."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content[:_SAMPLE]:
        return content.decode(_without_mark(content[:_SAMPLE]), "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _without_mark(content: bytes) -> str:
    odd, even = content[1::2].count(0), content[::2].count(0)
    if max(odd, even) * 4 < len(content):
        raise NotTaken("no-table")
    return "utf-16-le" if odd > even else "utf-16-be"


def separator(text: str) -> str:
    """The one that makes most rows equally wide; Excel may name it in a first line ("sep=;")."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS:
        return text[4]
    return max(SEPARATORS, key=lambda one: _evenness(text[:_SAMPLE_CHARACTERS], one))


def lines(text: str, separated_by: str) -> Iterator[Line]:
    """Raises `NotTaken`."""
    for line in numbered(_rows(text, separated_by)):
        if line.number == 1 and str(line.cells[0]).lower() == "sep=":
            continue
        if line.number > MOST_ROWS:
            raise NotTaken("too-many", most=MOST_ROWS)
        yield line


def _rows(text: str, separated_by: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separated_by, strict=True)
    while True:
        before = reader.line_num + 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise NotTaken("open-quote", line=before) from None


def _evenness(text: str, separated_by: str) -> tuple[float, int]:
    """How many of the first rows have the most usual width, and that width; 0 where nothing is separated."""
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separated_by):
            widths += [len(row)] if row else []
            if len(widths) == _SAMPLE:
                break
    except csv.Error:
        return 0.0, 0
    usual = Counter(width for width in widths if width > 1).most_common(1)
    return (usual[0][1] / len(widths), usual[0][0]) if usual else (0.0, 0)
