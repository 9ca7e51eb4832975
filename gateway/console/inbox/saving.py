"""Keeping a view of the inbox by a name, for oneself or for all, and giving it up."""

import secrets
import time
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from adapters import Response
from gateway.console.inbox.asked import Asked
from gateway.console.visit import Visit
from gateway.store import savedviews
from gateway.store.savedviews import SavedView
from gateway.store.views import Views

INBOX = "/petugas"
LONGEST = 60


async def views_of(visit: Visit) -> Sequence[SavedView]:
    def look(views: Views) -> Sequence[SavedView]:
        return savedviews.of(views.connection, views.vault, visit.person.id)

    return await visit.means.look(look)


async def save(visit: Visit) -> Response:
    """Only what an inbox's address may hold is kept of the one that was sent."""
    name, query = visit.form.one("nama").strip()[:LONGEST], Asked.of(dict(parse_qsl(visit.form.one("alamat")))).query()
    if name:
        new = SavedView(
            id="v-" + secrets.token_hex(8),
            owner=visit.person.id,
            shared=visit.form.one("bersama") == "1",
            name=name,
            query=urlencode(query),
        )
        await visit.means.store.save_view(new, time.time())
    return visit.redirect(INBOX, **query)


async def drop(visit: Visit) -> Response:
    """One's own alone."""
    is_gone = await visit.means.store.drop_view(visit.values["view"], visit.person.id)
    return visit.redirect(INBOX) if is_gone else visit.missing()
