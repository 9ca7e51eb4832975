"""Files cases by a signed webhook, for systems whose owners write a few lines for us: docs/case-stores.md.

Each case is one POST of JSON. The headers prove it (see `adapters.signing`), and `Idempotency-Key` is the same on every
try. News come the same way to /stores/<name>/news, proven alike, or are asked for at an address with a cursor.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar, TypeVar

import msgspec
import structlog
from msgspec import Meta
from yarl import URL

from adapters import Problem, RequestRefused, Response, Secret, WebRequest
from adapters.hosts import is_web_address
from adapters.signing import proven, signed
from gateway.casestore import webhook
from gateway.casestore.calling import Answer, Caller, one_by_one, taken
from gateway.casestore.contract import (
    Amendment,
    CaseStoreDown,
    CaseStoreRefused,
    CaseStoreSettings,
    Filed,
    News,
    Outcome,
    OutgoingCase,
    Refused,
    Told,
)
from gateway.casestore.ordering import in_order

NEWS = "news"
WHAT = "the case store"
FEWEST_CHARACTERS = 16
DAY = 86_400.0
#: Pieces of news that we say are wrong.
MOST_TOLD = 20

Type = TypeVar("Type")

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


class HttpSettings(CaseStoreSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where cases are sent, and how either side proves who it is."""

    url: Annotated[str, Meta(description="Where cases are POSTed, as https://crm.example/kanal.")]
    secret: Annotated[Secret, Meta(description="Signs what we send, and what comes in: 16 characters or more.")]
    old_secret: Annotated[
        Secret | None, Meta(description="Signs what comes in as well, while `secret` replaces it.")
    ] = None
    news_url: Annotated[str, Meta(description="Where news are asked for; left out, they are sent to us.")] = ""
    photos: Annotated[bool, Meta(description="Send photos.")] = True
    max_size: Annotated[int, Meta(description="Largest news that are taken, in bytes.", ge=1024)] = 16_777_216

    def problems(self) -> Sequence[Problem]:
        return list(self._problems())

    def _problems(self) -> Iterator[Problem]:
        for where, address in {"url": self.url, "news_url": self.news_url}.items():
            if (address or where == "url") and not is_web_address(address):
                yield Problem(where, f"'{address}' is no address", "as in https://crm.example/kanal")
        for where, secret in {"secret": self.secret, "old_secret": self.old_secret}.items():
            if secret and len(secret.reveal()) < FEWEST_CHARACTERS:
                hint = 'let Kanal make one: { made = "NAME" }'
                yield Problem(where, f"is shorter than {FEWEST_CHARACTERS} characters", hint)


