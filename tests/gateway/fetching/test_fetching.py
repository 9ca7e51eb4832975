"""Files that lie with the provider: fetched after the report is kept, and then as good as those that came with it."""

import asyncio
import time
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.fetching import media
from gateway.fetching.wanted import find
from gateway.photos import cleaned
from gateway.store.rows import MEDIA, TIMER
from gateway.store.sqlite import SqliteStore
from tests.gateway.fetching.providing import (
    PHOTO,
    VOICE,
    Provider,
    fetched,
    files,
    lying,
    photo,
    post,
    reports,
    say,
    waiting,
)
from tests.gateway.support import (
    BUDI,
    RINA,
    Running,
    running,
    until,
    with_store,
)
from tests.gateway.test_erase import erase


async def test_a_photo_is_fetched_and_amends_its_report(tmp_path: Path, provider: Provider) -> None:
    provider.files["a"] = PHOTO
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", photo("a"))
        [known] = await fetched(gateway)
        assert (known.digest, known.size) == (sha256(PHOTO).hexdigest(), len(PHOTO))
        assert known.width and known.height and known.image_hash
        [found] = reports(gateway)
        assert found.place is not None and found.place.hint is not None
        assert (found.place.latitude, found.version) == (None, 2)
        await until(lambda: not gateway.app.store.unjudged(9), "the sweep")
        await gateway.settled()
        assert gateway.replies() == [("received", "kept")]
        assert waiting(gateway) == []
        assert provider.asked == {"a": 1}


async def test_what_was_fetched_is_shown_scanned_and_compared_like_all_else(tmp_path: Path, provider: Provider) -> None:
    provider.files |= {"a": PHOTO, "b": VOICE}
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", photo("a"), photo("b", "audio/ogg"))
        picture, voice = await fetched(gateway, 2)
        name = gateway.all("reports")[0]["id"]
        shown = gateway.app._lineup.copying._files
        assert await shown.content(name, picture) == PHOTO
        assert await shown.content(name, voice) == VOICE
        assert await shown.photo(name, picture) == cleaned(PHOTO)
        assert voice.media_type == "audio/ogg"
        listed = await until(
            lambda: rows if (rows := gateway.views.files(name, ""))[0]["copy"] == "kept" else [], "the copy"
        )
        assert [row["media_type"] for row in listed] == ["image/jpeg", "audio/ogg"]
        await say(gateway, "2", photo("a"), text="Lampu mati dekat sini", sender=RINA)
        await until(lambda: len(gateway.reported(2)), "another report")
        await until(lambda: gateway.views.files(name, "")[0]["with_reports"] == 2, "the same file")


async def test_no_report_waits_for_its_files(tmp_path: Path, provider: Provider) -> None:
    provider.files["a"] = PHOTO
    provider.held.clear()
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", photo("a"))
        await until(lambda: gateway.replies() == [("received", "kept")], "the answer")
        await until(lambda: provider.asked["a"], "the provider to be asked")
        text = (await gateway.ask("/metrics")).text
        assert 'kanal_due_fetches{channel="chat"} 1.0' in text
        provider.held.set()
        await fetched(gateway)


async def test_what_lies_in_one_place_is_fetched_for_each_report(tmp_path: Path, provider: Provider) -> None:
    provider.files["a"] = PHOTO
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", photo("a"), photo("a"))
        await say(gateway, "2", photo("a"), sender=RINA)
        assert {one.digest for one in await fetched(gateway, 3)} == {sha256(PHOTO).hexdigest()}
        assert provider.asked == {"a": 2}


async def test_an_outage_is_told_once_and_ends_by_itself(tmp_path: Path, provider: Provider) -> None:
    provider.files |= dict.fromkeys("abcdef", 503)
    loaded = lying(provider, tmp_path)
    with capture_logs() as logs:
        async with running(loaded) as gateway:
            await say(gateway, "1", *(photo(name) for name in "abcdef"))
            await until(lambda: _told(logs, "files cannot be fetched"), "the outage")
            assert 'kanal_channel_fetch_failing{channel="chat"} 1.0' in (await gateway.ask("/metrics")).text
            provider.files |= dict.fromkeys("abcdef", PHOTO)
            gateway.app._resumed(["chat"])
            await fetched(gateway, 6)
            assert 'kanal_channel_fetch_failing{channel="chat"} 0.0' in (await gateway.ask("/metrics")).text
    assert [_told(logs, text) for text in ("files cannot be fetched", "files can be fetched again")] == [1, 1]
    assert provider.url not in str(logs)


