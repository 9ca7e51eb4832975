"""Who may report, and how much: keys of applications, each with limits of its own."""

import time
from collections.abc import Iterable
from hashlib import sha256

from adapters import AppKey
from adapters.hosts import source_of
from adapters.limits import Buckets
from adapters.open311.faults import fault

MINUTE, DAY = 60.0, 86_400.0


class Gate:
    """Limits are kept as long as the process runs: so many at once, and then by and by."""

    def __init__(self, strangers_per_minute: int) -> None:
        self._keys: dict[str, AppKey] = {}
        self._limits: dict[tuple[int, float], Buckets] = {}
        self._strangers = Buckets(strangers_per_minute, MINUTE / strangers_per_minute)

    def use(self, keys: Iterable[AppKey]) -> None:
        self._keys = {key.digest: key for key in keys}

    def application(self, key: str) -> AppKey | None:
        """Whose key this is; None for "". Raises `Faulty`: 403, or 429 where it asked too often."""
        if not key:
            return None
        known = self._keys.get(sha256(key.encode("utf-8", "surrogatepass")).hexdigest())
        if known is None:
            raise fault(403, "the api_key is wrong, or was revoked")
        self._charge(known.app, known.per_minute, MINUTE)
        return known

    def report(self, known: AppKey | None, peer: str) -> None:
        """A report is to be taken. Raises `Faulty` (429)."""
        if known:
            self._charge(known.app, known.per_day, DAY)
        elif not self._strangers.take(source_of(peer), time.monotonic()):
            raise fault(429, "too many reports without a key: try again in a minute")

    def _charge(self, app: str, most: int, seconds: float) -> None:
        if not most:
            return
        buckets = self._limits.setdefault((most, seconds), Buckets(most, seconds / most))
        if not buckets.take(app, time.monotonic()):
            raise fault(429, f"this key may be used {most} times in {seconds:.0f} seconds")
