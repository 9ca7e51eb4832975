"""A piece of a text, and what it stands for in normal form."""

from collections.abc import Iterable
from itertools import chain
from operator import attrgetter

import msgspec


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """`forms` ("jl mawar raya"; "rt 3" and "rw 5") are found at `start` to `end` of a text."""

    start: int
    end: int
    forms: tuple[str, ...]

    def holds(self, place: int) -> bool:
        return self.start < place < self.end


_FORMS = attrgetter("forms")


def forms_of(stretches: Iterable[Stretch]) -> tuple[str, ...]:
    """Each form once, in the order of the text."""
    return tuple(dict.fromkeys(chain.from_iterable(map(_FORMS, stretches))))
