"""Long texts that arrive in pieces: they wait until complete, or until their time is up. Pure."""

import msgspec

from adapters import Message
from gateway.store.contract import PartRow, TimerRow

WAIT_SECONDS = 600.0
MISSING = "[…]"

_encode = msgspec.json.Encoder().encode
_message = msgspec.json.Decoder(Message)


class PartsDue(msgspec.Struct, frozen=True, tag="parts"):
    """The body of the timer that ends the wait."""

    reference: str


def part_row(message: Message, seq: int, at: float) -> PartRow:
    part = message.part
    assert part is not None
    return PartRow(
        channel=message.channel,
        reference=part.reference,
        number=part.number,
        of=part.of,
        seq=seq,
        message=_encode(message),
        at=at,
    )


def timer(row: PartRow) -> TimerRow:
    return TimerRow(
        id=f"parts:{row.channel}:{row.reference}",
        channel=row.channel,
        due_at=row.at + WAIT_SECONDS,
        body=_encode(PartsDue(row.reference)),
    )


def complete(rows: list[PartRow]) -> bool:
    return bool(rows) and len({row.number for row in rows}) >= rows[0].of


def whole(rows: list[PartRow]) -> Message:
    """The message that the pieces make, with an id of its own."""
    message = join(rows)
    return msgspec.structs.replace(message, id=f"{message.id}+{len(rows)}")


def join(rows: list[PartRow]) -> Message:
    """One message of the pieces there are, in their order; a gap is shown and doubted."""
    texts = {row.number: _message.decode(row.message).text for row in rows}
    first = _message.decode(min(rows, key=lambda row: row.number).message)
    pieces = [texts.get(number, MISSING) for number in range(1, max(rows[0].of, *texts) + 1)]
    doubts = first.doubts if complete(rows) else (*first.doubts, "incomplete")
    return msgspec.structs.replace(first, text="".join(pieces), part=None, doubts=doubts)
