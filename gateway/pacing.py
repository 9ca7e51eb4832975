"""How fast a channel may be written by: its `limits`, kept before a provider has to say so. Pure.

In no span of a limit's seconds leave more replies than it allows, however a provider cuts its time. All times are
seconds of the monotonic clock.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence

from adapters import Limit

MOST_CONVERSATIONS = 50_000
#: Shorter spans are over by the time that a process is up again.
LONG_SECONDS = 10.0


class _Window:
    """When the latest replies left that one limit counts, for all of the channel or for each conversation."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._left: OrderedDict[str, deque[float]] = OrderedDict()

    def counts(self, public: bool) -> bool:
        return self.limit.of == "all" or (self.limit.of == "public") is public

    def room(self, conversation: str, now: float) -> int:
        left = self._recent(conversation, now)
        return self.limit.most - len(left)

    def wait(self, conversation: str, now: float) -> float:
        """Seconds until there is room."""
        left = self._recent(conversation, now)
        beyond = len(left) - self.limit.most
        return left[beyond] + self.limit.seconds - now if beyond >= 0 else 0.0

    def took(self, conversation: str, now: float) -> None:
        key = self._key(conversation)
        self._left.setdefault(key, deque()).append(now)
        self._left.move_to_end(key)
        if len(self._left) > MOST_CONVERSATIONS:
            self._left.popitem(last=False)

    def _recent(self, conversation: str, now: float) -> deque[float]:
        left = self._left.get(self._key(conversation), deque())
        while left and left[0] <= now - self.limit.seconds:
            left.popleft()
        return left

    def _key(self, conversation: str) -> str:
        return conversation if self.limit.each == "conversation" else ""


class Pacing:
    def __init__(self, limits: Iterable[Limit]) -> None:
        windows = [_Window(limit) for limit in limits]
        self._of_all = [one for one in windows if one.limit.each == "channel"]
        self._of_one = [one for one in windows if one.limit.each == "conversation"]
        #: Whether public and private replies have to be looked at apart.
        self.is_split = any(one.limit.of != "all" for one in self._of_all)
        #: How long it must be known when replies left.
        self.memory = max((one.limit.seconds for one in self._of_all if one.limit.seconds >= LONG_SECONDS), default=0.0)

    def room(self, public: bool, now: float, most: int) -> int:
        """How many replies may leave now, at most `most`."""
        return max(0, min([most, *(one.room("", now) for one in self._of_all if one.counts(public))]))

    def wait(self, now: float) -> float:
        """Seconds until more may leave than now; 0 if as many may as there are."""
        waits = [one.wait("", now) for one in self._of_all]
        return min(filter(None, waits), default=0.0)

    def turn(self, conversation: str, public: bool, now: float) -> float:
        """Seconds until one may leave in a conversation."""
        return max((one.wait(conversation, now) for one in self._of_one if one.counts(public)), default=0.0)

    def took(self, public: bool, now: float) -> None:
        """One leaves."""
        for one in self._of_all:
            if one.counts(public):
                one.took("", now)

    def spoke(self, conversation: str, public: bool, now: float) -> None:
        """One leaves in a conversation."""
        for one in self._of_one:
            if one.counts(public):
                one.took(conversation, now)

    def remember(self, left: Sequence[tuple[float, bool]]) -> None:
        """What left before the start: when, oldest first, and whether it was public."""
        for at, public in left:
            self.took(public, at)
