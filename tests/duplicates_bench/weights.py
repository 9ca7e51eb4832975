"""The shipped weights, learnt anew: `python -m tests.duplicates_bench.weights FILE [--data DIR]`.

A logistic regression of all features, and combinations of them beside it, on the pairs of all labelled sets. Words that
are common, thresholds, and the weights of what no set has (people, codes, photos) stay as they are.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from dedupe.features import NAMES
from dedupe.learning import learn
from dedupe.model import Combination, Model
from tests.duplicates_bench import quality, sets
from tests.duplicates_bench.combining import Combined, combined
from tests.duplicates_bench.engine import MODEL
from tests.duplicates_bench.pairs import Pairs, paired

Vector = NDArray[np.float64]

#: How much a pair of a set counts: the largest is made up and must not drown the real ones, one was read by hand.
COUNTS = {"jkt": 1.0, "jkt-text": 0.2, "sby-text": 15.0, "sd311": 1.5, "pb": 0.15}
COMBINATIONS = 40
PULL = 5.0
#: Of pairs that anybody would tell apart so many are learnt from, and count the more.
EASY, SHARE = 0.03, 0.06
BY_HAND = ("same person", "same code", "same photo")
#: What makes "more likely than not" the best place to divide, found on these sets: the bias, and where both have a pin.
SHIFTS = {"": -1.2, "two pins": 1.2}
_DIGITS = 3


def learnt(pairs: Mapping[str, Pairs], without: int | None = None) -> Model:
    """The model of `pairs`, by the names of their sets; `without` leaves out what is of that half of the incidents."""
    chosen = [_weighted(_kept(one, without), COUNTS.get(name, 1.0)) for name, one in pairs.items()]
    crude = _regression(_joined([one._replace(counts=np.ones(len(one.same))) for one in chosen]))
    known = _joined([_hard(one, crude) for one in chosen])
    weights = _regression(known)
    aside = weights[0] + known.features @ weights[1:]
    return _model(weights, combined(known.features, known.same, known.counts, aside, COMBINATIONS))


def _kept(pairs: Pairs, without: int | None) -> Pairs:
    return pairs if without is None else pairs.only((pairs.halves != without).all(axis=1))


def _weighted(pairs: Pairs, count: float) -> Pairs:
    return pairs._replace(counts=pairs.counts * count)


def _hard(pairs: Pairs, crude: Vector) -> Pairs:
    """All pairs of one incident and all that are hard to tell apart; of the others a share, chosen by chance."""
    odds = crude[0] + pairs.features @ crude[1:]
    hard = (odds > np.log(EASY / (1 - EASY))) | (pairs.same > 0)
    chosen = np.random.default_rng(0).random(len(hard)) < SHARE
    return pairs._replace(counts=pairs.counts * np.where(hard, 1, 1 / SHARE)).only(hard | chosen)


def _joined(pairs: Iterable[Pairs]) -> Pairs:
    return Pairs(*(np.concatenate(column) for column in zip(*pairs, strict=True)))


def _regression(pairs: Pairs) -> Vector:
    size = pairs.features.shape[1] + 1
    pull = np.full(size, PULL)
    pull[0] = 1e-3
    return learn(pairs.features, pairs.same, pairs.counts, np.zeros(size), pull)


def _model(weights: Vector, beside: Combined) -> Model:
    now = {one.feature: one for one in MODEL.weights}
    found = dict(zip(NAMES, weights[1:], strict=True))
    named = [
        msgspec.structs.replace(now[name], weight=_rounded(found[name] + SHIFTS.get(name, 0)))
        if name not in BY_HAND
        else now[name]
        for name in NAMES
    ]
    combinations = [
        Combination(
            weight=_rounded(beside.worth[number]),
            bias=_rounded(beside.biases[number]),
            of={name: _rounded(one) for name, one in zip(NAMES, beside.of[:, number], strict=True) if _rounded(one)},
        )
        for number in range(len(beside.worth))
    ]
    bias = _rounded(weights[0] + beside.shift + SHIFTS[""])
    return msgspec.structs.replace(MODEL, bias=bias, weights=tuple(named), combinations=tuple(combinations))


def _rounded(number: float) -> float:
    return round(float(number), _DIGITS)


def collected(chosen: list[sets.Set], console: Console) -> dict[str, Pairs]:
    """The pairs of each stream, which takes a minute or so."""
    found = {}
    for one in chosen:
        for stream in [] if one.is_twins else sets.streams(one):
            found[stream.name] = paired(stream, MODEL.common)
            quality.say(console, f"{stream.name}: {len(found[stream.name].same):,} pairs")
    return found


def as_text(model: Model) -> str:
    """As the file is: a line for each weight and each combination."""
    rest = msgspec.to_builtins(model)
    lines = []
    for name, value in rest.items():
        if isinstance(value, list | tuple) and value:
            inner = ",\n".join(f"  {_json(one)}" for one in value)
            lines.append(f" {_json(name)}: [\n{inner}\n ]")
        else:
            lines.append(f" {_json(name)}: {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def main(
    file: Annotated[Path, typer.Argument(help="Where to write the weights, as config/dedupe.json.")],
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="Labelled sets.")] = sets.FOLDER,
) -> None:
    """Learn the weights of the judge from labelled sets."""
    console = Console()
    pairs = collected(quality.found(data, console), console)
    model = learnt(pairs)
    many = sum(len(one.same) for one in pairs.values())
    said = (
        f"{many:,} pairs of labelled complaints, real and made of real ones: all signals, and text alone; the bias was"
        " set for the best pairwise F1 at 0.5, the weights of person, code and photo by hand"
    )
    file.write_text(as_text(msgspec.structs.replace(model, trained=said)), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
