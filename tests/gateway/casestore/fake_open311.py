"""The other side for the tests: a plain GeoReport v2 endpoint on 127.0.0.1, which knows no second try."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from aiohttp import web

from gateway.casestore import Status

KEY = "rahasia-open311"
SERVICES = ("banjir", "lampu", "lain")
WORDS = {Status.PROSES: "IN_PROGRESS", Status.SELESAI: "CLOSED", Status.MENUNGGU: "OPEN"}
Record = dict[str, Any]


class Asked(NamedTuple):
    method: str
    what: str
    fields: Mapping[str, str]
    photos: tuple[bytes, ...] = ()
    key: str = ""


class FakeOpen311:
    """`formats` it speaks; with `tokens` it answers with one, and gives the number to who asks once it is `ready`.
    `always` is answered to every POST, whatever it says. Unless `since_counts` it shows all updates."""

    def __init__(self, formats: tuple[str, ...], tokens: bool) -> None:
        self.settings: Mapping[str, Any] = {}
        self.asked: list[Asked] = []
        self.requests: dict[str, Record] = {}
        self.updates: list[Record] = []
        self.always: web.Response | None = None
        self.services = SERVICES
        self._formats = formats
        self._tokens: dict[str, str] | None = {} if tokens else None
        self.ready = True
        self.since_counts = True
        self._faults: list[str] = []
        self._said: dict[str, list[str]] = {}
        self._now = datetime.now(UTC)

    def fail(self, how: str) -> None:
        self._faults.append(how)

    def held(self) -> Mapping[str, str]:
        return {number: "\n".join(said) for number, said in self._said.items()}

    def lose(self, number: str) -> None:
        del self._said[number], self.requests[number]

    def tell(self, number: str, status: Status, note: str = "") -> None:
        self._now += timedelta(seconds=1)
        told = {"service_request_id": number, "status": WORDS[status], "updated_datetime": self._now.isoformat()}
        self.updates.append(told | {"update_id": len(self.updates) + 1, "description": note or None})
        self.requests[number] |= told | {"status_notes": note}

    def posted(self, what: str = "requests") -> list[Asked]:
        return [one for one in self.asked if one.method == "POST" and one.what == what]

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        what, _, form = request.path.strip("/").rpartition(".")
        asked = await _asked(request, what)
        self.asked.append(asked)
        if form not in self._formats:
            return web.Response(status=404, text="<html>no such page</html>", content_type="text/html")
        if asked.fields.get("api_key") != KEY:
            return self._errors(403, "api_key was wrong")
        if asked.method == "POST":
            return await self._take(request, asked)
        return self._show(asked)

    def _show(self, asked: Asked) -> web.Response:
        match asked.what.split("/"):
            case ["services"]:
                return self._list("services", "service", [{"service_code": code} for code in self.services])
            case ["tokens", token] if self._tokens and token in self._tokens:
                known = {"service_request_id": self._tokens[token]} if self.ready else {}
                return self._list("service_requests", "request", [{"token": token} | known])
            case ["requests"]:
                wanted = asked.fields.get("service_request_id")
                rows = [row for number, row in self.requests.items() if not wanted or number in wanted.split(",")]
                return self._list("service_requests", "request", rows)
            case ["servicerequestupdates"]:
                since = datetime.fromisoformat(asked.fields["start_date"])
                rows = [row for row in self.updates if not self.since_counts or _at(row) >= since]
                return self._list("service_request_updates", "request_update", rows)
        return self._errors(404, "not found")

    async def _take(self, request: web.BaseRequest, asked: Asked) -> web.StreamResponse:
        if self.always is not None:
            return web.Response(status=self.always.status, body=self.always.body)
        match self._faults.pop(0) if self._faults else "":
            case "down":
                return web.Response(status=503, text="<html>sorry</html>")
            case "throttled":
                return web.Response(status=429, headers={"Retry-After": "7"})
            case "unauthorized":
                return self._errors(403, "api_key was revoked")
            case "refused":
                return self._errors(400, f"the description cannot be used: {asked.fields['description']}")
            case "cut":
                assert request.transport
                request.transport.abort()
        return self._keep(asked)

    def _keep(self, asked: Asked) -> web.Response:
        if asked.what == "servicerequestupdates":
            return self._keep_update(asked)
        if asked.fields.get("service_code") not in self.services:
            return self._errors(404, "service_code was not found")
        if not (asked.fields.get("lat") or asked.fields.get("address_string")):
            return self._errors(400, "lat, long or address_string is needed")
        number = str(2611020001 + len(self.requests))
        self.requests[number] = {
            "service_request_id": number,
            "status": "open",
            "description": asked.fields["description"],
            "updated_datetime": self._now.isoformat(),
        }
        self._said[number] = [asked.fields["description"]]
        if self._tokens is None:
            return self._list("service_requests", "request", [{"service_request_id": number}])
        self._tokens[f"token/{number}"[-8:]] = number
        return self._list("service_requests", "request", [{"token": f"token/{number}"[-8:]}])

    def _keep_update(self, asked: Asked) -> web.Response:
        number = asked.fields["service_request_id"]
        if number not in self._said:
            return self._errors(404, "service_request_id was not found")
        self._said[number].append(asked.fields["description"])
        return self._list("service_request_updates", "request_update", [{"update_id": asked.fields["update_id"]}])

    def _errors(self, status: int, description: str) -> web.Response:
        return self._list("errors", "error", [{"code": status, "description": description}], status)

    def _list(self, root: str, name: str, rows: list[Record], status: int = 200) -> web.Response:
        """An id is a number in JSON, as with some servers, though it must not be."""
        if "json" in self._formats:
            return web.Response(status=status, text=json.dumps(rows), content_type="application/json")
        inner = "".join(f"<{name}>{''.join(map(_element, row.items()))}</{name}>" for row in rows)
        text = f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{inner}</{root}>'
        return web.Response(status=status, text=text, content_type="text/xml")


def _at(row: Record) -> datetime:
    return datetime.fromisoformat(row["updated_datetime"])


def _element(field: tuple[str, Any]) -> str:
    name, value = field
    return f"<{name}/>" if value is None else f"<{name}>{escape(str(value))}</{name}>"


async def _asked(request: web.BaseRequest, what: str) -> Asked:
    if request.method == "GET":
        return Asked("GET", what, dict(request.query))
    form = await request.post()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    photos = tuple(value.file.read() for value in form.values() if isinstance(value, web.FileField))
    return Asked("POST", what, fields, photos, request.headers.get("Idempotency-Key", ""))


@asynccontextmanager
async def fake_open311(
    formats: tuple[str, ...] = ("json", "xml"), *, tokens: bool = False, **settings: Any
) -> AsyncIterator[FakeOpen311]:
    fake = FakeOpen311(formats, tokens)
    runner = web.ServerRunner(web.Server(fake.answer), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.settings = {"url": f"http://127.0.0.1:{runner.addresses[0][1]}", "api_key": KEY} | settings
    try:
        yield fake
    finally:
        await runner.cleanup()
