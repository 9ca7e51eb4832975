"""Files Kanal's cases in crm. Change the four requests to what your system speaks; the rest may stay.

POST <url>/cases                    a case                -> 201 {"number": "…"}
POST <url>/cases/<number>           what is new of it     -> 200 {"number": "…"}
GET  <url>/cases/<number>           is it there?          -> 200 or 404
GET  <url>/news?after=<cursor>      what happened         -> 200 {"news": […], "cursor": "…"}
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar

import aiohttp
import msgspec

from adapters import Problem, Secret
from gateway.casestore import (
    Amendment,
    CaseStoreDown,
    CaseStoreSettings,
    Filed,
    Forget,
    News,
    Outcome,
    OutgoingCase,
    OutgoingFile,
    OutgoingReport,
    Refused,
    Status,
)

SECONDS = 20.0


class CrmSettings(CaseStoreSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it needs beside the settings that every case store has."""

    url: Annotated[str, msgspec.Meta(description="Address of the interface, as in https://crm.example/api.")]
    token: Annotated[Secret, msgspec.Meta(description="What it knows us by.")]

    def problems(self) -> Sequence[Problem]:
        problems = [] if self.url.startswith(("https://", "http://")) else [Problem("url", "must begin with https://")]
        return problems if self.token.reveal() else [*problems, Problem("token", "is empty")]


class _Event(msgspec.Struct):
    """A piece of news as crm tells it."""

    number: str
    status: Status
    at: datetime
    order: int


class _Events(msgspec.Struct):
    news: list[_Event]
    cursor: str


class _Numbered(msgspec.Struct):
    number: str


class Crm:
    kind: ClassVar[str] = "crm"
    Settings: ClassVar[type[CaseStoreSettings]] = CrmSettings

    def __init__(self, settings: CrmSettings) -> None:
        self._url = settings.url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {settings.token.reveal()}"}
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=timeout)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def check(self) -> None:
        await self.news(None)

    async def file(self, batch: Sequence[OutgoingCase]) -> Sequence[Outcome]:
        return [await self._one("cases", case.key, await _of_case(case)) for case in batch]

    async def amend(self, batch: Sequence[Amendment]) -> Sequence[Outcome]:
        return [await self._one(f"cases/{one.number}", one.key, await _of_amendment(one)) for one in batch]

    async def news(self, cursor: str | None) -> tuple[Sequence[News], str | None]:
        _, body = await self._ask("GET", "news", params={"after": cursor or ""})
        told = _read(body, _Events)
        return [
            News(number=one.number, status=one.status, at=one.at, order=one.order) for one in told.news
        ], told.cursor

    async def missing(self, numbers: Sequence[str]) -> Sequence[str]:
        return [number for number in numbers if (await self._ask("GET", f"cases/{number}"))[0] == 404]

    async def _one(self, path: str, key: str, content: dict[str, Any]) -> Outcome:
        """What is wrong with crm concerns all that waits; what is wrong with one case, only that."""
        status, body = await self._ask("POST", path, key, content)
        return Filed(_read(body, _Numbered).number) if status in {200, 201} else Refused(f"crm answers {status}")

    async def _ask(
        self, method: str, path: str, key: str = "", content: dict[str, Any] | None = None, **more: Any
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises `CaseStoreDown`."""
        assert self._session
        headers = {"Idempotency-Key": key} if key else {}
        try:
            async with self._session.request(
                method, f"{self._url}/{path}", json=content, headers=headers, allow_redirects=False, **more
            ) as answer:
                status, body, patience = answer.status, await answer.read(), answer.headers.get("Retry-After", "")
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise CaseStoreDown(f"crm cannot be reached: {type(error).__name__}") from error
        if status in {401, 403}:
            raise CaseStoreDown(f"crm refuses our token: it answers {status}")
        if status == 429 or status >= 500:
            raise CaseStoreDown(f"crm answers {status}", float(patience) if patience.isdigit() else None)
        return status, body


def _read(body: bytes, expected: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=expected)
    except msgspec.DecodeError as error:
        raise CaseStoreDown("crm answers what is not its interface") from error


async def _of_case(case: OutgoingCase) -> dict[str, Any]:
    return {
        "code": case.code,
        "status": case.status,
        "category": case.category,
        "area": case.area,
        "place": msgspec.to_builtins(case.place),
        "opened_at": case.opened_at.isoformat(),
        "reports": [await _of_report(report) for report in case.reports],
    }


async def _of_amendment(amendment: Amendment) -> dict[str, Any]:
    if amendment.forget is not Forget.NOTHING:
        return {"replace": True, **await _of_case(amendment.case)}
    return {
        "status": amendment.case.status,
        "unit": amendment.case.unit,
        "joined_into": amendment.joined_into,
        "reports": [await _of_report(report) for report in amendment.new],
    }


async def _of_report(report: OutgoingReport) -> dict[str, Any]:
    photos = [photo for file in report.files if (photo := await _of_photo(file))]
    return {
        "key": report.key,
        "text": report.text,
        "received_at": report.received_at.isoformat(),
        "reporter": report.reporter and [address.value for address in report.reporter.addresses],
        "photos": photos,
    }


async def _of_photo(file: OutgoingFile) -> str | None:
    """None if it is gone by now."""
    try:
        return b64encode(await file.read()).decode()
    except LookupError:
        return None
