"""What the judge says of a report."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """`RETRY`: the same person's client sent it again. `AGAIN`: the same person reports the same incident again.
    `SAME`: somebody else reports the same incident. `UNSURE`: a person should look. `NEW`: nothing alike is open."""

    RETRY = "retry"
    AGAIN = "again"
    SAME = "same"
    UNSURE = "unsure"
    NEW = "new"


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """`same_as` is the id of the report it was matched with (None only for NEW); `score` is the judge's probability
    that both are of one incident; `reasons` are in the officers' words."""

    kind: Kind
    same_as: str | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()


NEW = Verdict(Kind.NEW)
