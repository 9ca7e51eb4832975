"""Messages whose words a provider leaves out: asked for once the report is kept, and then as if they had been there."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters import Delivery
from adapters.testing.standins.facebook import Facebook
from gateway.fetching import words
from gateway.store.rows import WORDS
from tests.gateway.fetching.providing import reports, waiting
from tests.gateway.meta import known
from tests.gateway.support import Running, keep, running, settings_in, until

WHO, SAID = "7100000000000001", "Pohon tumbang di Jl. Radio Dalam"


@pytest.fixture
def page() -> Iterator[Facebook]:
    with Facebook() as standin:
        yield standin


def brought(page: Facebook) -> list[Delivery]:
    bodies, now = page.posting.taken_back(), datetime.now(UTC)
    return [Delivery(id=f"d-{n}", channel="meta", received_at=now, body=body) for n, body in enumerate(bodies)]


@asynccontextmanager
async def having(page: Facebook, folder: Path, *deliveries: Delivery) -> AsyncIterator[Running]:
    """A gateway that was stopped just after these had come in."""
    loaded = settings_in(folder, {"name": "meta", "kind": "facebook", **known(page, folder)})
    await keep(loaded, deliveries)
    async with running(loaded) as gateway:
        yield gateway


def kept(gateway: Running) -> int:
    """How many deliveries can be read still."""
    sql = "SELECT count(*) FROM deliveries WHERE key IS NOT NULL"
    return int(gateway.views.connection.execute(sql).fetchone()[0])


async def completed(gateway: Running) -> None:
    await until(lambda: reports(gateway) and reports(gateway)[0].version == 2, "the words")
    await gateway.settled()


async def test_a_report_says_words_and_author_once_they_are_known(tmp_path: Path, page: Facebook) -> None:
    thing = page.mentions(WHO, SAID)
    first, *_ = brought(page)
    async with having(page, tmp_path, first) as gateway:
        await completed(gateway)
        (found,) = reports(gateway)
        assert (found.text, found.fields, found.reporter != "") == (SAID, {}, True)
        _, author = gateway.app.store.reporter(found.id) or (None, None)
        assert author is not None and author.value == WHO
        assert found.place is not None and found.place.words is not None
        assert "no-sender" not in found.triage
        (case,) = gateway.all("cases")
        assert case["what"] == SAID
        await until(lambda: gateway.replies() == [("received", "sent")], "the answer")
        assert len(page.answers(thing)) == 1
        assert [row["event"] for row in gateway.views.history(case["code"])] == ["opened", "completed"]
        assert waiting(gateway) == []


async def test_words_that_nobody_waits_for_any_more_are_destroyed(tmp_path: Path, page: Facebook) -> None:
    value = {"item": "post", "post_id": "1_2", "verb": "completed", "message": SAID, "from": {"id": WHO}}
    changes = [{"field": "mention", "value": value}]
    body = json.dumps({"object": "page", "entry": [{"id": page.page_id, "changes": changes}]}).encode()
    async with having(page, tmp_path, words.arrived("f-1", "meta", body, datetime.now(UTC))) as gateway:
        await gateway.settled()
        assert gateway.all("reports") == []
        assert kept(gateway) == 0


async def test_what_a_stranger_calls_words_is_a_message_like_any_other(tmp_path: Path, page: Facebook) -> None:
    page.posts(WHO, SAID)
    (post,) = brought(page)
    forged = replace(post, id="words:f-1", content_type="application/json")
    assert forged.content_type != WORDS
    async with having(page, tmp_path, forged) as gateway:
        await gateway.settled()
        assert [one.text for one in reports(gateway)] == [SAID]
