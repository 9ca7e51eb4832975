"""What is fetched from a real Dovecot, whatever becomes of server, connection, folder and mails meanwhile."""

import asyncio
import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from adapters import Batch, ChannelDown, ChannelError, Delivery, Message, Unauthorized
from adapters.imap import Imap, harvest, taking
from adapters.imap.session import Session
from adapters.mails.identity import identity
from tests.adapters.certificates import make_certificate
from tests.adapters.dovecot import Dovecot
from tests.adapters.mailbox import emptied, fetched, mailbox, numbered, polling, texts, waiting
from tests.adapters.meddler import between, refusal
from tests.adapters.smtp_running import mail


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot() as dovecot:
        yield dovecot


@pytest.fixture
def dovecot(server: Dovecot) -> Dovecot:
    return emptied(server)


async def test_a_mail_comes_while_it_is_waited_for(dovecot: Dovecot) -> None:
    async with polling(dovecot) as adapter:
        cursor = (await adapter.poll(None)).cursor
        task = await waiting(adapter, cursor)
        began = time.monotonic()
        await asyncio.to_thread(dovecot.deliver, mail())
        await task
        (one,), _ = await fetched(adapter, 1, cursor)
        print(f"the mail was there after {time.monotonic() - began:.2f} s")
    assert one.body.endswith(mail())
    assert texts(adapter, [one]) == ["Banjir di Kemang"]


async def test_what_is_there_already_comes_in_batches_each_mail_once(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvest, "_WINDOW", 7)
    monkeypatch.setattr(harvest, "MAILS", 3)
    dovecot.deliver(*numbered(20))
    async with polling(dovecot) as adapter:
        batches = [batch := await adapter.poll(None)]
        while sum(len(one.deliveries) for one in batches) < 20:
            batches.append(batch := await adapter.poll(batch.cursor))
    assert max(len(one.deliveries) for one in batches) == 3
    found = [text for one in batches for text in texts(adapter, one.deliveries)]
    assert found == [f"Laporan {number}" for number in range(1, 21)]


async def test_ten_thousand_mails_that_lie_there_all_come_once() -> None:
    with Dovecot() as own:
        own.place(numbered(10_000))
        began = time.monotonic()
        async with polling(own) as adapter:
            found, _ = await fetched(adapter, 10_000)
    print(f"10,000 mails were fetched in {time.monotonic() - began:.1f} s")
    assert len({one.id for one in found}) == len(found) == 10_000


async def test_a_batch_holds_no_more_than_some_octets(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "OCTETS", 5_000)
    dovecot.deliver(*(mail("x " * 1_000, message_id=f"<{n}@example.org>") for n in range(4)))
    async with polling(dovecot) as adapter:
        sizes = [len((batch := await adapter.poll(None)).deliveries)]
        sizes.append(len((await adapter.poll(batch.cursor)).deliveries))
    assert sizes == [2, 2]


async def test_where_nothing_new_is_nothing_is_fetched(dovecot: Dovecot) -> None:
    dovecot.deliver(mail())
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port, poll_seconds=7) as adapter:
        meddler.hides = (b"IDLE",)
        _, cursor = await fetched(adapter, 1)
        again = await adapter.poll(cursor)
    assert (again.deliveries, again.cursor, again.wait) == ((), cursor, 7)
    assert len(meddler.said("BODY.PEEK[]")) == 1
    assert meddler.said(":*") == [], "beyond the last mail the last mail is found"
    assert meddler.said("IDLE") == []


async def test_what_a_person_does_in_the_mailbox_hides_no_mail(dovecot: Dovecot) -> None:
    dovecot.deliver(*numbered(3))
    with dovecot.person() as person:
        person.select_folder("INBOX")
        uids = person.search("ALL")
        person.add_flags(uids, [b"\\Seen"])
        person.delete_messages(uids[:1])
        person.expunge()
    async with polling(dovecot) as adapter:
        found, _ = await fetched(adapter, 2)
    assert texts(adapter, found) == ["Laporan 2", "Laporan 3"]


