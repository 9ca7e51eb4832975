"""The demo's mailbox, as a mail program reads it."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from gateway.demo import mailbox
from gateway.demo.mailbox import USER, Mailbox

MAILS = [b"Subject: %d\r\n\r\nBanjir" % number for number in range(1, 4)]


async def done(box: Mailbox, work: Callable[[IMAPClient], Any], password: str | None = None) -> Any:
    """What somebody finds there who has logged in."""

    def there() -> Any:
        with IMAPClient("127.0.0.1", box.port, ssl=False, timeout=60) as client:
            client.login(USER, box.password if password is None else password)
            client.select_folder("INBOX", readonly=True)
            return work(client)

    return await asyncio.to_thread(there)


FOUND: dict[str, tuple[Callable[[IMAPClient], Any], Any]] = {
    "all": (lambda client: client.search(["UID", "1:*"]), [1, 2, 3]),
    "a part": (lambda client: client.search(["UID", "2:9"]), [2, 3]),
    "none": (lambda client: client.search(["UID", "4:9"]), []),
    "octets": (lambda client: client.fetch([2], ["BODY.PEEK[]"])[2][b"BODY[]"], MAILS[1]),
    "a beginning": (lambda client: client.fetch([2], ["BODY.PEEK[]<0.7>"])[2][b"BODY[]<0>"], b"Subject"),
    "sizes": (
        lambda client: {uid: one[b"RFC822.SIZE"] for uid, one in client.fetch([1, 3], ["RFC822.SIZE"]).items()},
        {1: len(MAILS[0]), 3: len(MAILS[2])},
    ),
}


@pytest.mark.parametrize(("work", "found"), FOUND.values(), ids=FOUND)
async def test_mails_are_found_by_their_numbers(work: Callable[[IMAPClient], Any], found: Any) -> None:
    async with mailbox.served() as box:
        for mail in MAILS:
            box.deliver(mail)
        assert await done(box, work) == found


async def test_who_idles_is_told_of_a_new_mail() -> None:
    def idled(client: IMAPClient) -> Any:
        client.idle()
        loop.call_soon_threadsafe(box.deliver, MAILS[0])
        told = client.idle_check(timeout=60)
        client.idle_done()
        return told, client.search(["UID", "1:*"])

    loop = asyncio.get_running_loop()
    async with mailbox.served() as box:
        assert await done(box, idled) == ([(1, b"EXISTS")], [1])


async def test_who_does_not_know_the_password_reads_nothing() -> None:
    async with mailbox.served() as box:
        with pytest.raises(LoginError):
            await done(box, lambda client: client.search(["UID", "1:*"]), "tebakan")


async def test_what_it_does_not_speak_is_said() -> None:
    async with mailbox.served() as box:
        with pytest.raises(IMAPClientError, match="not spoken here"):
            await done(box, lambda client: client.list_folders())
