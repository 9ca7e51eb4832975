"""What staff wrote by the provider's own app: colleagues see that it was answered, and the bot falls silent."""

from adapters import Sent
from gateway.afterwards.ground import Ground
from gateway.contacts import contact_of
from gateway.store.contract import Claimed, HistoryRow, MessageRow, TalkMode
from gateway.telling import PRIVATE
from normalizer.persons.masking import mask

#: In a case's history, and why a person goes on with the talk.
ELSEWHERE = "answered-elsewhere"
STAFF = "petugas"
#: For so long what a channel says that we sent may be our own reply, of which it has not told the id yet.
ECHO_SECONDS = 15 * 60.0


def echoed(ground: Ground, claimed: Claimed, event: Sent) -> None:
    """Our own replies' echoes say nothing new."""
    if event.to is None or ground.store.replied_to(event.channel, [event.message]):
        return
    contact = contact_of(ground.rules.key, event.to)
    person = ground.person(contact.id)
    if _is_ours(ground, person, event.text):
        return
    ground.settlement.contacts.append(contact)
    ground.settlement.messages.append(MessageRow(event.channel, event.message, claimed.seq, None, person))
    _tell_colleagues(ground, person, event)
    _leave_to_staff(ground, person)


def _is_ours(ground: Ground, contact: str, text: str) -> bool:
    said = ground.store.said_since(ground.channel, contact, ground.now - ECHO_SECONDS)
    return " ".join(text.split()) in {" ".join(one.split()) for one in said}


def _tell_colleagues(ground: Ground, contact: str, event: Sent) -> None:
    """In the newest case of theirs that is open."""
    found = ground.store.cases_of(contact, 1)
    case = found[0][0] if found else None
    root = ground.store.case(case.joined_into) if case and case.joined_into else case
    if root is None or root.closed_at:
        return
    note = mask(event.text, ground.rules.book.areas)
    detail = {"channel": event.channel} | ({"note": note} if note else {})
    row = HistoryRow(case=root.code, at=ground.now, event=ELSEWHERE, actor=STAFF, detail=detail)
    ground.settlement.history.append(row)


def _leave_to_staff(ground: Ground, contact: str) -> None:
    """A report that waits to be acknowledged still is."""
    talk = ground.talk(contact, PRIVATE)
    burst = talk.memory.burst
    if talk.mode is not TalkMode.PERSON:
        talk.heard_at = talk.heard_at or ground.store.last_heard(ground.channel, contact, PRIVATE) or 0.0
        talk.hand_over(ELSEWHERE)
        talk.remember(burst=burst)
        ground.keep(talk)