def test_mails_that_vanished_are_left_out(dovecot: Dovecot) -> None:
    dovecot.deliver(*numbered(3))
    session = Session(mailbox(dovecot).settings)
    session.log_in("")
    folder = session.open("INBOX")
    uids = session.numbers(1, folder.next - 1)
    with dovecot.person() as person:
        person.select_folder("INBOX")
        person.delete_messages(uids[1])
        person.expunge()
    session.open("INBOX")
    assert [one.uid for one in session.listed(uids)] == [uids[0], uids[2]]
    assert list(session.mails(uids)) == [uids[0], uids[2]]
    assert session.beginning(uids[1], 10) is None
    session.close()


async def test_several_folders_are_read(dovecot: Dovecot) -> None:
    with dovecot.person() as person:
        person.append("Kecamatan", mail("Dari kecamatan"))
    async with polling(dovecot, folders=["INBOX", "Kecamatan"]) as adapter:
        _, cursor = await fetched(adapter, 1)
        task = await waiting(adapter, cursor)
        with dovecot.person() as person:
            person.append("Kecamatan", mail("Lagi", message_id="<2@example.org>"))
        await task
        found, _ = await fetched(adapter, 1, cursor)
    assert [one.headers["folder"] for one in found] == ["Kecamatan"]


async def test_a_folder_that_cannot_be_read_holds_up_no_other(dovecot: Dovecot) -> None:
    dovecot.deliver(mail())
    async with polling(dovecot, folders=["Tidak Ada", "INBOX"]) as adapter:
        first = await adapter.poll(None)
        task = await waiting(adapter, first.cursor)
        dovecot.deliver(mail("Lagi", message_id="<2@example.org>"))
        quiet = await task
        found, _ = await fetched(adapter, 1, quiet.cursor)
    assert texts(adapter, [*first.deliveries, *found]) == ["Banjir di Kemang", "Lagi"]
    for one in first, quiet:
        assert "'Tidak Ada' cannot be opened" in one.trouble


async def test_where_no_folder_can_be_read_the_mailbox_cannot(dovecot: Dovecot) -> None:
    async with polling(dovecot, folders=["Tidak Ada", "Tiada"]) as adapter:
        with pytest.raises(ChannelDown, match="'Tidak Ada' cannot be opened"):
            await adapter.poll(None)


async def test_a_folder_that_begins_to_fail_is_soon_asked_again(dovecot: Dovecot) -> None:
    async with polling(dovecot, folders=["INBOX", "Tidak Ada"]) as adapter:
        cursor = (await adapter.poll(None)).cursor
        batch = await asyncio.wait_for(adapter.poll(cursor), 30)
    assert batch.trouble


@pytest.mark.threat("P0-8")
async def test_a_folder_that_was_made_anew_is_read_again_with_the_same_ids(dovecot: Dovecot) -> None:
    mails = numbered(3)
    async with polling(dovecot, folders=["Kecamatan"]) as adapter:
        with dovecot.person() as person:
            for one in mails:
                person.append("Kecamatan", one)
        before, cursor = await fetched(adapter, 3)
        with dovecot.person() as person:
            person.delete_folder("Kecamatan")
            await asyncio.sleep(1.1)  # it is the second in which the folder was made
            person.create_folder("Kecamatan")
            for one in [*mails, mail("Laporan 4", message_id="<4@example.org>")]:
                person.append("Kecamatan", one)
        after, _ = await fetched(adapter, 4, cursor)
    assert after[0].headers["uidvalidity"] != before[0].headers["uidvalidity"]
    assert [one.id for one in after[:3]] == [one.id for one in before]
    assert len({one.id for one in after}) == 4


