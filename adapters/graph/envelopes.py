"""What Meta's webhooks come in: entries about accounts, each with items in one of three shapes.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    https://developers.facebook.com/docs/instagram-platform/webhooks/examples

A change stands in a list, or, as Instagram's own examples have it, in the entry itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from adapters.payload import table, tables, text

Told = Mapping[str, Any]


class _Entry(msgspec.Struct, frozen=True):
    id: str | int | None = None


class _Webhook(msgspec.Struct, frozen=True):
    entry: list[_Entry] = []


_accounts = msgspec.json.Decoder(_Webhook)


def others(body: bytes, account: str) -> Sequence[str]:
    """The other accounts that it names, if it does not name this one. Cheap, for it is asked before the answer."""
    try:
        named = [str(entry.id) for entry in _accounts.decode(body).entry if entry.id is not None]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ()
    return () if account in named else named


def entries(told: Told, account: str) -> list[dict[str, Any]]:
    """Those about one account."""
    return [entry for entry in tables(told, "entry") if text(entry, "id") == account]


def changes(entry: Told) -> Iterator[tuple[str, dict[str, Any]]]:
    """Fields and values."""
    for change in (*tables(entry, "changes"), entry):
        if isinstance(change.get("value"), dict):
            yield text(change, "field"), table(change, "value")