async def test_one_file_that_we_may_not_have_keeps_no_other_waiting(tmp_path: Path, provider: Provider) -> None:
    provider.files |= {"a": 401, "b": PHOTO}
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", photo("a"))
        await until(lambda: [one for one in waiting(gateway) if one[2]], "a try")
        await say(gateway, "2", photo("b"), sender=RINA)
        await fetched(gateway)


async def test_where_all_are_refused_us_none_is_asked_for_until_a_person_has_done_something(
    tmp_path: Path, provider: Provider
) -> None:
    provider.files |= dict.fromkeys("abcd", 401)
    with capture_logs() as logs:
        async with running(lying(provider, tmp_path)) as gateway:
            await say(gateway, "1", *map(photo, "abcd"))
            await until(lambda: _told(logs, "files cannot be fetched"), "the outage")
            provider.files |= dict.fromkeys("abcd", PHOTO)
            gateway.app._resumed(["chat"])
            await fetched(gateway, 4)


def _told(logs: list[Any], text: str) -> int:
    return len([one for one in logs if one["event"] == text])


async def test_what_nobody_has_is_lost_and_said_so(tmp_path: Path, provider: Provider) -> None:
    provider.files |= {"b": bytes(70_000)}
    async with running(lying(provider, tmp_path, max_file_size=65_536)) as gateway:
        await say(gateway, "1", photo("a"), photo("b"))
        await until(lambda: len([one for one in files(gateway) if one.doubts]) == 2, "both to be given up")
        assert [one.doubts for one in files(gateway)] == [("lost",), ("lost",)]
        [case] = gateway.all("cases")
        lost = [row["detail"]["reason"] for row in gateway.views.history(case["code"]) if row["event"] == "file-lost"]
        assert sorted(lost) == ["the file is larger than 0.0625 MB", "who has the file answers 404"]
        assert sorted((state, why) for _, state, _, why in waiting(gateway)) == [("lost", why) for why in sorted(lost)]
        assert 'kanal_lost_files{channel="chat"} 2.0' in (await gateway.ask("/metrics")).text
        assert gateway.replies() == [("received", "kept")]
        listed = gateway.views.files(gateway.all("reports")[0]["id"], "")
        assert [row["fetch"] for row in listed] == ["lost", "lost"]


async def test_a_file_may_be_larger_than_any_request_and_one_that_is_told_too_large_is_not_asked_for(
    tmp_path: Path, provider: Provider
) -> None:
    provider.files |= {"a": PHOTO, "b": PHOTO}
    async with running(lying(provider, tmp_path, max_size=5_000, max_file_size=len(PHOTO))) as gateway:
        await say(gateway, "1", photo("a", size=len(PHOTO)), photo("b", size=len(PHOTO) + 1))
        await fetched(gateway)
        await until(lambda: [one for one in files(gateway) if one.doubts], "one to be given up")
        assert provider.asked == {"a": 1}


