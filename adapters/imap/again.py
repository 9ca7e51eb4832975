"""When a mail that the server did not hand over is asked for again."""

import time
from collections.abc import Sequence

FIRST, LONGEST = 600.0, 86_400.0  # seconds; each pause is twice the one before


class Again:
    """For one folder. A process that has just started asks for all of them once."""

    def __init__(self) -> None:
        self._due: dict[int, float] = {}
        self._pauses: dict[int, float] = {}

    def put_off(self, uid: int) -> None:
        pause = self._pauses[uid] = min(2 * self._pauses.get(uid, FIRST / 2), LONGEST)
        self._due[uid] = time.monotonic() + pause

    def due(self, lost: Sequence[int]) -> int | None:
        """One of these UIDs; not again before its next time."""
        now = time.monotonic()
        found = next((uid for uid in lost if self._due.get(uid, now) <= now), None)
        if found is not None:
            self.put_off(found)
        return found
