"""What a judge may know of the open reports that a report is compared with, beside the candidates themselves."""

from collections.abc import Mapping

import msgspec


class Window(msgspec.Struct, frozen=True, gc=False):
    """How many reports are open, and in how many of them each of a report's content words occurs: among a million a
    word must be rarer to mean anything. A word that is not in `seen` occurs in none; `Window()` is an unknown window.
    `daily` is how many reports a day have come in lately (0: unknown): among so many, strangers write within an hour.
    """

    open: int = 0
    seen: Mapping[str, int] = {}
    daily: float = 0.0


#: Nothing is known of what is open.
UNKNOWN = Window()