async def test_large_files_are_asked_for_anew_one_at_a_time(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.fetching.fetcher.LARGE", 2 * len(PHOTO))
    provider.files |= {name: PHOTO + bytes(2 * len(PHOTO)) for name in "abc"} | {"d": PHOTO}
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", *map(photo, "abd"), photo("c", size=3 * len(PHOTO)))
        assert {one.size for one in await fetched(gateway, 4)} == {len(PHOTO), 3 * len(PHOTO)}
        assert (provider.asked, provider.together) == ({"a": 2, "b": 2, "c": 1, "d": 1}, 1)


async def test_an_adapter_with_a_bug_is_asked_again_and_tells_nobody(tmp_path: Path, provider: Provider) -> None:
    with capture_logs() as logs:
        async with running(lying(provider, tmp_path)) as gateway:
            await say(gateway, "1", photo("bug"))
            await until(lambda: [one for one in waiting(gateway) if one[2]], "a try")
            assert waiting(gateway) == [("chat", "due", 1, "fetching it failed: KeyError")]
    assert "Budi" not in str(logs)
    assert _told(logs, "an adapter failed while fetching") == 1


async def test_what_was_under_way_at_the_end_is_fetched_once_after_the_next_start(
    tmp_path: Path, provider: Provider
) -> None:
    provider.files |= {"a": PHOTO, "b": VOICE, "c": b"%PDF-1.4 kecil"}
    provider.held.clear()
    loaded = lying(provider, tmp_path)
    async with running(loaded) as gateway:
        await say(gateway, "1", photo("a"), photo("b"), photo("c"))
        await until(lambda: provider.asked["c"], "all to be asked for")
        [name] = [row["id"] for row in gateway.all("reports")]
    await with_store(loaded, partial(_accepted_only, name=name))
    provider.held.set()
    async with running(loaded) as gateway:
        await fetched(gateway, 3)
        await gateway.settled()
        assert waiting(gateway) == []
        assert len(gateway.all("deliveries")) == 4
        assert len(await gateway.app.store.deliveries_of(name)) == 4


async def _accepted_only(store: SqliteStore, name: str) -> None:
    """As a process leaves it that is killed before it can note that a file is there."""
    [first, *_] = store.due_fetches("chat", time.time(), 9)
    row = store.report(name)
    assert row is not None
    wanted = find(store.vault.lookup, name, row.report.attachments, first.id)
    assert wanted is not None
    content = {"a": PHOTO, "b": VOICE, "c": b"%PDF-1.4 kecil"}[wanted.reference or ""]
    await store.append([media.arrived(first.id, "chat", wanted, content, datetime.now(UTC))])


@pytest.mark.parametrize("media_type", [MEDIA, TIMER])
async def test_nobody_outside_can_pretend_that_a_file_was_fetched(
    tmp_path: Path, provider: Provider, media_type: str
) -> None:
    provider.held.clear()
    provider.files["a"] = PHOTO
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", photo("a"))
        [fetch] = await until(lambda: gateway.app.store.due_fetches("chat", time.time() + 9, 9), "the fetch")
        body = '{"type":"BurstDue"}'
        await post(gateway, id=f"media:{fetch.id}", body=body, type=media_type, headers={"fetch": fetch.id})
        await gateway.settled()
        assert [row["state"] for row in gateway.all("deliveries")] == ["done", "quarantined"]
        assert [one.digest for one in files(gateway)] == [None]


async def test_what_comes_for_a_report_that_was_erased_is_destroyed(tmp_path: Path, provider: Provider) -> None:
    provider.files |= {"a": PHOTO + bytes(300_000), "b": PHOTO + bytes(300_001)}
    loaded = lying(provider, tmp_path)
    (tmp_path / "kanal.toml").write_text(
        f'[gateway]\ndata = "data"\n[[channels]]\nname = "chat"\nkind = "provider"\nurl = "{provider.url}"\n'
    )
    async with running(loaded) as gateway:
        await say(gateway, "1", photo("a"))
        await fetched(gateway)
        assert len(blobs(gateway)) > 0
        provider.held.clear()
        await say(gateway, "2", photo("b"))
        await until(lambda: provider.asked["b"], "the provider to be asked")
        await asyncio.to_thread(erase, tmp_path, BUDI, "--yes")
        provider.held.set()
        await until(lambda: len(gateway.all("deliveries")) == 4, "what comes too late")
        await gateway.settled()
        kept = gateway.views.connection.execute("SELECT count(*) FROM deliveries WHERE key IS NOT NULL").fetchone()
        assert (kept[0], waiting(gateway)) == (0, [])
        await until(lambda: not blobs(gateway), "the files to be removed")


def blobs(gateway: Running) -> list[Path]:
    return list((gateway.folder / "blobs").glob("*/*"))


async def test_a_provider_s_name_of_a_file_stands_nowhere_in_clear(tmp_path: Path, provider: Provider) -> None:
    provider.files["AgACAgUAAxkBAAI"] = PHOTO
    async with running(lying(provider, tmp_path)) as gateway:
        await say(gateway, "1", photo("AgACAgUAAxkBAAI"), photo("BgACAgUAAxkBAAI"))
        await until(lambda: len([one for one in files(gateway) if one.digest or one.doubts]) == 2, "both")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"gACAgUAAxkBAAI" not in kept
