"""Mails of the project's own corpus: of each that something is expected of, whether it was read; and how many a second.

The corpus is what the readers were built on: the shares say that nothing got worse, not how strangers' mails fare.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

from normalizer.mails.mail import read_mail
from tests.normalizer import corpus, mail_costs
from tests.normalizer.mail_costs import Cost
from tests.normalizer_bench.rows import Goal, Row, share

TITLE = "the corpus of mails as clients, machines and broken programs send them"
#: What each line of the table is about.
MEASURES = {
    "right text": ("text", "lacks", "wordless"),
    "right subject": ("subject",),
    "right sender": ("sender", "name"),
    "right files": ("files",),
    "right doubts": ("doubts",),
    "automatic mail known": ("automatic",),
}
ROUNDS = 5


def measure(_data: Path, rounds: int = ROUNDS) -> Iterable[Row]:
    found = {name: corpus.right(read_mail(corpus.raw(name)), wanted) for name, wanted in corpus.EXPECTED.items()}
    for measured, things in MEASURES.items():
        judged = [
            all(holds) for right in found.values() if (holds := [right[what] for what in things if what in right])
        ]
        yield share(measured, sum(judged), len(judged), goal=Goal(0.98))
    raws = [corpus.raw(name) for name in corpus.EXPECTED]
    rate = median(_rates(raws, rounds))
    yield from _worst(mail_costs.measured())
    yield Row(measure="taken apart", count=len(raws) * rounds, value=rate, unit="/s", goal=Goal(300))


def _worst(costs: list[Cost]) -> Iterator[Row]:
    """Of the corpus, CPython's own mails, and those made to cost more than they weigh."""
    yield share("read at all", sum(not cost.error for cost in costs), len(costs), goal=Goal(1))
    for measured, values, unit, bound in (
        ("worst processor time", [cost.seconds * 1_000 for cost in costs], "ms", 2_000),
        ("worst memory beside its own", [cost.memory / 1e6 for cost in costs], "MB", 200),
    ):
        yield Row(measure=measured, count=len(costs), value=max(values), unit=unit, goal=Goal(bound, below=True))


def _rates(raws: list[bytes], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        began = process_time()
        for raw in raws:
            read_mail(raw)
        yield len(raws) / max(process_time() - began, 1e-9)
