"""A mail server that hands over not all mails, or none for a while: no mail is lost, and none holds up the others."""

import re
from collections.abc import Iterator

import pytest

from adapters import ChannelDown, Delivery, Unreadable
from adapters.imap import places
from adapters.mails.identity import identity_in_mailbox
from tests.adapters.dovecot import Dovecot
from tests.adapters.mailbox import emptied, fetched, mailbox, numbered, polling, texts
from tests.adapters.meddler import Meddler, between, refusal
from tests.adapters.smtp_running import mail


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot() as dovecot:
        yield dovecot


@pytest.fixture
def dovecot(server: Dovecot) -> Dovecot:
    return emptied(server)


def uids(dovecot: Dovecot) -> list[int]:
    with dovecot.person() as person:
        person.select_folder("INBOX", readonly=True)
        return list(person.search("ALL"))


FAULTS: dict[str, str | None] = {
    "it refuses": refusal("SERVERBUG"),
    "it is not available": refusal("UNAVAILABLE"),
    "it hangs up": None,
    "it says nothing of it": "TAG OK\r\n",
    "it says that it is nothing": "* 1 FETCH (UID UIDS BODY[] NIL BODY[]<0> NIL)\r\nTAG OK\r\n",
    "it says a number": "* 1 FETCH (UID UIDS BODY[] 5 BODY[]<0> 5)\r\nTAG OK\r\n",
    "it talks nonsense": "* 1 FETCH (UID UIDS ((NIL) 5)\r\nTAG OK\r\n",
}


def fall_ill(meddler: Meddler, fault: str, words: str, uid: int = 0) -> None:
    """At lines with these words."""
    answer = FAULTS[fault]
    if answer is None:
        meddler.cuts = words
    else:
        meddler.refuses, meddler.answer = words, answer.replace("UIDS", str(uid))


WHOLE, ALL, SIZE = (
    r"FETCH \S*\b{uid}\b\S* \(BODY.PEEK\[\]\)",
    r"FETCH \S*\b{uid}\b\S* \(BODY.PEEK",
    r"FETCH \S*\b{uid}\b\S* \(RFC822.SIZE",
)
WITHHELD = {
    "the mail as a whole: it refuses": (WHOLE, "cut"),
    "the mail as a whole: it says that it is nothing": (WHOLE, "cut"),
    "all of the mail: it hangs up": (ALL, "lost"),
    "all of the mail: it says nothing of it": (ALL, "lost"),
    "all of the mail: it says a number": (ALL, "lost"),
    "all of the mail: it talks nonsense": (ALL, "lost"),
    "how large it is: it refuses": (SIZE, "cut"),
    "how large it is: it says nothing of it": (SIZE, "cut"),
}


@pytest.mark.parametrize("name", WITHHELD)
async def test_a_mail_that_the_server_does_not_give_stops_no_other(dovecot: Dovecot, name: str) -> None:
    words, said = WITHHELD[name]
    dovecot.deliver(*numbered(4))
    bad = uids(dovecot)[1]
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        fall_ill(meddler, name.partition(": ")[2], words.format(uid=bad), bad)
        found, cursor = await fetched(adapter, 4)
    assert [said in one.headers for one in found] == [False, True, False, False]
    assert len({one.id for one in found}) == 4
    assert texts(adapter, [found[0], *found[2:]]) == ["Laporan 1", "Laporan 3", "Laporan 4"]
    assert places.decode(cursor)["INBOX"].lost == ((bad,) if said == "lost" else ())


async def test_a_mail_of_which_the_server_gave_only_the_beginning_is_the_same_later(dovecot: Dovecot) -> None:
    dovecot.deliver(mail("Banjir " * 30_000, message_id="<large@example.org>"), *numbered(1))
    (large, _) = uids(dovecot)
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        fall_ill(meddler, "it refuses", WHOLE.format(uid=large))
        part = (await fetched(adapter, 2))[0][0]
        meddler.refuses = None
        whole = (await fetched(adapter, 2))[0][0]
    assert len(part.body) < len(whole.body)
    assert part.id == whole.id


