"""What was found out of a word, kept for when it comes again."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Longer words hardly come again.
_LONGEST = 32
_MOST = 16_384


def remembered(make: Callable[[str], T]) -> Callable[[str], T]:
    """The same function of a word, which is asked once for each.

    Quicker than `functools.lru_cache`: it does not keep words in the order of their use; when full, it begins anew.
    """
    return _Memo(make).__getitem__


class _Memo(dict[str, T]):
    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> T:
        made = self._make(word)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[word] = made
        return made
