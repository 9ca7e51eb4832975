"""Texts in Indonesian, with whatever is mixed into it, that are taken for Javanese or Sundanese.

Nearly all texts of these sets are Indonesian, so that each one called "jv" or "su" counts as wrong; the few that are
truly Javanese make the figure a little worse than it is. Nothing was tuned on them, so there are no halves.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from normalizer.words.language import language
from normalizer.words.text import clean
from tests.normalizer_bench.rows import Goal, Row, share

TITLE = "Indonesian taken for Javanese or Sundanese"


def measure(data: Path) -> Iterable[Row]:
    for name in (
        "duplicates/jkt.jsonl",
        "duplicates/sby.jsonl",
        "samples/crm_2023_dev.csv",
        "samples/tweets_transport_dev.csv",
    ):
        found = [language(clean(text)) for text in _texts(data / name)]
        wrong = sum(each in {"jv", "su"} for each in found)
        yield share(Path(name).stem, wrong, len(found), goal=Goal(0.01, below=True))


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row["text"] for row in csv.DictReader(file))
    else:
        yield from (msgspec.json.decode(line)["text"] for line in path.read_bytes().splitlines())