@pytest.mark.parametrize("fault", ["it is not available", "it hangs up", "it says nothing of it"])
async def test_while_the_server_gives_no_mail_none_is_given_up(dovecot: Dovecot, fault: str) -> None:
    dovecot.deliver(*numbered(3))
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        fall_ill(meddler, fault, "FETCH .*BODY.PEEK")
        for _ in range(7):
            with pytest.raises(ChannelDown):
                await adapter.poll(None)
        meddler.refuses = meddler.cuts = None
        found, _ = await fetched(adapter, 3)
    assert texts(adapter, found) == ["Laporan 1", "Laporan 2", "Laporan 3"]


async def test_a_mail_is_given_up_only_where_another_one_can_be_had(dovecot: Dovecot) -> None:
    dovecot.deliver(mail("Laporan 1", message_id="<1@example.org>"))
    (bad,) = uids(dovecot)
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        fall_ill(meddler, "it refuses", rf"FETCH \S*\b{bad}\b\S* \(BODY.PEEK")
        for _ in range(7):
            with pytest.raises(ChannelDown):
                await adapter.poll(None)
        dovecot.deliver(*numbered(1, 2))
        found, _ = await fetched(adapter, 2)
    assert ["lost" in one.headers for one in found] == [True, False]


async def test_two_bad_mails_do_not_speak_for_each_other(dovecot: Dovecot) -> None:
    dovecot.deliver(*numbered(4))
    bad = uids(dovecot)[1:3]
    async with between(dovecot.imap) as meddler, polling(dovecot, port=meddler.port) as adapter:
        fall_ill(meddler, "it hangs up", rf"FETCH \S*\b({bad[0]}|{bad[1]})\b\S* \(BODY.PEEK")
        found, cursor = await fetched(adapter, 4)
    assert ["lost" in one.headers for one in found] == [False, True, True, False]
    assert places.decode(cursor)["INBOX"].lost == tuple(bad)


async def lost(dovecot: Dovecot, meddler: Meddler) -> tuple[Delivery, str | None]:
    """The second of three mails, and the cursor."""
    dovecot.deliver(*numbered(3))
    bad = uids(dovecot)[1]
    fall_ill(meddler, "it refuses", rf"FETCH \S*\b{bad}\b\S* \(BODY.PEEK")
    async with polling(dovecot, port=meddler.port) as adapter:
        found, cursor = await fetched(adapter, 3)
    assert places.decode(cursor)["INBOX"].lost == (bad,)
    return found[1], cursor


async def test_a_lost_mail_says_where_it_lies(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    async with between(dovecot.imap) as meddler:
        one, _ = await lost(dovecot, meddler)
    uid = one.headers["uid"]
    assert re.findall(r"does not hand over a mail \((.*)\)", caplog.text) == [f"INBOX, UID {uid}"]
    with pytest.raises(Unreadable, match="is asked for again"):
        mailbox(dovecot).parse(one)


async def test_a_mail_that_was_lost_comes_once_the_server_gives_it(dovecot: Dovecot) -> None:
    async with between(dovecot.imap) as meddler:
        before, cursor = await lost(dovecot, meddler)
        meddler.refuses = None
        async with polling(dovecot, port=meddler.port, after="delete") as adapter:
            batch = await adapter.poll(cursor)
            await adapter.committed(batch)
    (one,) = batch.deliveries
    assert texts(adapter, [one]) == ["Laporan 2"]
    assert one.id == identity_in_mailbox(one.body) != before.id
    assert places.decode(batch.cursor)["INBOX"].lost == ()
    assert int(one.headers["uid"]) not in uids(dovecot), "it was taken whole, so what is to become of it has"


async def test_a_mail_that_was_lost_and_is_deleted_is_forgotten(dovecot: Dovecot) -> None:
    async with between(dovecot.imap) as meddler:
        _, cursor = await lost(dovecot, meddler)
        emptied(dovecot)
        async with polling(dovecot, port=meddler.port) as adapter:
            batch = await adapter.poll(cursor)
    assert (len(batch.deliveries), places.decode(batch.cursor)["INBOX"].lost) == (0, ())


async def test_what_stays_lost_disturbs_nothing_and_is_left_in_peace_for_a_while(dovecot: Dovecot) -> None:
    async with between(dovecot.imap) as meddler:
        _, cursor = await lost(dovecot, meddler)
        meddler.hides = (b"IDLE",)
        meddler.heard.clear()
        async with polling(dovecot, port=meddler.port) as adapter:
            polls = [await adapter.poll(cursor) for _ in range(3)]
        assert len(meddler.said("BODY.PEEK")) == 1
    assert {(len(one.deliveries), one.cursor) for one in polls} == {(0, cursor)}
