"""The other side for the tests: a crm on 127.0.0.1 that can be told to fail."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from gateway.casestore import Status

TOKEN = "rahasia-crm"  # nosec B105  # noqa: S105 (opens nothing but this)


class FakeCrm:
    def __init__(self) -> None:
        self.settings: Mapping[str, Any] = {}
        self.cases: dict[str, list[dict[str, Any]]] = {}
        self.requests = 0
        self._numbers: dict[str, str] = {}
        self._keys: set[str] = set()
        self._news: list[dict[str, Any]] = []
        self._orders: dict[str, int] = defaultdict(int)
        self._faults: list[str] = []
        self.always = ""

    def fail(self, how: str) -> None:
        self._faults.append(how)

    def held(self) -> Mapping[str, str]:
        return {number: str(said) for number, said in self.cases.items()}

    def lose(self, number: str) -> None:
        del self.cases[number]
        self._numbers = {key: known for key, known in self._numbers.items() if known != number}

    def tell(self, number: str, status: Status, order: int = 0) -> None:
        self._orders[number] += 1
        told = {"number": number, "status": status, "order": order or self._orders[number]}
        self._news.append(told | {"at": datetime.now(UTC).isoformat()})

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests += 1
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        if request.path == "/news":
            return self._told(int(request.query["after"] or "0"))
        number = request.path.removeprefix("/cases").strip("/")
        if request.method == "GET":
            return web.Response(status=200 if number in self.cases else 404)
        return await self._take(request, number)

    def _told(self, after: int) -> web.Response:
        return web.json_response({"news": self._news[after:], "cursor": str(len(self._news))})

    async def _take(self, request: web.BaseRequest, number: str) -> web.StreamResponse:
        fault = self.always or (self._faults.pop(0) if self._faults else "")
        if refusal := {"down": 503, "throttled": 429, "unauthorized": 401, "refused": 422}.get(fault):
            return web.Response(status=refusal, headers={"Retry-After": "7"} if fault == "throttled" else {})
        number = self._kept(request.headers["Idempotency-Key"], number, await request.json())
        if not number:
            return web.Response(status=404)
        if fault == "cut":
            assert request.transport
            request.transport.abort()
        return web.json_response({"number": number}, status=201)

    def _kept(self, key: str, number: str, content: dict[str, Any]) -> str:
        """Under which number; "" if there is no such case."""
        if key in self._keys and self._numbers.get(key, number) in self.cases:
            return self._numbers.get(key, number)
        if not number:
            number = self._numbers[key] = f"JK{2611020000 + len(self._numbers) + 1}"
            self.cases[number] = []
        if number not in self.cases:
            return ""
        self._keys.add(key)
        self.cases[number] = [content] if content.get("replace") else [*self.cases[number], content]
        return number


@asynccontextmanager
async def fake_crm() -> AsyncIterator[FakeCrm]:
    crm = FakeCrm()
    runner = web.ServerRunner(web.Server(crm.answer), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    crm.settings = {"url": f"http://127.0.0.1:{runner.addresses[0][1]}", "token": TOKEN}
    try:
        yield crm
    finally:
        await runner.cleanup()