class Http:
    kind: ClassVar[str] = "http"
    Settings: ClassVar[type[CaseStoreSettings]] = HttpSettings

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._caller = Caller(WHAT)
        self.max_size = settings.max_size

    async def open(self) -> None:
        await self._caller.open()

    async def close(self) -> None:
        await self._caller.close()

    async def check(self) -> None:
        answer = await self._say(webhook.Ping())
        if not answer.is_good():
            raise CaseStoreDown(f"{WHAT} answers {answer.status} to a ping")
        if self._settings.news_url and (wrong := (await self._asked(None)).wrong):
            raise CaseStoreDown(f"some news of {WHAT} cannot be read: {wrong[0]}")

    async def file(self, batch: Sequence[OutgoingCase]) -> Sequence[Outcome]:
        return await one_by_one(batch, self._file)

    async def amend(self, batch: Sequence[Amendment]) -> Sequence[Outcome]:
        return await one_by_one(batch, self._amend)

    async def news(self, cursor: str | None) -> tuple[Sequence[News], str | None]:
        """None, where they are sent to us."""
        if not self._settings.news_url:
            return (), cursor
        told = await self._asked(cursor)
        if told.wrong:
            reason = "; ".join(map(str, told.wrong[:MOST_TOLD]))
            log.error("news cannot be read and are left out", store=self._settings.name, reason=reason)
        return in_order(told.news, datetime.now(UTC)), told.cursor or cursor

    async def _asked(self, cursor: str | None) -> webhook.Heard:
        url = URL(self._settings.news_url).update_query({"cursor": cursor} if cursor else {})
        headers = signed(self._secret, url.raw_path_qs.encode(), time.time())
        answer = await self._caller.ask("GET", url, headers=headers)
        if not answer.is_good():
            raise CaseStoreDown(f"{WHAT} answers {answer.status} when it is asked for news")
        try:
            return await asyncio.to_thread(webhook.heard, answer.body)
        except webhook.NotTold as error:
            raise CaseStoreDown(f"the news of {WHAT} cannot be read: {error}") from None

    async def missing(self, numbers: Sequence[str]) -> Sequence[str]:
        """None, if it does not understand the question."""
        answer = await self._say(webhook.Confirm(tuple(numbers)))
        found = _read(answer, webhook.Missing)
        return [number for number in numbers if number in found.missing] if found else []

    def receive(self, request: WebRequest) -> Told:
        """News that were sent to us: what can be read of them, if there is any. Raises `RequestRefused`."""
        if request.path != NEWS or request.method != "POST":
            raise _refused(404, f"POST news to …/{NEWS}")
        if len(request.body) > self.max_size:
            raise _refused(413, f"more than {self.max_size} bytes")
        if not proven(self._secrets(), request.body, request.headers, request.received_at.timestamp()):
            raise _refused(403, "the signature is missing, wrong, or more than five minutes old")
        try:
            told = webhook.heard(request.body)
        except webhook.NotTold as error:
            raise _refused(400, str(error)) from None
        if told.wrong and not told.news:
            raise _refused(400, told.wrong[0])
        return Told(in_order(told.news, request.received_at), _json(200, _taken(told)))

    async def _file(self, case: OutgoingCase) -> Outcome:
        answer = await self._say(await webhook.of_case(case, self._settings.photos), case.key)
        return _outcome(answer)

    async def _amend(self, one: Amendment) -> Outcome:
        answer = await self._say(await webhook.of_amendment(one, self._settings.photos), one.key)
        outcome = _outcome(answer)
        return Filed(one.number) if isinstance(outcome, Filed) else outcome

    async def _say(self, what: webhook.Sent, key: str = "") -> Answer:
        try:
            body = _encode(what)
        except UnicodeError:
            raise CaseStoreRefused("it holds a text that is no Unicode") from None
        named = {"Idempotency-Key": key} if key else {}
        headers = {"Content-Type": "application/json"} | named | signed(self._secret, body, time.time())
        return await self._caller.ask("POST", self._settings.url, data=body, headers=headers)

    @property
    def _secret(self) -> str:
        return self._settings.secret.reveal()

    def _secrets(self) -> list[str]:
        old = self._settings.old_secret
        return [self._secret, old.reveal()] if old else [self._secret]


def _outcome(answer: Answer) -> Outcome:
    """A wrong address is wrong for all; what is refused or fails otherwise is just this one."""
    if answer.status in {404, 405, 410}:
        raise CaseStoreDown(f"{WHAT} answers {answer.status}: is that its address?")
    if 400 <= answer.status < 500:
        return Refused(f"it answers {answer.status}")
    said = _read(answer, webhook.Numbered) or webhook.Numbered()
    return taken(answer.status, said.number, said.token, min(max(said.after, 1.0), DAY))


def _read(answer: Answer, kind: type[Type]) -> Type | None:
    try:
        return msgspec.json.decode(answer.body, type=kind) if answer.is_good() else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _taken(told: webhook.Heard) -> dict[str, object]:
    return {"taken": len(told.news)} | ({"refused": told.wrong[:MOST_TOLD]} if told.wrong else {})


def _refused(status: int, why: str) -> RequestRefused:
    return RequestRefused(why, status, _json(status, {"error": why}))


def _json(status: int, content: dict[str, object]) -> Response:
    return Response(status=status, body=_encode(content), content_type="application/json")
