"""Makes deliveries of mails in a folder."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from adapters import ChannelDown, Delivery
from adapters.imap.session import Listed, Session
from adapters.imap.settings import ImapSettings
from adapters.mails.identity import BEGINNING, identity_in_mailbox

OCTETS = 8_388_608  # at once, unless one mail alone has more


class Taker:
    """For one folder; `since` (aware) leaves out what the server got before. Its methods block, and raise a
    ChannelError."""

    def __init__(self, folder: str, settings: ImapSettings, since: datetime | None) -> None:
        self._folder = folder
        self._settings = settings
        self._since = since

    def take(self, session: Session, validity: int, uids: Sequence[int]) -> tuple[Sequence[Delivery], int]:
        """As many of these mails, from the first on, as are fetched at once, and the UID of the last; those that are
        not there any more are left out."""
        listed = session.listed(uids)
        self._check_gone(session, uids, [one.uid for one in listed])
        wanted = [one for one in listed if self._since is None or one.came_at >= self._since]
        chosen = list(self._at_once(wanted))
        last = uids[-1] if len(chosen) == len(wanted) else chosen[-1].uid
        return self._fetched(session, validity, chosen), last

    def beginning(
        self, session: Session, validity: int, uid: int, octets: int, size: int | None = None
    ) -> Sequence[Delivery]:
        """At most so much of a mail; none if it is not there any more."""
        part = session.beginning(uid, max(octets, BEGINNING))
        self._check_gone(session, [uid], [] if part is None else [uid])
        return [] if part is None else [self._delivery(validity, uid, part, octets, cut=str(size or ""))]

    def lost(self, validity: int, uid: int) -> Delivery:
        """Says that there is a mail. Its id is not that of the mail, which may come one day."""
        known = self._delivery(validity, uid, b"", 0, lost="")
        name = f"{self._folder}/{validity}/{uid}"
        return msgspec.structs.replace(known, id=sha256(name.encode()).hexdigest())

    def _check_gone(self, session: Session, asked: Sequence[int], found: Sequence[int]) -> None:
        """What is missing in an answer is gone only if the folder, opened anew, does not have it."""
        missing = set(asked) - set(found)
        if not missing:
            return
        session.open(self._folder)
        if missing & set(session.numbers(min(missing), max(missing))):
            raise ChannelDown("the mail server leaves out a mail that it has")

    def _at_once(self, listed: Sequence[Listed]) -> Iterator[Listed]:
        octets = 0
        for number, one in enumerate(listed):
            octets += one.size
            alone = one.size > self._settings.max_size
            if number and (alone or octets > OCTETS):
                return
            yield one
            if alone:
                return

    def _fetched(self, session: Session, validity: int, chosen: Sequence[Listed]) -> Sequence[Delivery]:
        limit = self._settings.max_size
        if chosen and chosen[0].size > limit:
            return self.beginning(session, validity, chosen[0].uid, limit, chosen[0].size)
        uids = [one.uid for one in chosen]
        mails = session.mails(uids)
        self._check_gone(session, uids, list(mails))
        return [self._whole(validity, uid, mail) for uid, mail in sorted(mails.items())]

    def _whole(self, validity: int, uid: int, mail: bytes) -> Delivery:
        """Unless it is larger than the server said: not all count alike."""
        limit = self._settings.max_size
        cut = {"cut": str(len(mail))} if len(mail) > limit else {}
        return self._delivery(validity, uid, mail, limit, **cut)

    def _delivery(self, validity: int, uid: int, mail: bytes, octets: int, **more: str) -> Delivery:
        """Known by more than is kept, so that the same mail is the same whatever `max_size` is."""
        return Delivery(
            id=identity_in_mailbox(mail),
            channel=self._settings.name,
            received_at=datetime.now(UTC),
            body=mail[:octets],
            content_type="message/rfc822",
            headers={"folder": self._folder, "uidvalidity": str(validity), "uid": str(uid), **more},
        )
