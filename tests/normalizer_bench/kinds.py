"""Reports that are taken for something else, by their words alone, on texts that all are citizens' reports.

Answers, praise and chatter that are labelled as such are in no set that we know of, so how many of these are recognised
is not measured here, but shown by the named cases of tests/normalizer/test_kinds.py. Beside it: how many reports are
called an emergency.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from gateway import triage
from normalizer.report import Kind, Level
from normalizer.sorting.kinds import Said, kinds
from normalizer.sorting.signs import Signs
from normalizer.sorting.urgency import urgency
from normalizer.words.phrases import words_of
from tests.normalizer_bench.halves import HALVES, halves
from tests.normalizer_bench.rows import Goal, Row, share

TITLE = "what a message is, and how urgent"
SETS = ("jkt", "sby", "pb", "crm")


def measure(data: Path) -> Iterable[Row]:
    texts = [(name, text) for name in SETS for text in _texts(data, name)]
    of = halves([text for _, text in texts])
    signs = triage.load()
    found = [(name, half, *_sorted(text, signs)) for (name, text), half in zip(texts, of, strict=True)]
    for name in SETS:
        for half in HALVES:
            here = [(kind, level) for set_, in_half, kind, level in found if (set_, in_half) == (name, half)]
            mistaken = sum(kind != Kind.REPORT for kind, _ in here)
            alarms = sum(level is Level.EMERGENCY for _, level in here)
            yield share(f"{name}: reports taken for something else", mistaken, len(here), half=half, goal=_goal(name))
            yield share(f"{name}: reports called an emergency", alarms, len(here), half=half)


def _goal(name: str) -> Goal | None:
    """Those of the flood (pb) came with a photo and a pin, and are often a word or two."""
    return None if name == "pb" else Goal(0.03, below=True)


def _sorted(text: str, signs: Signs) -> tuple[str, Level]:
    words = words_of(text)
    urgent = urgency(text, words, signs)
    return kinds(Said(text, words), urgent, signs)[0].code, urgent.level


def _texts(data: Path, name: str) -> Iterator[str]:
    if name == "crm":
        with (data / "samples" / "crm_2023_dev.csv").open(encoding="utf-8") as file:
            yield from (row["text"] for row in csv.DictReader(file))
        return
    with (data / "duplicates" / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from (json.loads(line)["text"] for line in file)
