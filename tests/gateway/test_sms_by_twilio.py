"""An SMS by a provider that signs, through a whole gateway behind a proxy: kept once, answered, and the word on the
answer believed in whatever order it comes."""

import base64
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.gateway.support import BUDI, FLOOD, SECRET, Answer, Running, running, settings_in, sms_channel, until

OUTSIDE = "https://kanal.example.go.id"
TOKEN = SECRET
SID = "SM5f0a1b2c3d4e5f60718293a4b5c6d7e8"
SMS = {"MessageSid": "SM0123456789abcdef0123456789abcdef", "From": BUDI, "To": "1708", "Body": FLOOD, "NumMedia": "0"}
#: In the order in which they come.
REPORTS = ("delivered", "sent", "queued")


def signature(url: str, form: Mapping[str, str]) -> str:
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(TOKEN.encode(), signed.encode(), "sha1")).decode()


async def call(kanal: Running, path: str, form: Mapping[str, str], signed: Mapping[str, str] | None = None) -> Answer:
    """As Twilio calls through the proxy: what it signs is the address outside."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature(OUTSIDE + path, form if signed is None else signed),
    }
    return await kanal.ask(path, "POST", data=urlencode(form), headers=headers)


class Twilio:
    """Takes each reply, and reports on it before it says that it has taken it."""

    def __init__(self, *, by_our_id: bool = True, answers: bool = True) -> None:
        self.kanal: Running | None = None
        self.taken: list[str] = []
        self._by_our_id = by_our_id
        self._answers = answers

    async def messages(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.taken.append(str(form["Body"]))
        path, query = str(form["StatusCallback"]).removeprefix(OUTSIDE).split("?")
        for status in REPORTS:
            await self._report(f"{path}?{query}" if self._by_our_id else path, status)
        if not self._answers and request.transport:
            request.transport.close()
        return web.json_response({"sid": SID, "status": "queued"}, status=201)

    async def _report(self, path: str, status: str) -> None:
        assert self.kanal is not None
        form = {"MessageSid": SID, "MessageStatus": status, "To": BUDI}
        assert (await call(self.kanal, path, form)).status == 200


@asynccontextmanager
async def twilio(folder: Path, **how: bool) -> AsyncIterator[tuple[Twilio, Running]]:
    there, app = Twilio(**how), web.Application()
    app.router.add_post("/2010-04-01/Accounts/AC1/Messages.json", there.messages)
    async with TestServer(app) as server:
        channel = sms_channel(
            provider="twilio",
            signing_key={"file": "secret"},
            account="AC1",
            password={"file": "secret"},
            send_url=str(server.make_url("")).rstrip("/"),
            callback_url=f"{OUTSIDE}/in/sms",
        )
        async with running(settings_in(folder, channel, public_url=OUTSIDE)) as kanal:
            there.kanal = kanal
            yield there, kanal


@pytest.mark.threat("P0-15", "P0-17")
async def test_a_signed_sms_is_kept_and_answered_once_and_a_forged_or_changed_one_not_at_all(tmp_path: Path) -> None:
    path = f"/in/sms/{SECRET}/mo"
    async with twilio(tmp_path) as (there, kanal):
        forged = [
            await call(kanal, path, {**SMS, "Body": "Kebakaran"}, signed=SMS),
            await call(kanal, path, SMS, signed={}),
            await kanal.ask(path, "POST", data=SMS),
        ]
        assert [answer.status for answer in forged] == [403, 403, 403]
        assert kanal.all("deliveries") == []
        answers = [await call(kanal, path, SMS) for _ in range(20)]
        assert {(answer.status, answer.headers["Content-Type"], answer.text[-11:]) for answer in answers} == {
            (200, "text/xml", "<Response/>")
        }
        await until(lambda: kanal.replies() == [("received", "delivered")], "the word on the reply")
        assert len(kanal.all("reports")) == len(there.taken) == 1
        await until(lambda: len(kanal.all("deliveries")) == 1 + len(REPORTS), "each word of the provider")


async def test_a_report_by_twilios_own_id_is_matched_with_the_receipt_that_comes_after_it(tmp_path: Path) -> None:
    async with twilio(tmp_path, by_our_id=False) as (_, kanal):
        assert (await call(kanal, f"/in/sms/{SECRET}/mo", SMS)).status == 200
        await until(lambda: kanal.replies() == [("received", "delivered")], "the word on the reply")


async def test_a_reply_whose_answer_is_lost_is_not_sent_again_once_it_is_reported(tmp_path: Path) -> None:
    async with twilio(tmp_path, answers=False) as (there, kanal):
        assert (await call(kanal, f"/in/sms/{SECRET}/mo", SMS)).status == 200
        await until(lambda: kanal.replies() == [("received", "delivered")], "the word on the reply")
        assert kanal.app.store.next_due("sms") is None
        assert len(there.taken) == 1
