"""Copies for viewing: one for each photo, however many reports it came with; and what a scanner says of files."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters import Delivery
from gateway import clamav, copying
from gateway.cli.commands import app
from gateway.files import Files
from gateway.photos import cleaned
from gateway.settings import Settings
from gateway.store.contract import ReportRow
from tests.gateway.scanner import EICAR, SIGNATURE, Clamav
from tests.gateway.support import Running, channel, delivery, keep, of, running, settings_in, until
from tests.gateway.test_photos import SECRET, exif, file, picture

PHOTO = file("JPEG", exif=exif())
VOICE = b"OggS\0\2" + bytes(22) + b"OpusHead\1\1" + bytes(400)
MAIL = channel("smtp", name="mail", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0")
WHY = ("--why", "melihat lokasi lampu")
TOML = """
[gateway]
data = "data"
[web]
port = 0
[[channels]]
name = "mail"
kind = "smtp"
recipients = ["dki@jakarta.go.id"]
smtp = "127.0.0.1:0"
"""


def mail(number: int, *files: tuple[bytes, str]) -> Delivery:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"warga{number}@example.org", "dki@jakarta.go.id", "Lampu padam"
    made.set_content(f"Lampu jalan padam di Jl. Fatmawati No. {number}")
    for content, media_type in files:
        main, _, sub = media_type.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename="../../foto.jpg")
    return delivery(str(number), made.as_bytes(), "mail", content_type="message/rfc822")


def here(folder: Path, **gateway: Any) -> Settings:
    (folder / "kanal.toml").write_text(TOML)
    return settings_in(folder, MAIL, **gateway)


async def kanal(folder: Path, *arguments: str, code: int = 0) -> str:
    asked = [*arguments, "--config", str(folder / "kanal.toml")]
    done = await asyncio.to_thread(CliRunner().invoke, app, asked)
    assert done.exit_code == code, done.output
    return done.output


async def listed(folder: Path, which: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await kanal(folder, "files", "list", which, "--json")).splitlines()]


async def reported(gateway: Running, count: int) -> list[str]:
    """The ids of the reports, once all that was due for their files is done."""
    found = of(await until(lambda: gateway.reported(count), "the reports"), "id")
    await until(lambda: not gateway.app.store.due_files(2e9, 9), "the copies")
    return found


def report(gateway: Running, identity: str) -> ReportRow:
    row = gateway.app.store.report(identity)
    assert row is not None
    return row


def blobs(folder: Path) -> Sequence[bytes]:
    return [path.read_bytes() for path in (folder / "data" / "blobs").rglob("*") if path.is_file()]


async def test_the_same_photo_sent_five_times_has_one_copy(tmp_path: Path) -> None:
    loaded = here(tmp_path)
    await keep(loaded, [mail(number, (PHOTO, "image/jpeg"), (VOICE, "audio/ogg")) for number in range(1, 6)])
    async with running(loaded) as gateway:
        ids = await reported(gateway, 5)
    [copy] = blobs(tmp_path)
    assert b"JFIF" not in copy and SECRET not in copy
    for one in ids:
        photo, voice = await listed(tmp_path, one)
        assert (photo["media_type"], photo["copy"], photo["with_reports"]) == ("image/jpeg", "kept", 5)
        assert (voice["media_type"], voice["copy"], voice["with_reports"]) == ("audio/ogg", "none", 5)


@pytest.mark.threat("P0-32")
async def test_a_copy_lives_as_long_as_one_of_its_reports(tmp_path: Path) -> None:
    loaded = here(tmp_path)
    await keep(loaded, [mail(number, (PHOTO, "image/jpeg")) for number in (1, 2)])
    async with running(loaded) as gateway:
        ids = await reported(gateway, 2)
    why = ("--why", "permintaan warga")
    await kanal(tmp_path, "erase", "warga1@example.org", "--yes", *why)
    kept = [one for row in ids for one in await listed(tmp_path, row)]
    assert [one["with_reports"] for one in kept] == [1, 1]
    assert len(blobs(tmp_path)) == 1
    account = await kanal(tmp_path, "access", "warga2@example.org", *why)
    assert '"copies"' in account and "image/jpeg" in account
    await kanal(tmp_path, "erase", "warga2@example.org", "--yes", *why)
    assert blobs(tmp_path) == []
    assert {one["copy"] for row in ids for one in await listed(tmp_path, row)} == {None}


async def test_erasing_one_delivery_takes_what_may_be_seen_of_it(tmp_path: Path) -> None:
    loaded = here(tmp_path)
    await keep(loaded, [mail(1, (PHOTO, "image/jpeg"))])
    async with running(loaded) as gateway:
        await reported(gateway, 1)
    await kanal(tmp_path, "erase", "1", "--yes", "--why", "gambar terlarang")
    assert blobs(tmp_path) == []


async def test_an_officer_saves_what_came_in_and_says_why(tmp_path: Path) -> None:
    loaded = here(tmp_path)
    await keep(loaded, [mail(1, (PHOTO, "image/jpeg"), (VOICE, "audio/ogg"))])
    async with running(loaded) as gateway:
        [one] = await reported(gateway, 1)
    folder = tmp_path / "saved"
    folder.mkdir()
    await kanal(tmp_path, "files", "save", one, "1", str(folder), code=2)
    assert list(folder.iterdir()) == []
    await kanal(tmp_path, "files", "save", one, "1", str(folder), *WHY)
    await kanal(tmp_path, "files", "save", one, "2", str(folder), *WHY)
    await kanal(tmp_path, "files", "save", one, "1", str(folder / "asli.jpg"), "--original", *WHY)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        f"{one}-1.jpg": cleaned(PHOTO),
        f"{one}-2.ogg" if (folder / f"{one}-2.ogg").exists() else f"{one}-2.oga": VOICE,
        "asli.jpg": PHOTO,
    }
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert (await kanal(tmp_path, "audit", "--json")).count("look at a file") == 3
    await kanal(tmp_path, "files", "save", one, "1", str(folder), *WHY, code=1)
    await kanal(tmp_path, "files", "save", one, "3", str(folder), *WHY, code=1)


@pytest.mark.threat("P2-44")
async def test_malware_is_told_and_shown_to_nobody(tmp_path: Path) -> None:
    with Clamav(tmp_path) as scanner:
        scanner.start()
        loaded = here(tmp_path, clamav=scanner.place)
        await keep(loaded, [mail(1, (EICAR, "image/jpeg"), (PHOTO, "image/jpeg")), mail(2, (EICAR, "image/jpeg"))])
        async with running(loaded) as gateway:
            first, second = await reported(gateway, 2)
            for one in (first, second):
                row = report(gateway, one)
                assert f"malware:{SIGNATURE}" in row.report.triage
                assert row.masked is not None and f"malware:{SIGNATURE}" in row.masked.triage
            [bad, good] = next(
                row.report.attachments
                for row in (report(gateway, first), report(gateway, second))
                if len(row.report.attachments) == 2
            )
            files = Files(gateway.app.store, gateway.app._lineup.workers, gateway.app.store.vault.lookup)
            assert await files.photo(first, bad) is None
            assert sha256(EICAR).hexdigest() == bad.digest and good.media_type == "image/jpeg"
    rows = [one for row in (first, second) for one in await listed(tmp_path, row)]
    assert sorted((one["scan"], one["signature"] or "") for one in rows) == [
        ("clean", ""),
        ("infected", SIGNATURE),
        ("infected", SIGNATURE),
    ]
    await kanal(
        tmp_path, "files", "save", second, "1", str(tmp_path / "x"), "--original", "--why", "melihat berkas", code=1
    )
    assert not (tmp_path / "x").exists()


async def test_a_scanner_that_is_down_holds_up_no_report_and_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "RETRY", 0.1)
    with Clamav(tmp_path) as scanner:
        loaded = here(tmp_path, clamav=scanner.place, clamav_required=True)
        await keep(loaded, [mail(1, (PHOTO, "image/jpeg"))])
        async with running(loaded) as gateway:
            [one] = of(await until(lambda: gateway.reported(1), "the report"), "id")
            await until(lambda: blobs(tmp_path), "the copy")
            store = gateway.app.store
            [photo] = report(gateway, one).report.attachments
            files = Files(store, gateway.app._lineup.workers, store.vault.lookup, scanned=True)
            assert files.waits(photo) and await files.photo(one, photo) is None
            scanner.start()
            await until(lambda: not files.waits(photo), "the scan")
            assert await files.photo(one, photo) == cleaned(PHOTO)


async def test_a_scanner_that_hangs_is_asked_of_one_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append("once")
        await reader.read()
        writer.close()

    monkeypatch.setattr(clamav, "SECONDS", 0.5)
    photos = [(file("JPEG", picture((64, 32 + number))), "image/jpeg") for number in range(4)]
    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        place = f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}"
        loaded = here(tmp_path, clamav=place)
        await keep(loaded, [mail(1, *photos)])
        async with running(loaded):
            await until(lambda: len(blobs(tmp_path)) == 4, "the copies")
    assert asked == ["once"]


async def test_a_file_that_nobody_can_see_to_holds_up_no_other(tmp_path: Path) -> None:
    loaded = here(tmp_path)
    await keep(loaded, [mail(1, (PHOTO, "image/jpeg")), mail(2, (file("PNG"), "image/png"))])
    async with running(loaded) as gateway:
        await reported(gateway, 2)
    with closing(sqlite3.connect(tmp_path / "data" / "kanal.db")) as connection:
        connection.execute("UPDATE files SET state = 'new', due_at = 1")
        connection.execute("UPDATE reports SET data = 'x' WHERE seq = 1")
        connection.commit()
    async with running(loaded) as gateway:
        await until(lambda: not gateway.app.store.due_files(time.time(), 9), "the copies")
        assert [one.tries for one in gateway.app.store.due_files(2e9, 9)] == [1]
