"""The world outside: a mail server and an SMS gateway that take the answers and remember who got which, accounts with
providers, and the city's own case store, which is down for a while."""

import asyncio
import email
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from email.policy import default

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from gateway.apart import LOOPBACK
from gateway.demo import mailbox, platforms
from gateway.demo.mailbox import Mailbox
from gateway.demo.platforms import Platform
from gateway.demo.proof import Arrived, Sent

CASE_STORE = "/kasus"
LARGEST = 16 << 20
SENDSMS = "/cgi-bin/sendsms"


class Outside:
    """The answers that arrived by mail and SMS, by recipient; `relay` (host:port) and `send_url` are where they are
    taken. `filed` are the reports of each case that the case store at `case_store` was given, which it refuses while it
    is `down`. The others go to `platforms`, by channel. Into the `mailbox` mails come that nobody hands over."""

    def __init__(self, platforms: Mapping[str, Platform], mailbox: Mailbox) -> None:
        self.platforms = platforms
        self.mailbox = mailbox
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.filed: dict[str, set[str]] = defaultdict(set)
        self.down = False
        self.case_store = ""
        self.relay = ""
        self.send_url = ""

    def arrived(self, sent: Iterable[Sent]) -> Arrived:
        """All answers, of which the platforms are asked for those to who has written there."""
        there = {one.sender: self.platforms[one.channel] for one in sent if one.channel in self.platforms}
        private = {who: platform.told(who) for who, platform in there.items()}
        openly = {who: platform.told_openly(who) for who, platform in there.items()}
        return Arrived({**self.answers, **private}, openly)

    def answers_to(self, channel: str, who: str) -> int:
        """How many have arrived, for them alone or for everybody to read."""
        if platform := self.platforms.get(channel):
            return len(platform.told(who)) + len(platform.told_openly(who))
        return len(self.answers.get(who, ()))

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        body = email.message_from_bytes(content, policy=default).get_body()
        for recipient in envelope.rcpt_tos:
            self.answers[recipient].append(body.get_content() if body else "")
        return "250 OK"

    async def sendsms(self, request: web.Request) -> web.Response:
        self.answers[request.query["to"]].append(request.query["text"])
        return web.Response(status=202, text="0: Accepted for delivery")

    async def take_case(self, request: web.Request) -> web.Response:
        """As docs/case-stores.md asks: what comes again with the same key is the same case, a report of which it has
        another version the same report, and of what is to be forgotten only that stays which is told anew."""
        if self.down:
            return web.Response(status=503)
        said = await request.json()
        number = said.get("number") or f"JK-{said.get('key')}"
        case = said.get("case", {})
        if said.get("forget", "nothing") != "nothing":
            self.filed[number].clear()
        self.filed[number] |= {
            report["key"].rpartition(".")[0] for report in (*case.get("reports", ()), *said.get("new", ()))
        }
        return web.json_response({"number": number, "missing": []})


@asynccontextmanager
async def outside() -> AsyncIterator[Outside]:
    """All servers on free ports of this machine."""
    with platforms.opened() as there:
        async with mailbox.served() as box, _served(Outside(there, box)) as made:
            yield made


@asynccontextmanager
async def _served(made: Outside) -> AsyncIterator[Outside]:
    app = web.Application(client_max_size=LARGEST)
    app.router.add_post(CASE_STORE, made.take_case)
    app.router.add_get(SENDSMS, made.sendsms)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    made.send_url = f"http://{LOOPBACK}:{runner.addresses[0][1]}{SENDSMS}"
    made.case_store = f"http://{LOOPBACK}:{runner.addresses[0][1]}{CASE_STORE}"
    mail = await asyncio.get_running_loop().create_server(_session(made), LOOPBACK, 0)
    made.relay = f"{LOOPBACK}:{mail.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        mail.close()
        await runner.cleanup()


def _session(taker: Outside) -> Callable[[], SMTP]:
    loop = asyncio.get_running_loop()
    return lambda: SMTP(taker, hostname="demo", loop=loop)
