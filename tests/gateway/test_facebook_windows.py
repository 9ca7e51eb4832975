"""What is to be said by Messenger later than a day after somebody wrote, to a stand-in for Meta that knows the time."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters import Address
from adapters.testing.standins.facebook import Facebook
from gateway.contacts import contact_of
from gateway.speaking import PERSON
from gateway.store.contract import Settlement
from gateway.store.sqlite import SqliteStore
from tests.gateway.meta import known
from tests.gateway.store.rows import case, report
from tests.gateway.store.rows import reply as made_reply
from tests.gateway.support import running, settings_in, with_store
from tests.gateway.test_windows import DAY, left, settled, talk_of

WHO, CODE = "7100000000000001", "KNL-1"


async def owe(store: SqliteStore, about: str, days: float | None) -> None:
    """Something to somebody who wrote so many days ago; None: only in public."""
    now, who = time.time(), contact_of(store.vault.lookup, Address("account", WHO))
    made = Settlement(contacts=[who], cases=[case(CODE, opened_at=now)])
    made.reports = [report("r-1", CODE, who.id, channel="meta", received_at=datetime.now(UTC))]
    made.talks = [] if days is None else [talk_of(store, who.id, CODE, now - days * DAY)]
    told = {"channel": "meta", "contact": who.id, "case": CODE, "report": "r-1", "created_at": now, "due_at": now}
    made.replies = [made_reply("n-1", about=about, text="Petugas datang besok", **told)]
    await store.settle(made)


@pytest.mark.parametrize(
    ("about", "days", "tags"),
    [
        pytest.param("moved", 0.9, [None], id="freely within a day"),
        pytest.param(PERSON, 0.9, [None], id="by hand within a day"),
        pytest.param("moved", 1.1, [], id="what is automatic never has the tag of a person"),
        pytest.param("received", 1.1, [], id="nor has what was said in private already"),
        pytest.param(PERSON, 1.1, ["HUMAN_AGENT"], id="by hand within a week"),
        pytest.param(PERSON, 7.1, [], id="by hand after a week"),
        pytest.param(PERSON, None, [], id="by hand to who never wrote in private"),
    ],
)
async def test_what_is_said_when(tmp_path: Path, about: str, days: float | None, tags: list[str | None]) -> None:
    with Facebook() as page:
        loaded = settings_in(tmp_path, {"name": "meta", "kind": "facebook", **known(page, tmp_path)})
        await with_store(loaded, lambda store: owe(store, about, days))
        page.heard_of(WHO)
        page.wait((days or 0) * DAY)
        async with running(loaded) as kanal:
            await settled(kanal)
            assert [one.tag for one in page.shown(WHO)] == tags
            assert bool(left(kanal)) == (not tags)
