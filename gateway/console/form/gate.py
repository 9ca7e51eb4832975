"""How many reports one address may send by the public forms, and how often it may ask for what is alike."""

from adapters import FormTerms
from adapters.limits import Buckets

HOUR = 3600.0


class Gate:
    """Behind one address may be a whole neighbourhood: whose browser reckons may send many. All that a moment's crowd
    sends at once is taken, then so many a minute or hour."""

    def __init__(self) -> None:
        self._sent: dict[tuple[float, float], Buckets] = {}
        self._asked = Buckets(burst=30, seconds=2)

    def may_send(self, terms: FormTerms, source: str, proven: bool, now: float) -> bool:
        most, seconds = (terms.per_minute, 60.0) if proven else (terms.unproven_per_hour, HOUR)
        allowed = self._sent.setdefault((most, seconds), Buckets(most, seconds / most))
        return allowed.take(f"{proven} {source}", now)

    def may_ask(self, source: str, now: float) -> bool:
        return self._asked.take(source, now)
