"""One entry of the public form, between the page and the channel."""

import re
import secrets
import time
from typing import NamedTuple

from adapters import Delivery, FormTerms, Offers
from adapters.forms import Form
from adapters.hosts import source_of
from gateway.channels import Channel
from gateway.console import tickets
from gateway.console.form import proof
from gateway.console.visit import Visit
from gateway.listening import reached

CHALLENGES, JOINS, SENT = "altcha", "form joins", "form sent"
COOKIE = "laporan"
_ENTRY = re.compile(r"[0-9a-f]{32}")
#: On which step each field is.
_STEPS = {"what": 1, "where": 2, "contact": 3, "photo": 4}
STEPS = len(_STEPS)


class Offered(NamedTuple):
    """A public form: its channel, and what it asks for."""

    channel: Channel
    adapter: Offers

    @property
    def terms(self) -> FormTerms:
        return self.adapter.terms()


def offered(visit: Visit, wanted: str | None = None) -> Offered | None:
    """The form of this name, else that of the path, else the first one."""
    wanted = wanted or visit.values.get("channel")
    for name, channel in visit.means.lineup.channels.items():
        if isinstance(channel.adapter, Offers) and wanted in (None, name) and not channel.rests:
            return Offered(channel, channel.adapter)
    return None


def entry_id(given: str) -> str:
    """That of the page, or a new one."""
    return given if _ENTRY.fullmatch(given) else secrets.token_hex(16)


def step_of(field: str) -> int:
    return _STEPS.get(field, 1)


def key(visit: Visit, purpose: str) -> bytes:
    return visit.means.store.vault.derived(purpose)


def reach(visit: Visit) -> set[str]:
    """The kinds of address at which the gateway itself can tell news."""
    names = visit.means.settings.gateway.fall_back
    channels = visit.means.lineup.channels
    return {kind for name in names if name in channels for kind in reached(channels[name].adapter)}


def joined(visit: Visit, form: Form) -> str:
    """The code of the case that was chosen of those that were shown; "" for none."""
    return tickets.opened(key(visit, JOINS), form.one("joins"), "") or ""


def is_proven(visit: Visit, entry: str) -> bool:
    return proof.is_proven(key(visit, CHALLENGES), entry, visit.form.one("altcha"))


def identity(visit: Visit, entry: str) -> str:
    """What an entry is known by to officers: who has the entry's own id gets its PIN."""
    return visit.means.store.vault.pseudonym("form entry", entry)


def is_known(visit: Visit, form: Offered, entry: str) -> bool:
    """Was it sent before?"""
    return visit.means.store.case_of_delivery(form.channel.name, identity(visit, entry)) is not None


def may_send(visit: Visit, form: Offered, proven: bool) -> bool:
    source = source_of(visit.request.peer)
    return visit.means.gate.may_send(form.terms, f"{form.channel.name} {source}", proven, time.monotonic())


def delivery(visit: Visit, form: Offered, entry: str, proven: bool) -> Delivery:
    headers = {"proven": "yes" if proven else "no", "joins": joined(visit, visit.form)}
    return Delivery(
        id=identity(visit, entry),
        channel=form.channel.name,
        received_at=visit.now,
        body=visit.request.body,
        content_type=visit.request.headers.get("Content-Type", ""),
        headers={name: value for name, value in headers.items() if value},
    )
