"""A GeoReport v2 endpoint: where it is, whether it speaks JSON or only XML, and which services it has."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aiohttp import FormData
from yarl import URL

from gateway.casestore.calling import Answer, Caller
from gateway.casestore.contract import CaseStoreDown
from gateway.casestore.georeport import FIELD_DEPTH, NotGeoReport, Record, records

WHAT = "the Open311 endpoint"
#: Words alone.
MOST_BYTES = 8 << 20
SERVICES_SECONDS = 3600.0
DISCOVERY = ("/discovery.json", "/discovery.xml")
#: <discovery><endpoints><endpoint><url>
DISCOVERY_DEPTH = 4


class Photo(NamedTuple):
    name: str
    media_type: str
    content: bytes


class Endpoint:
    """`address` is the endpoint's, or that of a discovery document that names it; `always` are parameters of every
    request. What asks raises `CaseStoreDown`."""

    def __init__(self, address: str, always: Mapping[str, str]) -> None:
        self._address = address.rstrip("/")
        self._always = dict(always)
        self._caller = Caller(WHAT, MOST_BYTES)
        self._base = ""
        self._xml = False
        self._services: frozenset[str] = frozenset()
        self._services_until = 0.0

    async def open(self) -> None:
        await self._caller.open()

    async def close(self) -> None:
        await self._caller.close()

    async def read(self, answer: Answer) -> list[Record]:
        """Raises `NotGeoReport`."""
        return await _read(answer, self._xml)

    async def services(self) -> frozenset[str]:
        """The codes of its services, as of an hour ago at most."""
        if time.monotonic() >= self._services_until:
            await self._look()
        return self._services

    def forget_services(self) -> None:
        """One of them is not there any more, as it says."""
        self._services_until = 0.0

    async def get(self, what: str, **params: str) -> list[Record] | None:
        """Of "requests", "tokens/…" or "servicerequestupdates" what matches; None if it knows nothing of the kind."""
        await self.services()
        answer = await self._ask("GET", what, self._xml, params=self._always | params)
        if answer.status == 404:
            return None
        if not answer.is_good():
            raise CaseStoreDown(f"{WHAT} answers {answer.status} when it is asked for {what.partition('/')[0]}")
        try:
            return await self.read(answer)
        except NotGeoReport:
            raise CaseStoreDown(f"{WHAT} answers with what is not GeoReport") from None

    async def post(self, what: str, fields: Mapping[str, str], photos: Sequence[Photo], key: str) -> Answer:
        """`key` names the attempt, whichever: GeoReport has no such thing, but Kanal heeds it."""
        await self.services()
        said = self._always | {name: value for name, value in fields.items() if value}
        return await self._ask("POST", what, self._xml, data=_form(said, photos), headers={"Idempotency-Key": key})

    async def _look(self) -> None:
        """JSON is asked for first; an endpoint that has none answers with an error, or with something else."""
        self._base = self._base or await self._found()
        for xml in (False, True):
            answer = await self._ask("GET", "services", xml, params=self._always)
            try:
                found = await _read(answer, xml) if answer.is_good() else []
            except NotGeoReport:
                continue
            if codes := frozenset(one["service_code"] for one in found if "service_code" in one):
                self._xml, self._services = xml, codes
                self._services_until = time.monotonic() + SERVICES_SECONDS
                return
        raise CaseStoreDown(f"{WHAT} lists no services: is that its address?")

    async def _found(self) -> str:
        """Where the endpoint is, as its discovery document says, if that is what the settings name."""
        if not self._address.endswith(DISCOVERY):
            return self._address
        answer = await self._caller.ask("GET", self._address)
        try:
            known = await _read(answer, self._address.endswith("xml"), DISCOVERY_DEPTH)
        except NotGeoReport:
            raise CaseStoreDown("the discovery document cannot be read") from None
        for one in sorted(known, key=lambda one: one.get("type") != "production"):
            url = one.get("url", "")
            if "georeport_v2" in one.get("specification", "").lower() and _may_be_used(url, self._address):
                return url.rstrip("/")
        raise CaseStoreDown(
            "the discovery document names no endpoint of GeoReport v2 on its own host: if it is another, set it as url"
        )

    async def _ask(self, method: str, what: str, xml: bool, **more: Any) -> Answer:
        return await self._caller.ask(method, f"{self._base}/{what}.{'xml' if xml else 'json'}", **more)


async def _read(answer: Answer, xml: bool, depth: int = FIELD_DEPTH) -> list[Record]:
    """Beside the event loop, since it may be large."""
    return await asyncio.to_thread(records, answer.body, xml, depth)


def _may_be_used(url: str, found_at: str) -> bool:
    """A document is not to lead our key elsewhere, nor, found over TLS, to where everybody can listen."""
    try:
        there, here = URL(url), URL(found_at)
    except ValueError:
        return False
    return there.host == here.host and there.scheme in {"https", here.scheme}


def _form(fields: Mapping[str, str], photos: Sequence[Photo]) -> Any:
    """With photos a multipart form, as FixMyStreet sends it."""
    if not photos:
        return dict(fields)
    form = FormData(fields)
    for number, photo in enumerate(photos, 1):
        form.add_field(f"photo{number}", photo.content, content_type=photo.media_type, filename=photo.name)
    return form
