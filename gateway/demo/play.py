"""Sends the story's messages at their hours, as mail programs, an SMS gateway, an application, a feed and browsers do,
and as citizens do at the accounts that we have with providers."""

import asyncio
import secrets
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

import aiosmtplib
import msgspec
from aiohttp import ClientError, ClientSession
from yarl import URL

from gateway.apart import LOOPBACK
from gateway.demo import wire
from gateway.demo.clerk import Clerk
from gateway.demo.outside import Outside
from gateway.demo.proof import Sent
from gateway.demo.running import BOX, FEED_HEADER, NUMBERS, Running
from gateway.demo.script import Entry

AT_ONCE = 8
#: How long somebody waits for an answer before they go on all the same, and how often they look.
PATIENCE_SECONDS, GLANCE_SECONDS = 60.0, 0.02


class Player:
    """Plays the story. `played` is what has begun to go out, `sent` what was acknowledged."""

    def __init__(self, running: Running, clerk: Clerk, world: Outside) -> None:
        self.sent: list[Sent] = []
        self.played: list[Entry] = []
        self._running = running
        self._clerk = clerk
        self._world = world
        self._said: Counter[str] = Counter()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def play(self, story: Sequence[Entry], speed: float) -> None:
        """`speed` is how many minutes of the story pass in a second."""
        loop = asyncio.get_running_loop()
        began, first = loop.time(), story[0].minutes
        async with ClientSession() as session, asyncio.TaskGroup() as group:
            for entry in story:
                await asyncio.sleep(began + (entry.minutes - first) / speed - loop.time())
                self.played.append(entry)
                await self._room.acquire()
                sending = group.create_task(self._send(entry, session))
                sending.add_done_callback(lambda _: self._room.release())
                if entry.awaited:
                    await sending
                    await self._answered(entry)

    async def _send(self, entry: Entry, session: ClientSession) -> None:
        """What is not acknowledged is missing from `sent`."""
        try:
            async with self._turns[entry.sender]:
                if not entry.begins:
                    await self._answered(entry)
                await self._say(entry, session)
        except (aiosmtplib.SMTPException, ClientError, OSError, LookupError):
            return

    async def _say(self, entry: Entry, session: ClientSession) -> None:
        if platform := self._world.platforms.get(entry.by):
            platform.say(entry)
            bodies: Sequence[bytes] = ()
        else:
            bodies = await self._bodies(entry, session)
        if entry.takes_back:
            self._forget(entry.sender)
        else:
            self._said[entry.sender] += 1
            self.sent.append(_sent(entry, bodies))

    async def _answered(self, entry: Entry) -> None:
        """Returns once all that its sender said was answered, or patience is over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        while self._world.answers_to(entry.by, entry.sender) < self._said[entry.sender] and loop.time() < deadline:
            await asyncio.sleep(GLANCE_SECONDS)

    def _forget(self, who: str) -> None:
        """What they said last."""
        last = max(number for number, one in enumerate(self.sent) if one.sender == who)
        self.sent[last] = msgspec.structs.replace(self.sent[last], taken_back=True)

    async def _bodies(self, entry: Entry, session: ClientSession) -> list[bytes]:
        if entry.is_desk:
            return await self._desk(entry)
        if entry.is_form:
            return await self._form(entry, session)
        if entry.is_posted:
            return await self._feed(entry, session)
        if entry.is_app:
            return await self._app(entry, session)
        return await (self._mail(entry) if entry.is_mail else self._sms(entry, session))

    async def _feed(self, entry: Entry, session: ClientSession) -> list[bytes]:
        form = wire.posted(entry)
        headers = {"Content-Type": form.content_type, FEED_HEADER: self._running.secret(entry.by)}
        address = f"{self._running.web}/in/{entry.by}"
        async with session.post(address, data=form.body, headers=headers, raise_for_status=True) as response:
            await response.read()
        return [form.body]

    async def _app(self, entry: Entry, session: ClientSession) -> list[bytes]:
        form = wire.report(entry)
        headers = {"Content-Type": form.content_type}
        address = self._running.app_address(entry.by)
        async with session.post(address, data=form.body, headers=headers, raise_for_status=True) as response:
            await response.read()
        return [form.body]

    async def _desk(self, entry: Entry) -> list[bytes]:
        form = wire.entered(entry, self._clerk.csrf)
        await self._clerk.post(f"/meja/{entry.by}", form)
        return [form.body]

    async def _form(self, entry: Entry, session: ClientSession) -> list[bytes]:
        identity = secrets.token_hex(16)
        asked = {"kanal": entry.by, "isian": identity}
        async with session.get(f"{self._running.web}/lapor/uji", params=asked, raise_for_status=True) as response:
            challenge = await response.json()
        form = await asyncio.to_thread(wire.public, entry, identity, challenge)
        headers = {"Content-Type": form.content_type}
        address = f"{self._running.web}/lapor/{entry.by}"
        async with session.post(address, data=form.body, headers=headers, raise_for_status=True) as response:
            await response.read()
        return [form.body]

    async def _mail(self, entry: Entry) -> list[bytes]:
        mail = wire.mail(entry, datetime.now(UTC))
        if entry.by == BOX:
            self._world.mailbox.deliver(mail)
            return [mail]
        await aiosmtplib.send(
            mail,
            sender=entry.sender,
            recipients=[wire.MAILBOX],
            hostname=LOOPBACK,
            port=self._running.smtp_port,
            local_hostname="demo",
            start_tls=False,
        )
        return [mail]

    async def _sms(self, entry: Entry, session: ClientSession) -> list[bytes]:
        queries = wire.sms(entry, NUMBERS[entry.by], datetime.now(UTC))
        address = self._running.sms_address(entry.by)
        for query in [*queries, *(queries if entry.redelivered else ())]:
            async with session.get(URL(f"{address}?{query}", encoded=True), raise_for_status=True) as response:
                await response.read()
        return [query.encode() for query in queries]


def _sent(entry: Entry, bodies: Sequence[bytes]) -> Sent:
    """Of what an officer enters, the part that belongs to the log-in is not kept, and so not all of the bytes."""
    is_verbatim = bool(bodies) and not entry.is_desk
    return Sent(
        channel=entry.by,
        sender=entry.sender,
        digests=tuple(sha256(body).hexdigest() for body in bodies) if is_verbatim else (),
        words="" if is_verbatim else entry.said,
        automatic=entry.automatic,
        public=entry.public,
        follows=entry.follows,
    )
