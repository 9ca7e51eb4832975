"""A batch in runs: within a run nobody is heard twice in the same conversation, and nothing is told twice of the same
message, so that what came of the first is known before the second is looked at. Each run is a transaction.

What one delivery holds may go into several runs: it is done with the last of them. If the process ends before that, the
messages that were settled are known when it is processed again.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from adapters import Event, Message, Retracted, Sent
from gateway.filed import Filed, LookedAt, Reading
from gateway.store.contract import Claimed


class Piece(NamedTuple):
    """An event of a delivery; None of a timer or a fetched `file`, and of what holds none or could not be read.
    `is_last`: nothing of the delivery is left after it; `is_alone`: nor was anything before."""

    claimed: Claimed
    event: Event | None = None
    filed: Filed | None = None
    error: str | None = None
    file: LookedAt | None = None
    is_last: bool = True
    is_alone: bool = True


#: The ids of the talks that an event, or a timer, goes on with.
Talks = Callable[[Piece], Sequence[str]]


def runs(pairs: Sequence[tuple[Claimed, Reading]], talks: Talks) -> Iterator[list[Piece]]:
    """All of it, in order."""
    run: list[Piece] = []
    held: dict[str, object] = {}
    for piece in pieces(pairs):
        found, owner = (*talks(piece), *_names(piece)), _owner(piece)
        if any(held.get(talk, owner) != owner for talk in found):
            yield run
            run, held = [], {}
        held |= dict.fromkeys(found, owner)
        run.append(piece)
    if run:
        yield run


def pieces(pairs: Sequence[tuple[Claimed, Reading]]) -> Iterator[Piece]:
    """Each event by itself, in order."""
    for claimed, reading in pairs:
        last = len(reading.events) - 1
        if last < 0:
            yield Piece(claimed, error=reading.error, file=reading.file)
        for number, (event, filed) in enumerate(zip(reading.events, reading.filed, strict=True)):
            yield Piece(claimed, event, filed, is_last=number == last, is_alone=last == 0)


def _names(piece: Piece) -> Iterator[str]:
    """The messages, and the albums, that an event is about: what becomes of the one decides about the other."""
    match piece.event:
        case Message() as message:
            names = (message.id, message.replaces, message.group and f"album {message.group}")
            yield from (f"message {name}" for name in names if name)
        case Retracted() | Sent() as event:
            yield f"message {event.message}"


def _owner(piece: Piece) -> object:
    """The parts of one text make one message."""
    if isinstance(piece.event, Message) and piece.event.part:
        return piece.event.part.reference
    return id(piece)
