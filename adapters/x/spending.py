"""What X charges for what is read: the same thing once in a day of UTC, however often it is told of."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime


class Spending:
    """Since the process began; a day's things are forgotten with it."""

    def __init__(self) -> None:
        self._day = ""
        self._known: set[tuple[str, str]] = set()

    def spent(self, charged: Iterable[tuple[str, str]], at: datetime) -> dict[str, int]:
        """How many of each name there are that were not charged for yet on the day of `at`, which is in UTC."""
        if (day := f"{at:%Y-%m-%d}") != self._day:
            self._day, self._known = day, set()
        new = set(charged) - self._known
        self._known |= new
        return dict(Counter(name for name, _ in new))
