"""What every container of words and files comes down to, be it a mail, an Outlook message or a winmail.dat."""

from collections.abc import Callable
from typing import NamedTuple

from normalizer.message import Address

#: Taken from one container, and from a mail with all that is in it.
MOST_FILES = 200


class File(NamedTuple):
    """A file inside; `number` finds it again among its neighbours. Its bytes are taken out only when asked for."""

    number: int
    name: str | None
    media_type: str
    content: Callable[[], bytes]
    charset: str | None = None


class Letter(NamedTuple):
    """Words and files. `items` may hold letters that have no bytes of their own, each with its number.

    `text` works the words out: it may cost much more than the rest. `cut`: a limit was reached or it is damaged.
    """

    subject: str | None
    sender: Address | None
    text: Callable[[], str]
    items: "tuple[File | tuple[int, Letter], ...]"
    cut: bool = False
