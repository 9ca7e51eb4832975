"""Who has blocked us is told nothing more there, until they write again."""

from adapters import Gone
from gateway.afterwards.ground import Ground
from gateway.contacts import contact_of
from gateway.store.contract import GoneRow, TalkMode
from gateway.telling import PRIVATE


def left(ground: Ground, event: Gone) -> None:
    """Their talk ends; what is to be said goes other ways."""
    contact = contact_of(ground.rules.key, event.sender)
    person = ground.person(contact.id)
    ground.settlement.contacts.append(contact)
    ground.settlement.gone.append(GoneRow(event.channel, person, ground.now))
    talk = ground.talk(person, PRIVATE)
    if talk.mode is TalkMode.OPEN:
        talk.end()
        ground.keep(talk)


def came_back(ground: Ground, contact: str) -> None:
    """Whoever writes can be told again."""
    if ground.store.is_gone(ground.channel, contact):
        ground.settlement.back.append((ground.channel, contact))
