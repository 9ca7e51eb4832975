"""The SMS channel."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import ClassVar

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from adapters import (
    Address,
    Capabilities,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Event,
    Message,
    Receipt,
    Received,
    Refused,
    Reply,
    RequestRefused,
    Status,
    Unreadable,
    WebRequest,
)
from adapters.signing import allowed, same
from adapters.sms import kannel
from adapters.sms.settings import SmsSettings
from normalizer import gsm7
from normalizer.identity import phone

MOST_PEERS = 4096
_TIMEOUT = ClientTimeout(total=30, sock_connect=5)
#: What a request must hold, by the path it comes to.
_NEEDED = {"mo": "sender", "dlr": "reply"}


class Sms:
    """Receives at `<secret>/mo` (an SMS) and `<secret>/dlr` (a delivery report); sends where `send_url` is set."""

    kind: ClassVar[str] = "sms"
    Settings: ClassVar[type[ChannelSettings]] = SmsSettings
    #: Three SMS at most for one reply.
    capabilities: ClassVar[Capabilities] = Capabilities(text_limit=459, alphabet="gsm7")

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        self._networks = [ip_network(network) for network in settings.allow]
        self._peers: dict[str, bool] = {}
        self._keywords = {keyword: _beginning(keyword) for keyword in sorted(settings.keywords, key=len, reverse=True)}
        self._session: ClientSession | None = None

    def receive(self, request: WebRequest) -> Received:
        """GET with a query, or POST with a query or a form.

        Raises `RequestRefused`: 403 without proof, otherwise 404, 405, 413, or 400 where the sender is missing.
        """
        path = self._proven(request)
        raw = request.query.encode("utf-8", "surrogatepass") or request.body
        fields = kannel.identifying(raw) or _fields(raw)
        if fields is None or not fields.get(_NEEDED[path], "").strip():
            raise RequestRefused(f"{_NEEDED[path]} is missing", 400)
        delivery = Delivery(
            id=kannel.report_id(fields) if path == "dlr" else kannel.message_id(fields),
            channel=self._settings.name,
            received_at=request.received_at,
            body=raw,
            content_type="application/x-www-form-urlencoded",
            headers={"path": path},
        )
        return Received([delivery])

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        fields = _fields(delivery.body)
        if fields is None:
            raise Unreadable("too many fields")
        if delivery.headers.get("path") == "dlr":
            return self._status(fields)
        if not fields.get("sender", "").strip():
            raise Unreadable("no sender")
        return [self._message(delivery.id, fields)]

    def first_steps(self, web: str) -> Sequence[str]:
        where = f"{web}/in/{self._settings.name}/SECRET/mo"
        return [f'curl "{where}?sender=%2B6281200000001&message=Banjir+di+Jl.+Kemang+Raya+selutut"']

    def can_send(self) -> bool:
        return self._settings.send_url is not None

    async def open(self) -> None:
        self._session = ClientSession(timeout=_TIMEOUT)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, reply: Reply) -> Receipt:
        """The receipt's cost is in segments. Kannel tells no id; delivery reports carry ours."""
        if reply.to.kind != "phone":
            raise Refused("an SMS can only go to a number")
        status, answer, retry_after = await self._sendsms(kannel.sendsms(self._settings, reply))
        kannel.heed(status, answer, retry_after)
        return Receipt(cost=gsm7.segments(reply.text))

    async def check(self) -> None:
        """Asks Kannel to send to nobody, which it refuses with 400 after it has looked at user and password."""
        if self.can_send():
            status, answer, retry_after = await self._sendsms(kannel.credentials(self._settings))
            if status != 400:
                kannel.heed(status, answer, retry_after)

    def _proven(self, request: WebRequest) -> str:
        given, _, path = request.path.partition("/")
        if not self._is_allowed(request.peer):
            raise RequestRefused("the address is not among those allowed")
        if not same(given, self._settings.secret.reveal()):
            raise RequestRefused("the secret in the path is wrong")
        if path not in _NEEDED:
            raise RequestRefused("no such path", 404)
        if request.method not in {"GET", "POST"}:
            raise RequestRefused("neither GET nor POST", 405)
        if max(len(request.query), len(request.body)) > self._settings.max_size:
            raise RequestRefused("too large", 413)
        return path

    def _is_allowed(self, peer: str) -> bool:
        """Kept, for it is the same few gateways that call; what a flood of strangers leaves is forgotten."""
        if peer not in self._peers:
            if len(self._peers) >= MOST_PEERS:
                self._peers.clear()
            self._peers[peer] = allowed(peer, self._networks)
        return self._peers[peer]

    def _message(self, delivery_id: str, fields: Mapping[str, str]) -> Message:
        text, doubts = kannel.text_of(fields)
        keyword, text = self._without_keyword(text)
        sender = _sender(fields["sender"])
        return Message(
            id=delivery_id,
            channel=self._settings.name,
            sender=sender,
            text=text,
            sent_at=kannel.sent_at(fields),
            fields={"keyword": keyword} if keyword else {},
            part=kannel.part_of(fields),
            automatic=not _is_a_persons(sender) or sender.value == phone(self._settings.number),
            doubts=doubts,
        )

    def _status(self, fields: Mapping[str, str]) -> Sequence[Status]:
        try:
            reply = kannel.reported_reply(fields)
        except (KeyError, ValueError):
            raise Unreadable("the delivery report names no reply of ours") from None
        state = kannel.STATES.get(fields.get("type", ""))
        return [Status(self._settings.name, reply, *state)] if state else []

    def _without_keyword(self, text: str) -> tuple[str | None, str]:
        for keyword, beginning in self._keywords.items():
            if found := beginning.match(text):
                return keyword, text[found.end() :]
        return None, text

    async def _sendsms(self, query: str) -> tuple[int, bytes, str | None]:
        """Errors are raised without their cause: it may hold the URL, and so the citizen's number and our password."""
        if self._session is None or self._settings.send_url is None:
            raise ChannelDown("the channel is not open for sending")
        url = URL(f"{self._settings.send_url}?{query}", encoded=True)
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                return response.status, await response.content.read(200), response.headers.get("Retry-After")
        except (ClientError, OSError) as error:
            raise ChannelDown(f"Kannel cannot be reached: {type(error).__name__}") from None


def _fields(raw: bytes) -> dict[str, str] | None:
    try:
        return kannel.fields_of(raw)
    except ValueError:
        return None


def _sender(raw: str) -> Address:
    """Names instead of numbers ("DKI-INFO") belong to machines and cannot be answered."""
    number = phone(raw)
    if number is None and any(char.isalpha() for char in raw):
        return Address(kind="name", value=raw.strip())
    return Address(kind="phone", value=number or raw.strip())


def _is_a_persons(sender: Address) -> bool:
    """Short codes, of six digits at most, belong to services."""
    return sender.kind == "phone" and len(sender.value) > 6


def _beginning(keyword: str) -> re.Pattern[str]:
    """The keyword as citizens write it: any case, dots and blanks between its words, punctuation around it."""
    words = r"[\s.]*".join(re.escape(word) for word in re.split(r"[\s.]+", keyword) if word)
    return re.compile(rf"\W*{words}(?:[\s.,:;!/_-]+|\Z)", re.IGNORECASE)