async def test_a_server_that_restarts_is_missed_and_found_again() -> None:
    with Dovecot() as own:
        async with polling(own) as adapter:
            own.deliver(mail())
            _, cursor = await fetched(adapter, 1)
            task = await waiting(adapter, cursor)
            await asyncio.to_thread(own.stop)
            with pytest.raises(ChannelDown, match="went away"):
                await task
            with pytest.raises(ChannelDown, match="cannot be reached"):
                await adapter.poll(cursor)
            await asyncio.to_thread(own.start)
            own.deliver(mail("Surut", message_id="<2@example.org>"))
            found, _ = await fetched(adapter, 1, cursor)
    assert texts(adapter, found) == ["Surut"]


async def test_a_connection_that_is_cut_while_waiting_is_noticed_at_once(dovecot: Dovecot) -> None:
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        cursor = (await adapter.poll(None)).cursor
        task = await waiting(adapter, cursor)
        said = len(meddler.heard)
        meddler.cut()
        with pytest.raises(ChannelDown, match="went away"):
            await asyncio.wait_for(task, 60)
        assert len(meddler.heard) == said, "nobody is asked for ever"
        dovecot.deliver(mail())
        found, _ = await fetched(adapter, 1, cursor)
    assert len(found) == 1


async def test_a_login_that_is_not_waited_for_any_more_ends_at_once(dovecot: Dovecot) -> None:
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        meddler.refuses, meddler.answer = "LOGIN", ""
        task = asyncio.create_task(adapter.poll(None))
        while not meddler.said("LOGIN"):
            await asyncio.sleep(0.01)
        assert meddler.connected()
        task.cancel()
        async with asyncio.timeout(120):
            while meddler.connected():
                await asyncio.sleep(0.01)
        assert task.cancelled()


async def test_a_server_that_does_not_start_tls_is_left_without_a_trace(dovecot: Dovecot) -> None:
    with pytest.raises(ChannelDown, match="does not start TLS"):
        await mailbox(dovecot, tls="starttls").check()
    gc.collect()  # a socket that is open still would warn


CUT_AT = {"greeting": "CAPABILITY|LOGIN", "opening": "EXAMINE", "searching": "SEARCH", "fetching": "BODY.PEEK"}


@pytest.mark.parametrize("words", CUT_AT.values(), ids=CUT_AT)
async def test_a_connection_that_is_cut_anywhere_loses_nothing(dovecot: Dovecot, words: str) -> None:
    dovecot.deliver(*numbered(5))
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        meddler.cuts = words
        with pytest.raises(ChannelDown):
            await adapter.poll(None)
        meddler.cuts = None
        found, _ = await fetched(adapter, 5)
    assert texts(adapter, found) == [f"Laporan {number}" for number in range(1, 6)]


async def test_a_mail_that_is_too_large_is_kept_in_part_and_the_next_goes_on(dovecot: Dovecot) -> None:
    large = mail("Banjir " * 1_000, message_id="<large@example.org>")
    dovecot.deliver(mail(), large, mail("Surut", message_id="<3@example.org>"))
    async with polling(dovecot, max_size=2_000, after="delete") as adapter:
        found, _ = await fetched(adapter, 3)
        await adapter.committed(Batch(found, None))
    (message,) = adapter.parse(found[1])
    assert isinstance(message, Message)
    assert (len(found[1].body), message.doubts, message.text[:14]) == (2_000, ("cut",), "Banjir Banjir ")
    assert int(found[1].headers["cut"]) > len(large)
    assert texts(adapter, [found[0], found[2]]) == ["Banjir di Kemang", "Surut"]
    assert len(dovecot.subjects()) == 1, "of what we have in part the mailbox keeps the whole"


@pytest.mark.threat("P0-8")
@pytest.mark.parametrize(("words", "max_size"), [(1_000, 2_000), (30_000, 2_000), (30_000, 150_000)])
async def test_a_mail_that_was_kept_in_part_is_the_same_once_it_is_fetched_whole(
    dovecot: Dovecot, words: int, max_size: int
) -> None:
    dovecot.deliver(mail("Banjir " * words, message_id="<large@example.org>"))
    async with polling(dovecot, max_size=max_size) as adapter:
        (part,), _ = await fetched(adapter, 1)
    async with polling(dovecot) as adapter:
        (whole,), _ = await fetched(adapter, 1)
    assert ("cut" in part.headers, "cut" in whole.headers) == (True, False)
    assert part.id == whole.id


