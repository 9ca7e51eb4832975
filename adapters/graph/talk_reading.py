"""What a webhook of Meta's tells about one account that people comment on and talk with.

One request may hold a thousand items, of several accounts and of kinds that are not for us.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from adapters import Delivery, Event
from adapters.graph.envelopes import changes, entries
from adapters.graph.talks import items, said
from adapters.payload import document, text

#: `changed(value, channel, account)` gives the events of a change, by its field.
Changed = Mapping[str, Callable[[Mapping[str, Any], str, str], Iterable[Event]]]


def events(delivery: Delivery, kind: str, account: str, app: str, changed: Changed) -> list[Event] | None:
    """None where it is no webhook. `kind` is what it is about; `app` is ours, if it is known."""
    told = document(delivery.body)
    if not isinstance(told.get("entry"), list):
        return None
    if text(told, "object") != kind:
        return []
    found = entries(told, account)
    return [event for entry in found for event in _events(entry, delivery.channel, account, app, changed)]


def _events(entry: Mapping[str, Any], channel: str, account: str, app: str, changed: Changed) -> Iterator[Event]:
    for item, is_ours in items(entry):
        yield from said(item, channel, account, app, is_ours)
    for field, value in changes(entry):
        if field in changed:
            yield from changed[field](value, channel, account)
