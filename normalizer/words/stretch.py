"""A piece of a text, and what it stands for in normal form."""

from collections.abc import Iterable

import msgspec


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """`forms` ("jl mawar raya"; "rt 3" and "rw 5") are found at `start` to `end` of a text."""

    start: int
    end: int
    forms: tuple[str, ...]

    def holds(self, place: int) -> bool:
        return self.start < place < self.end


def forms_of(stretches: Iterable[Stretch]) -> tuple[str, ...]:
    """Each form once, in the order of the text."""
    forms = [form for stretch in stretches for form in stretch.forms]
    return tuple(dict.fromkeys(forms)) if forms else ()