AFTERWARDS = {
    "keep": ({}, ["a"], [], 0),
    "seen": ({}, ["a"], [], 1),
    "move": ({"moved_to": "Diproses"}, [], ["a"], 0),
    "delete": ({}, [], [], 0),
}


@pytest.mark.parametrize("hides", [(), (b"MOVE", b"UIDPLUS")], ids=["a modern server", "an old one"])
@pytest.mark.parametrize("after", AFTERWARDS)
async def test_nothing_is_done_to_a_mail_before_it_is_on_disk(
    dovecot: Dovecot, after: str, hides: tuple[bytes, ...]
) -> None:
    more, inbox, moved, seen = AFTERWARDS[after]
    dovecot.deliver(mail(subject="a"))
    async with (
        between(dovecot.imap) as meddler,
        polling(dovecot, port=meddler.port, after=after, **more) as adapter,
    ):
        meddler.hides = hides
        batch = await adapter.poll(None)
        assert (len(batch.deliveries), flags(dovecot)) == (1, [()])
        await adapter.committed(batch)
    if hides and after in {"move", "delete"}:  # what others marked is not ours to expunge
        assert flags(dovecot) == [(b"\\Deleted",)]
        inbox = ["a"]
    assert (dovecot.subjects(), dovecot.subjects("Diproses")) == (inbox, moved)
    assert [b"\\Seen" in one for one in flags(dovecot)].count(True) == seen


async def test_mails_of_a_folder_that_was_made_anew_are_left_alone(dovecot: Dovecot) -> None:
    dovecot.deliver(mail(subject="a"))
    async with polling(dovecot, after="delete") as adapter:
        (one,), _ = await fetched(adapter, 1)
        headers = one.headers | {"uidvalidity": "1"}
        other = Delivery(id=one.id, channel="imap", received_at=one.received_at, body=one.body, headers=headers)
        await adapter.committed(Batch([other], None))
    assert dovecot.subjects() == ["a"]


def flags(dovecot: Dovecot) -> list[tuple[bytes, ...]]:
    with dovecot.person() as person:
        person.select_folder("INBOX", readonly=True)
        found = person.get_flags(person.search("ALL"))
    return [tuple(flag for flag in one if flag != b"\\Recent") for one in found.values()]


NOON = datetime(2026, 11, 1, 5, tzinfo=UTC)


def dated(person: IMAPClient) -> None:
    for hours in (-48, -1, 1, 48):
        at = NOON + timedelta(hours=hours)
        person.append("INBOX", mail(f"Jam {hours}", message_id=f"<{hours}@example.org>"), msg_time=at)


async def test_what_was_missed_is_fetched_from_an_hour_on(dovecot: Dovecot) -> None:
    with dovecot.person() as person:
        dated(person)
        person.append("Kecamatan", mail("Dari kecamatan", message_id="<k@example.org>"))
    async with polling(dovecot, folders=["INBOX", "Kecamatan"]) as adapter:
        batches = [batch async for batch in adapter.backfill(NOON)]
    assert {batch.cursor for batch in batches} == {None}
    assert texts(adapter, in_all(batches)) == ["Jam 1", "Jam 48", "Dari kecamatan"]


