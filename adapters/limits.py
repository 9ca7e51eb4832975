"""How fast something may be used. Pure but for the clock that is handed in."""

from collections import OrderedDict

MOST_KEYS = 50_000


class Buckets:
    """A token bucket for each key: `burst` uses at once, then one more each `seconds`. Old keys are forgotten."""

    def __init__(self, burst: int, seconds: float) -> None:
        self._burst = float(burst)
        self._rate = 1.0 / seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def left(self, key: str, now: float) -> float:
        """How often the key may be used now."""
        tokens, since = self._buckets.get(key, (self._burst, now))
        return min(self._burst, tokens + max(0.0, now - since) * self._rate)

    def take(self, key: str, now: float) -> bool:
        """Use the key once, if it may be used now."""
        tokens = self.left(key, now)
        self._buckets.pop(key, None)
        allowed = tokens >= 1.0
        self._buckets[key] = (tokens - 1.0 if allowed else tokens, now)
        self._forget_old()
        return allowed

    def give_back(self, key: str, now: float) -> None:
        """One use of the key is undone."""
        tokens = min(self._burst, self.left(key, now) + 1.0)
        self._buckets.pop(key, None)
        self._buckets[key] = (tokens, now)
        self._forget_old()

    def _forget_old(self) -> None:
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
