"""What becomes of mails in the mailbox once they are on our disk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from adapters import Delivery
from adapters.imap.session import Session
from adapters.imap.settings import ImapSettings


def done(deliveries: Iterable[Delivery]) -> Mapping[tuple[str, int], Sequence[int]]:
    """The UIDs of those that were taken whole, by folder and UIDVALIDITY. Of others the mailbox has what we lack."""
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for one in deliveries:
        if not one.headers.keys() & {"cut", "lost"}:
            found[one.headers["folder"], int(one.headers["uidvalidity"])].append(int(one.headers["uid"]))
    return found


def put_away(session: Session, settings: ImapSettings, folder: str, validity: int, uids: Sequence[int]) -> None:
    """Unless the folder is another one by now. Blocks; raises a ChannelError."""
    if session.open(folder, to_change=True).validity != validity:
        return
    match settings.after:
        case "seen":
            session.mark_read(uids)
        case "move":
            session.move(uids, settings.moved_to)
        case "delete":
            session.delete(uids)