async def test_what_was_missed_is_fetched_through_a_fault_that_passes(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.imap.adapter.PAUSE", 0.05)
    dovecot.deliver(*numbered(3))
    async with between(dovecot.imap) as meddler:
        meddler.cuts = "BODY.PEEK"
        adapter = mailbox(dovecot, port=meddler.port)
        with pytest.raises(ChannelDown):
            await anext(adapter.backfill(NOON))
        meddler.heard.clear()
        fetching = asyncio.create_task(everything(adapter))
        while not meddler.said("BODY.PEEK"):
            await asyncio.sleep(0.01)
        meddler.cuts = None
        assert texts(adapter, await fetching) == ["Laporan 1", "Laporan 2", "Laporan 3"]


def in_all(batches: Sequence[Batch]) -> list[Delivery]:
    return [one for batch in batches for one in batch.deliveries]


async def everything(adapter: Imap) -> list[Delivery]:
    return in_all([batch async for batch in adapter.backfill(NOON)])


async def test_mails_from_before_a_day_are_left_alone(dovecot: Dovecot) -> None:
    with dovecot.person() as person:
        dated(person)
    async with polling(dovecot, since=date(2026, 11, 2)) as adapter:
        found, cursor = await fetched(adapter, 1)
        task = await waiting(adapter, cursor)
        assert not task.done()
        task.cancel()
    assert texts(adapter, found) == ["Jam 48"]


async def test_two_who_read_one_mailbox_have_each_mail_once(dovecot: Dovecot) -> None:
    dovecot.deliver(*numbered(30))
    async with polling(dovecot) as one, polling(dovecot) as other:
        (ones, _), (others, _) = await asyncio.gather(fetched(one, 30), fetched(other, 30))
    assert [delivery.id for delivery in ones] == [delivery.id for delivery in others]
    assert len({delivery.id for delivery in ones}) == 30


async def test_two_who_take_mails_out_of_one_mailbox_lose_none(dovecot: Dovecot) -> None:
    dovecot.deliver(*numbered(30))
    async with polling(dovecot, after="delete") as one, polling(dovecot, after="delete") as other:
        found = await asyncio.gather(emptied_by(one, dovecot), emptied_by(other, dovecot))
    assert {delivery.id for deliveries in found for delivery in deliveries} == {identity(one) for one in numbered(30)}


async def emptied_by(adapter: Imap, dovecot: Dovecot) -> list[Delivery]:
    found: list[Delivery] = []
    cursor = None
    while await asyncio.to_thread(dovecot.subjects):
        with suppress(ChannelError, TimeoutError):
            batch = await asyncio.wait_for(adapter.poll(cursor), 1)
            found, cursor = [*found, *batch.deliveries], batch.cursor
            await adapter.committed(batch)
    return found


LOGINS = {"AUTHENTICATIONFAILED": Unauthorized, "UNAVAILABLE": ChannelDown, "LIMIT": ChannelDown}


@pytest.mark.parametrize(("code", "error"), LOGINS.items())
async def test_a_login_that_is_refused_for_now_is_tried_again(
    dovecot: Dovecot, code: str, error: type[ChannelError]
) -> None:
    async with between(dovecot.imap) as meddler:
        meddler.refuses, meddler.answer = "LOGIN", refusal(code)
        with pytest.raises(ChannelError, match=code) as caught:
            await mailbox(dovecot, port=meddler.port).check()
    assert type(caught.value) is error
    assert "@" not in str(caught.value), "the server's words may name people"


async def test_a_check_logs_in_and_opens_the_folders(dovecot: Dovecot) -> None:
    await mailbox(dovecot, after="move", moved_to="Diproses").check()
    with pytest.raises(ChannelDown, match="'Nirwana' cannot be opened"):
        await mailbox(dovecot, after="move", moved_to="Nirwana").check()


async def test_the_way_is_encrypted_and_the_server_who_it_says_it_is(tmp_path: Path) -> None:
    pair = make_certificate(tmp_path)
    with Dovecot(certificate=pair) as own:
        for tls, port in (("starttls", own.imap), ("tls", own.imaps)):
            await mailbox(own, tls=tls, port=port, ca=str(pair[0])).check()
            with pytest.raises(ChannelDown, match="certificate is not trusted"):
                await mailbox(own, tls=tls, port=port).check()
        own.deliver(mail())
        async with polling(own, tls="tls", port=own.imaps, ca=str(pair[0])) as adapter:
            found, cursor = await fetched(adapter, 1)
            task = await waiting(adapter, cursor)
            own.deliver(mail("Surut", message_id="<2@example.org>"))
            await task
            found += (await fetched(adapter, 1, cursor))[0]
    assert len(found) == 2
