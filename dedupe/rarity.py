"""How much a word tells: the rarer it is among open reports, the less likely two strangers both use it."""

from collections.abc import Collection, Mapping
from math import log

from dedupe.window import Window

#: What is known of a word before any report was seen counts as much as so many open reports.
TRUST = 500.0
#: The share of reports that have a word of which nothing is known.
UNKNOWN_SHARE = 0.0004
#: No single word tells more than this: it may be a typing error.
MOST_RARE = 8.0

_UNKNOWN = min(-log(UNKNOWN_SHARE), MOST_RARE)


def capped(weight: float) -> float:
    return weight if weight < MOST_RARE else MOST_RARE


class Rarity:
    """The weights of words in nats: 3 for one that every twentieth report has, 8 for a name that hardly any has.

    `common` is the share of reports that have a word, for the commonest words of complaints.
    """

    def __init__(self, common: Mapping[str, float], window: Window) -> None:
        self._common = common
        self._seen = window.seen
        self._open = window.open

    def of_new(self, word: str) -> float:
        """The weight of a word of the new report: by what is open, and by what is known beforehand."""
        share = self._common.get(word, UNKNOWN_SHARE)
        return -log((self._seen.get(word, 0) + TRUST * share) / (self._open + TRUST))

    def of_old(self, words: Collection[str]) -> float:
        """The capped weights of the words of a candidate together: by what is known beforehand."""
        common = self._common
        known = [common[word] for word in words if word in common]
        return (len(words) - len(known)) * _UNKNOWN + sum([capped(-log(share)) for share in known])
