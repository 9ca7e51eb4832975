"""The other side of the kind `http` for the tests: a receiver on 127.0.0.1 such as a city would write."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from adapters.signing import proven, signed
from gateway.casestore import Status

SECRET = "rahasia-webhook-0123456789"
FAULTS = {"down": 503, "throttled": 429, "unauthorized": 401, "refused": 422}
Row = dict[str, Any]


class FakeReceiver:
    """`always` is answered to whatever is POSTed, `news` to who asks; `reports` are by their keys, each with
    its case's number."""

    def __init__(self) -> None:
        self.settings: Mapping[str, Any] = {}
        self.received: list[Row] = []
        self.cases: dict[str, list[Row]] = {}
        self.reports: dict[str, tuple[str, Row]] = {}
        self.always: web.Response | None = None
        self.news: bytes | None = None
        self._keys: dict[str, str] = {}
        self._faults: list[str] = []
        self._news: list[Row] = []
        self._now = datetime.now(UTC)

    def fail(self, how: str) -> None:
        self._faults.append(how)

    def held(self) -> Mapping[str, str]:
        return {number: json.dumps(said, ensure_ascii=False) for number, said in self.cases.items()}

    def lose(self, number: str) -> None:
        del self.cases[number]
        self._keys = {key: known for key, known in self._keys.items() if known != number}

    def tell(self, number: str, status: Status, **more: Any) -> None:
        self._now += timedelta(seconds=1)
        told = {"id": f"n{len(self._news)}", "number": number, "status": status, "at": self._now.isoformat()}
        self._news.append(told | more)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        message = body if request.method == "POST" else str(request.rel_url).encode()
        if not proven([SECRET], message, request.headers, time.time()):
            return web.Response(status=401)
        if request.method == "GET" and self.news is not None:
            return web.Response(body=self.news)
        if request.method == "GET":
            after = int(request.query.get("cursor", "0"))
            return web.json_response({"news": self._news[after:], "cursor": str(len(self._news))})
        return self._take(request, json.loads(body))

    def _take(self, request: web.BaseRequest, said: Row) -> web.Response:
        self.received.append(said)
        if self.always is not None:
            return web.Response(status=self.always.status, body=self.always.body)
        match said["type"]:
            case "ping":
                return web.Response()
            case "confirm":
                missing = [number for number in said["numbers"] if number not in self.cases]
                return web.json_response({"missing": missing})
        fault = self._faults.pop(0) if self._faults else ""
        if fault in FAULTS:
            return web.Response(status=FAULTS[fault], headers={"Retry-After": "7"} if fault == "throttled" else {})
        number = self._kept(request.headers["Idempotency-Key"], said)
        if fault == "cut":
            assert request.transport
            request.transport.abort()
        return web.json_response({"number": number}) if number else web.Response(status=422)

    def _kept(self, key: str, said: Row) -> str:
        """Under which number; what is said again adds the reports that it did not have before. "" if there is no such
        case."""
        number = said.get("number") or self._keys.get(key) or f"CRM-{len(self.cases) + 1}"
        if said["type"] == "change" and number not in self.cases:
            return ""
        if key not in self._keys or any(one["key"] not in self.reports for one in _reports(said)):
            self.cases.setdefault(number, []).append(said)
        self._keys[key] = number
        self.reports |= {one["key"]: (number, one) for one in _reports(said)}
        return number


def _reports(said: Row) -> list[Row]:
    return [*said["case"].get("reports", ()), *said.get("new", ())]


@asynccontextmanager
async def fake_receiver(**settings: Any) -> AsyncIterator[FakeReceiver]:
    fake = FakeReceiver()
    runner = web.ServerRunner(web.Server(fake.answer), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/kanal"
    fake.settings = {"url": url, "news_url": f"{url}/news?since=now", "secret": SECRET} | settings
    try:
        yield fake
    finally:
        await runner.cleanup()


def news(*pieces: Row, **more: Any) -> bytes:
    return json.dumps({"news": pieces} | more).encode()


def proof(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    return signed(secret, body, at.timestamp())
