"""What citizens would be told, before anything is done. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from gateway.store.contract import ReplyRow
from gateway.store.views import without_pin

HIDDEN = "••••-••••"


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """A text that `people` would be told on a channel from `due_at` on (seconds since the epoch), or not at all if it
    is "withheld", or by somebody of us if it is "kept". PINs are hidden."""

    channel: str
    text: str
    state: str
    due_at: float
    people: int

    def shown(self) -> dict[str, object]:
        found: dict[str, object] = msgspec.to_builtins(self)
        return found


def foreseen(replies: Sequence[ReplyRow], code: str = "") -> list[Foreseen]:
    """The parts of one text one after the other, as they leave; what is the same for several, once. A new `code` is
    hidden: it will be another one."""

    def shown(text: str) -> str:
        return without_pin(text.replace(code, HIDDEN) if code else text)

    several = Counter((one.channel, shown(one.text), str(one.state), one.due_at) for one in replies)
    return [
        Foreseen(channel=channel, text=text, state=state, due_at=due_at, people=people)
        for (channel, text, state, due_at), people in several.items()
    ]
