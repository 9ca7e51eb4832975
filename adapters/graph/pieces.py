"""A request with much in it is kept in pieces: what is slow to read in one holds up nothing of the others, and what can
never be read takes nothing with it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Raw

LARGEST = 16_384  # bytes, about thirty short messages; one item alone may be larger
#: What an entry holds many of.
LISTS = ("changes", "messaging", "standby")
_Entry = dict[str, Raw]


class _Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    object: str
    entry: list[_Entry]


_webhook = msgspec.json.Decoder(_Webhook)
_items = msgspec.json.Decoder(list[Raw])


def pieces(body: bytes) -> Sequence[tuple[str, bytes]]:
    """With the id of each, the same whenever the same request comes again. Items are kept byte for byte, and so is a
    request that is small or of an unknown form."""
    known = hashlib.sha256(body).hexdigest()
    divided = list(_divided(body)) if len(body) > LARGEST else []
    if len(divided) < 2:
        return [(known, body)]
    return [(f"{known}.{number}", piece) for number, piece in enumerate(divided, 1)]


def _divided(body: bytes) -> Iterator[bytes]:
    try:
        told = _webhook.decode(body)
        alone = [one for entry in told.entry for one in _alone(entry)]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return
    for some in _together(alone):
        yield msgspec.json.encode(_Webhook(told.object, some))


def _alone(entry: _Entry) -> list[tuple[_Entry, int]]:
    """Each item with what else its entry says, and its size. An entry without a list of them is one."""
    rest = {name: value for name, value in entry.items() if name not in LISTS}
    if len(rest) == len(entry):
        return [(entry, _size(entry))]
    held = [(name, one) for name in LISTS if name in entry for one in _items.decode(entry[name])]
    made = [{**rest, name: Raw(b"[" + bytes(one) + b"]")} for name, one in held]
    return [(one, _size(one)) for one in made]


def _size(entry: _Entry) -> int:
    return sum(len(name) + len(bytes(value)) for name, value in entry.items())


def _together(entries: Iterable[tuple[_Entry, int]]) -> Iterator[list[_Entry]]:
    """As many as are not too large."""
    some: list[_Entry] = []
    whole = 0
    for entry, size in entries:
        if some and whole + size > LARGEST:
            yield some
            some, whole = [], 0
        some.append(entry)
        whole += size
    if some:
        yield some
