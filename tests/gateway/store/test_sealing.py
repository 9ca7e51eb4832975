"""What is kept tells nobody who wrote or in which words: in the database, its log and the files beside it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database
from typer.testing import CliRunner

from adapters import Delivered, Status
from dedupe.fingerprint import Fingerprint
from gateway.cli.commands import app
from gateway.store import full, sealing, upgrade
from gateway.store.connecting import FILE
from gateway.store.contract import (
    Contact,
    MessageRow,
    PartRow,
    ReplyOutcome,
    ReplyState,
    Settlement,
    StoreUnavailable,
    TimerRow,
)
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from normalizer.report import Report
from tests.gateway.store.rows import CHANNEL, MASTER, NOW, TETANGGA, WARGA, case, claim_all, delivery, reply, report

NAME, PHONE, MAIL, NIK = "Sulastri Canary", "+6281234509876", "sulastri.canary@example.id", "3171234509870003"
WORDS = f"Nama saya {NAME}, hubungi {PHONE} atau {MAIL}, NIK {NIK}"
SECRETS = [NAME, PHONE, PHONE[1:], MAIL, NIK, "rahasia-benang"]


def everything(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def assert_nothing_in_clear(folder: Path) -> None:
    kept = everything(folder)
    assert [secret for secret in SECRETS if secret.encode() in kept] == []


async def fill(store: SqliteStore) -> None:
    large = WORDS.encode() * 8000
    headers = {"peer": PHONE, "mail_from": MAIL}
    await store.append([delivery(PHONE, WORDS.encode(), headers=headers), delivery(MAIL, large, content_type=NAME)])
    contact = Contact(WARGA.id, "phone", PHONE, NAME)
    filed = report("r-1", "KNL-1", WARGA.id, text=WORDS, fields={"message_id": MAIL}, conversation="rahasia-benang")
    made = Settlement(contacts=[contact], cases=[case("KNL-1")], reports=[filed])
    made.messages = [MessageRow(CHANNEL, PHONE, 1, "r-1", WARGA.id)]
    made.replies = [reply("a-1", text=WORDS, conversation="rahasia-benang", in_reply_to=MAIL, subject=NAME)]
    made.parts = [PartRow(channel=CHANNEL, reference=PHONE, number=1, of=2, seq=1, message=WORDS.encode(), at=NOW)]
    made.timers = [TimerRow(id=f"parts:{PHONE}", channel=CHANNEL, due_at=NOW, body=PHONE.encode())]
    made.statuses = [Status(CHANNEL, PHONE, Delivered.READ)]
    await store.settle(made)


def open_store(folder: Path) -> SqliteStore:
    return SqliteStore(folder, MASTER, lambda death: None)


@pytest.mark.threat("P0-31")
async def test_nothing_personal_stands_in_clear(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await fill(store)
    assert_nothing_in_clear(tmp_path)
    await store.fire_timers(NOW + 1)
    [(sent, to)] = await store.claim_replies(CHANNEL, NOW, 9)
    assert (sent.text, sent.conversation, sent.in_reply_to, sent.subject) == (WORDS, "rahasia-benang", MAIL, NAME)
    assert to == Contact(WARGA.id, "phone", PHONE, NAME)
    await store.settle_reply(ReplyOutcome(id="a-1", state=ReplyState.SENT, at=NOW, external_id=PHONE))
    with Views(tmp_path, lambda: MASTER) as views:
        [told] = views.replies()
        full_reply = full.reply(views.connection, views.vault, "a-1")
    assert (told["state"], full_reply["external_id"]) == ("read", PHONE), "its word, which had come before"
    assert_nothing_in_clear(tmp_path)
    [(filed, _)] = store.reporters("KNL-1")
    assert (filed.report.text, filed.report.fields) == (WORDS, {"message_id": MAIL})
    bodies = [one.delivery.body for one in await claim_all(store)]
    assert bodies == [WORDS.encode(), WORDS.encode() * 8000, PHONE.encode()]
    assert [row.message for row in store.parts(CHANNEL, PHONE)] == [WORDS.encode()]
    assert store.known_messages(CHANNEL, [PHONE, "m2"]) == {PHONE}
    await store.close()
    assert_nothing_in_clear(tmp_path)


def interrupt_after(monkeypatch: pytest.MonkeyPatch, step: Callable[..., None]) -> None:
    def interrupted(*values: object) -> None:
        step(*values)
        raise KeyboardInterrupt

    monkeypatch.setattr(sealing, step.__name__, interrupted)


async def test_another_master_key_opens_nothing(tmp_path: Path) -> None:
    await open_store(tmp_path).close()
    with pytest.raises(StoreUnavailable, match="master key"):
        SqliteStore(tmp_path, bytes(32), lambda death: None)


async def test_what_the_disk_changed_is_lost_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await store.append([delivery("m1"), delivery("m2")])
    replies = [reply("a-1"), reply("a-2", contact=TETANGGA.id)]
    await store.settle(Settlement(contacts=[WARGA, TETANGGA], replies=replies))
    await store.close()
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as connection:
        connection.execute("UPDATE deliveries SET sealed = zeroblob(60) WHERE seq = 1")
        connection.execute("UPDATE replies SET sealed = zeroblob(60) WHERE id = 'a-1'")
    again = open_store(tmp_path)
    assert [(one.seq, one.lost) for one in await claim_all(again)] == [(1, True), (2, False)]
    assert [sent.id for sent, _ in await again.claim_replies(CHANNEL, NOW, 9)] == ["a-2"]
    await again.close()
    with Views(tmp_path, lambda: MASTER) as views:
        states = {row["id"]: (row["state"], row["text"]) for row in views.replies()}
    assert states == {"a-1": ("failed", None), "a-2": ("sending", "Kode KNL-1")}


def make_old(folder: Path) -> None:
    """A store as a Kanal left it that sealed nothing yet."""
    filed = Report(
        id="r-1", channel=CHANNEL, reporter=WARGA.id, received_at=datetime.fromtimestamp(NOW, UTC), text=WORDS
    )
    words = msgspec.msgpack.encode(Fingerprint("r-1", WARGA.id, NOW, words=tuple(WORDS.lower().split())))
    large = folder / "blobs" / "ab" / "abcd"
    large.parent.mkdir(parents=True)
    large.write_bytes(WORDS.encode() * 2)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        database = Database(connection)
        upgrade.apply(connection, stop_before="m004_sealed")
        intake = {"channel": CHANNEL, "received_at": NOW, "content_type": "text/plain", "headers": "{}", "size": 9}
        database.table("deliveries").insert_all(
            [intake | {"id": PHONE, "body": WORDS.encode()}, intake | {"id": MAIL, "blob": "abcd"}], alter=False
        )
        database.table("messages").insert({"channel": CHANNEL, "id": PHONE, "seq": 1, "report": "r-1"})
        database.table("contacts").insert({"id": WARGA.id, "kind": "phone", "value": PHONE, "name": NAME})
        database.table("timers").insert({"id": PHONE, "channel": CHANNEL, "due_at": NOW, "body": PHONE.encode()})
        part = {"channel": CHANNEL, "reference": PHONE, "number": 1, "of": 2, "seq": 1, "message": b"x", "at": NOW}
        database.table("parts").insert(part)
        database.table("cases").insert(
            {"code": "KNL-1", "status": "menunggu", "opened_at": NOW, "due_at": NOW, "what": MAIL, "where": PHONE}
        )
        row = {"id": "r-1", "channel": CHANNEL, "contact": WARGA.id, "case": "KNL-1", "received_at": NOW, "version": 1}
        database.table("reports").insert(
            row | {"judged_version": 1, "data": msgspec.json.encode(filed).decode(), "fingerprint": words}
        )
        letter = {"channel": CHANNEL, "contact": WARGA.id, "about": "received", "text": WORDS, "state": "due"}
        database.table("replies").insert(
            letter
            | {"id": "a-1", "created_at": NOW, "due_at": NOW, "conversation": "rahasia-benang", "public": 0}
            | {"tries": 0, "cost": 0, "references": "[]"}
        )


@pytest.mark.parametrize("cut_short", [None, sealing.seal_all, sealing.finish], ids=["at once", "sealed", "finished"])
async def test_what_an_older_kanal_kept_is_sealed_and_goes_on(
    tmp_path: Path, cut_short: Callable[..., None] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(tmp_path)
    if cut_short:
        interrupt_after(monkeypatch, cut_short)
        with pytest.raises(KeyboardInterrupt):
            open_store(tmp_path)
        monkeypatch.undo()
    store = open_store(tmp_path)
    for copy in upgrade.copies(tmp_path):
        copy.unlink()
    assert store.vault.lookup == MASTER
    assert [one.delivery.body for one in await claim_all(store)] == [WORDS.encode(), WORDS.encode() * 2]
    await store.append([delivery(PHONE), delivery(MAIL)])
    assert store.waiting() == {CHANNEL: 2}
    assert store.known_messages(CHANNEL, [PHONE]) == {PHONE}
    [(filed, contact)] = store.reporters("KNL-1")
    assert (filed.report.text, contact) == (WORDS, Contact(WARGA.id, "phone", PHONE, NAME))
    [(sent, _)] = await store.claim_replies(CHANNEL, NOW, 9)
    assert (sent.text, sent.state) == (WORDS, ReplyState.DUE)
    assert [row.message for row in store.parts(CHANNEL, PHONE)] == [b"x"]
    await store.close()
    assert_nothing_in_clear(tmp_path)


def test_only_a_start_of_the_gateway_brings_data_up_to_date(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    make_old(tmp_path)
    (tmp_path / "master.key").write_bytes(MASTER)
    (tmp_path / "kanal.toml").write_text('[gateway]\ndata = "."\n')
    before = (tmp_path / FILE).read_bytes()
    for words in (["erase", PHONE, "--why", "permintaan warga", "--dry-run"], ["secret", "rotate"], ["purge"]):
        arguments = [*words, "--config", str(tmp_path / "kanal.toml")]
        done = CliRunner().invoke(app, arguments)
        assert (done.exit_code, "start the gateway once" in done.output) == (1, True), done.output
    assert (tmp_path / FILE).read_bytes() == before
    arguments = ["backup", str(tmp_path_factory.mktemp("backups")), "--config", str(tmp_path / "kanal.toml")]
    told = CliRunner().invoke(app, arguments)
    assert (told.exit_code, "SEALED NOTHING OF" in told.output) == (0, True), repr(told.exception)
