"""Stretches of a text that are found in several passes, each of which reads the text without what is found already."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple


class Stretch(NamedTuple):
    """From `start` to `end` (characters) of a text; `kind` is what stands in brackets in its place."""

    start: int
    end: int
    kind: str


#: Finds stretches in a text, in order and apart from one another.
Pass = Callable[[str], Iterable[Stretch]]


def found(text: str, passes: Iterable[Pass]) -> tuple[str, tuple[Stretch, ...]]:
    """The text without what the passes find, and where that stood in `text`, in order.

    A pass finds nothing that is a mask of an earlier one.
    """
    masked = text
    stretches: tuple[Stretch, ...] = ()
    for one in passes:
        more = tuple(one(masked))
        if more:
            stretches = tuple(sorted((*stretches, *_traced(more, stretches)))) if stretches else more
            masked = replaced(text, stretches)
    return masked, stretches


def replaced(text: str, stretches: Iterable[Stretch]) -> str:
    """`text` with each stretch replaced by its kind in brackets; they are in order."""
    kept: list[str] = []
    done = 0
    for start, end, kind in stretches:
        kept += text[done:start], f"[{kind}]"
        done = end
    return "".join((*kept, text[done:]))


def _traced(later: Iterable[Stretch], earlier: Sequence[Stretch]) -> Iterable[Stretch]:
    """Where in the text itself stands what was found in the text without the earlier ones."""
    ends, shifts, shift = [-1], [0], 0
    for start, end, kind in earlier:
        shift += len(kind) + 2 - (end - start)
        ends.append(end + shift)
        shifts.append(shift)
    for start, end, kind in later:
        yield Stretch(start - shifts[bisect_right(ends, start) - 1], end - shifts[bisect_right(ends, end) - 1], kind)
