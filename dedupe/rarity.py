"""How much a word tells: the rarer it is among open reports, the less likely two strangers both use it."""

from collections.abc import Mapping
from math import log

from dedupe.window import Window

#: What is known of a word before any report was seen counts as much as so many open reports.
TRUST = 500.0
#: The share of reports that have a word of which nothing is known.
UNKNOWN_SHARE = 0.0004


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

    def of_old(self, word: str) -> float:
        """The weight of a word that only a candidate has: by what is known beforehand."""
        return -log(self._common.get(word, UNKNOWN_SHARE))
