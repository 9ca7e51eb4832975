"""Takes mails out of a folder, so many at a time; one that cannot be taken holds up no other.

Whatever fails ends the poll, for it may be the server, the network or a mail. After that mails are taken one by one,
and then by ever more again. One that fails alone is blamed only while another mail of the folder can be had: as long as
none can, the server is ill, and nothing is given up. Blamed again, only its beginning is fetched, and at last a
delivery that says so goes to the quarantine in its place. Its UID stays in the cursor, and the mail is asked for again
when there is nothing new. If it comes it is a delivery of its own, with the id that it would have had: so it becomes
one report, as it would have, also where a backfill or a folder that is read anew brings it first.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import msgspec

from adapters import ChannelDown, Delivery
from adapters.imap.again import Again
from adapters.imap.places import Place
from adapters.imap.session import Session
from adapters.imap.settings import ImapSettings
from adapters.imap.taking import Taker
from adapters.mails.identity import BEGINNING

MAILS = 100  # in one batch
_WINDOW = 10_000  # UIDs that are asked for at once: imaplib takes no line of more than a million octets
_WHOLE, _IN_PART = 2, 1  # tries of a mail alone
_Taken = tuple[Sequence[Delivery], Place]

_log = logging.getLogger(__name__)


class Harvest(msgspec.Struct, frozen=True):
    """What was taken, where the next one starts, and whether the folder is at its end."""

    deliveries: Sequence[Delivery]
    place: Place
    finished: bool


class Harvester:
    """For one folder; `since` (aware) leaves out what the server got before. What it remembers is noted before each
    try, for what fails ends in an error, and the next one has another session."""

    def __init__(self, folder: str, settings: ImapSettings, since: datetime | None = None) -> None:
        self._folder = folder
        self._settings = settings
        self._since = since
        self._taker = Taker(folder, settings, since)
        self._again = Again()
        self._most = MAILS
        self._blamed: Counter[tuple[int, int]] = Counter()
        self._failed: tuple[int, int] | None = None
        self._turn = 0

    def next(self, session: Session, known: Place | None) -> Harvest:
        """What comes after a place. Blocks; raises a ChannelError."""
        folder = session.open(self._folder)
        place = known if known and known.validity == folder.validity else Place(folder.validity, 0)
        end = max(place.last, min(place.last + _WINDOW, folder.next - 1))
        uids = session.numbers(place.last + 1, end, self._day()) if place.last < end else []
        taken, reached = self._new(session, place, uids) if uids else ((), place)
        if not uids or reached.last == uids[-1]:
            reached = reached.at(end)
        finished = reached.last >= folder.next - 1
        if finished and not uids:
            taken, reached = self._lost_before(session, reached)
        return Harvest(taken, reached, finished)

    def _day(self) -> date | None:
        """For the server's calendar, whatever its time zone."""
        return (self._since - timedelta(days=1)).date() if self._since else self._settings.since

    def _new(self, session: Session, place: Place, uids: Sequence[int]) -> _Taken:
        most, self._most = self._most, 1
        if most > 1:
            taken, last = self._taker.take(session, place.validity, uids[:most])
            reached = place.at(last)
        else:
            taken, reached = self._alone(session, place, uids[0])
        self._most = min(2 * most, MAILS)
        return taken, reached

    def _alone(self, session: Session, place: Place, uid: int) -> _Taken:
        key = place.validity, uid
        self._judge(session, place, uid)
        self._failed = key
        taken, reached = self._tried(session, place, uid)
        self._failed = None
        del self._blamed[key]
        return taken, reached.at(uid)

    def _judge(self, session: Session, place: Place, uid: int) -> None:
        """Blames a mail for its failure if another one can be had. Raises a ChannelError if that fails as well."""
        key = place.validity, uid
        failed, self._failed = self._failed, None
        if failed == key and self._has_another(session, place, uid):
            self._blamed[key] += 1

    def _has_another(self, session: Session, place: Place, uid: int) -> bool:
        """Each time another one, for that may be as bad."""
        near = session.numbers(max(1, uid - _WINDOW // 2), uid + _WINDOW // 2)
        others = [one for one in near if one != uid and one not in place.lost]
        self._turn += 1
        return bool(others) and session.beginning(others[self._turn % len(others)], BEGINNING) is not None

    def _tried(self, session: Session, place: Place, uid: int) -> _Taken:
        blamed = self._blamed[place.validity, uid]
        if blamed < _WHOLE:
            return self._taker.take(session, place.validity, [uid])[0], place
        if blamed < _WHOLE + _IN_PART:
            octets = min(self._settings.max_size, BEGINNING)
            return self._taker.beginning(session, place.validity, uid, octets), place
        return self._lose(place, uid)

    def _lose(self, place: Place, uid: int) -> _Taken:
        where = f"{self._folder}, UID {uid}"
        _log.error("%s: the mail server does not hand over a mail (%s)", self._settings.name, where)
        self._again.put_off(uid)
        return [self._taker.lost(place.validity, uid)], place.losing(uid)

    def _lost_before(self, session: Session, place: Place) -> _Taken:
        """One mail that was lost, if it is time to ask for it and it comes, or is gone."""
        uid = self._again.due(place.lost)
        if uid is not None:
            with suppress(ChannelDown):
                taken, _ = self._taker.take(session, place.validity, [uid])
                return taken, place.finding(uid)
        return (), place
