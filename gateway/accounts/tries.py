"""How often somebody may try to log in. Pure but for the clock that is handed in.

Who tries names and passwords has to wait, and cannot make others wait for long: wrong tries are counted by where they
come from, and by account apart for strangers and for each browser in which its owner has logged in before (device
cookies, owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies). Nobody is shut out for good,
and a right password is never counted. Names that there are not are counted like those that there are.
"""

from adapters.limits import Buckets


class Tries:
    """By source (see `adapters.hosts.source_of`) thirty wrong ones at once, then one every ten seconds; for an account
    `burst`, then one each `seconds`."""

    def __init__(self, burst: int, seconds: float) -> None:
        self._sources = Buckets(burst=30, seconds=10)
        self._accounts = Buckets(burst, seconds)

    def may(self, account: str, source: str, device: str, now: float) -> bool:
        """`device` names a browser that its owner is known to use, "" any other."""
        return self._sources.left(source, now) >= 1 and self._accounts.left(f"{account} {device}", now) >= 1

    def failed(self, account: str, source: str, device: str, now: float) -> None:
        self._sources.take(source, now)
        self._accounts.take(f"{account} {device}", now)

    def succeeded(self, account: str, source: str, device: str, now: float) -> None:
        """What was counted as wrong a moment ago was right."""
        self._sources.give_back(source, now)
        self._accounts.give_back(f"{account} {device}", now)
