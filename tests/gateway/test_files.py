"""Photos of reports, taken out of what came in and cleaned by a worker process."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters import Attachment, Delivery
from gateway.files import Files
from gateway.photos import cleaned
from gateway.settings import Settings
from gateway.store.sqlite import SqliteStore
from gateway.workers import Workers
from gateway.workorders import Setup
from normalizer.book import Book
from tests.gateway.support import channel, delivery, keep, letter, of, running, settings_in, until, with_store
from tests.gateway.test_photos import SECRET, exif, file

PHOTO = file("JPEG", exif=exif())
LARGE = file("PNG") + SECRET * 40_000
MAIL = channel("smtp", name="mail", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0")
POISON = channel("poison")


def mail(*photos: bytes) -> Delivery:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "budi@example.org", "dki@jakarta.go.id", "Lampu padam"
    made.set_content("Lampu jalan padam di Jl. Fatmawati No. 12")
    for number, photo in enumerate(photos):
        made.add_attachment(photo, maintype="image", subtype="jpeg", filename=f"{number}.jpg")
    return delivery("m1", made.as_bytes(), "mail", content_type="message/rfc822")


def attached(reference: str, digest: str | None = None) -> Attachment:
    return Attachment(name=None, media_type="image/jpeg", size=1, digest=digest, reference=reference)


@asynccontextmanager
async def files(loaded: Settings, store: SqliteStore) -> AsyncIterator[Files]:
    workers = Workers(Setup(loaded.source, str(loaded.base), str(loaded.gateway.data), Book("31")), 1)
    try:
        yield Files(store, workers, store.vault.lookup)
    finally:
        await workers.close()


async def photos(loaded: Settings, *wanted: Attachment) -> list[bytes | None]:
    """Those of the only report: the wanted ones, or all that it names."""
    async with running(loaded) as gateway:
        [row] = await until(lambda: gateway.reported(1), "the report")
        report = gateway.app.store.report(row["id"])
        assert report is not None
        async with files(loaded, gateway.app.store) as found:
            return [await found.photo(row["id"], one) for one in wanted or report.report.attachments]


@pytest.mark.threat("P0-32")
async def test_the_photos_of_a_mail_come_out_clean_and_in_order(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, MAIL)
    await keep(loaded, [mail(PHOTO, b"no photo", LARGE)])
    assert await photos(loaded) == [cleaned(PHOTO), None, cleaned(LARGE)]


async def test_only_the_very_file_that_was_meant_is_shown(tmp_path: Path, poison: None) -> None:
    loaded = settings_in(tmp_path, POISON)
    await keep(loaded, [letter("1", fields={"a": b64encode(PHOTO).decode()})])
    meant, other = sha256(PHOTO).hexdigest(), sha256(LARGE).hexdigest()
    assert await photos(loaded, attached("a", meant), attached("a"), attached("a", other)) == [
        cleaned(PHOTO),
        cleaned(PHOTO),
        None,
    ]


@pytest.mark.threat("P0-5")
async def test_a_file_that_ends_or_fails_its_worker_is_not_shown_and_spoils_no_other(
    tmp_path: Path, poison: None, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded = settings_in(tmp_path, POISON)
    await keep(loaded, [letter("1", fields={"a": b64encode(PHOTO).decode()})])
    wanted = (attached("exit"), attached("raise"), attached("b"), attached("a"))
    assert await photos(loaded, *wanted) == [None, None, None, cleaned(PHOTO)]
    assert "Budi" not in "".join(capfd.readouterr())


@pytest.mark.threat("P1-38")
@pytest.mark.parametrize(("reference", "tries"), [("spin", 1), ("exit", 2)])
async def test_what_uses_up_its_time_is_not_tried_again(
    tmp_path: Path, poison: None, monkeypatch: pytest.MonkeyPatch, reference: str, tries: int
) -> None:
    monkeypatch.setattr("gateway.files.CLEAN_SECONDS", 0.5)
    loaded = settings_in(tmp_path, POISON)
    await keep(loaded, [letter("1", fields={"a": ""})])
    with capture_logs() as logs:
        assert await photos(loaded, attached(reference)) == [None]
    assert [one["event"] for one in logs].count("a worker was lost over a photo") == tries


async def test_of_what_is_not_kept_any_more_nothing_is_shown(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, MAIL)
    await keep(loaded, [mail(LARGE)])
    async with running(loaded) as gateway:
        [report] = of(await until(lambda: gateway.reported(1), "the report"), "id")
        for blob in [path for path in (gateway.folder / "blobs").rglob("*") if path.is_file()]:
            blob.unlink()
        async with files(loaded, gateway.app.store) as found:
            assert await found.photo(report, attached("part:1")) is None


async def test_a_channel_that_is_gone_shows_nothing(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, MAIL)
    await keep(loaded, [mail(PHOTO)])
    assert await photos(loaded) == [cleaned(PHOTO)]

    async def shown(store: SqliteStore) -> bytes | None:
        [report] = {
            row[0] for row in await store.read(lambda reader: reader.execute("SELECT id FROM reports").fetchall())
        }
        async with files(settings_in(tmp_path), store) as found:
            return await found.photo(report, attached("part:1"))

    assert await with_store(loaded, shown) is None
