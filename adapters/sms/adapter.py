"""The SMS channel."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import ClassVar

from msgspec import structs

from adapters import (
    Address,
    Capabilities,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Event,
    Message,
    Part,
    Receipt,
    Received,
    Refused,
    Reply,
    RequestRefused,
    Unreadable,
    WebRequest,
)
from adapters.answered import Answered
from adapters.calling import Calls
from adapters.ids import digest
from adapters.signing import Network, allowed, same
from adapters.sms.dialect import Asked, Dialect, Kind, Said
from adapters.sms.dialects import DIALECTS
from adapters.sms.settings import SmsSettings
from normalizer.persons.identity import phone

MOST_PEERS = 4096
_KINDS: Mapping[str, Kind] = {"mo": "mo", "dlr": "dlr"}


class Sms(Calls):
    """Receives at `<secret>/mo` (an SMS) and `<secret>/dlr` (a delivery report); sends where the settings say how."""

    kind: ClassVar[str] = "sms"
    Settings: ClassVar[type[ChannelSettings]] = SmsSettings
    #: Three SMS at most for one reply.
    capabilities: ClassVar[Capabilities] = Capabilities(text_limit=459, alphabet="gsm7", reaches=("phone",))

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        self._way_out = DIALECTS[settings.way_out](settings)
        self._dialects: Mapping[Kind, Dialect] = {"mo": DIALECTS[settings.provider](settings), "dlr": self._way_out}
        self._networks: Mapping[Kind, Sequence[Network]] = {
            "mo": [ip_network(network) for network in settings.networks(settings.provider)],
            "dlr": [ip_network(network) for network in settings.networks(settings.way_out)],
        }
        self._peers: dict[tuple[Kind, str], bool] = {}
        self._keywords = {keyword: _beginning(keyword) for keyword in sorted(settings.keywords, key=len, reverse=True)}

    def receive(self, request: WebRequest) -> Received:
        """Raises `RequestRefused`: 403 without proof, otherwise 404, 405, 413, or what the dialect says."""
        kind = self._proven(request)
        told = self._dialects[kind].identify(kind, request)
        delivery = Delivery(
            id=told.id,
            channel=self._settings.name,
            received_at=request.received_at,
            body=told.body,
            content_type=told.content_type,
            headers={"path": told.kind or kind},
        )
        return Received([delivery], self._dialects[kind].answer)

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        if delivery.headers.get("path") == "dlr":
            return self._dialects["dlr"].statuses(delivery)
        return [self._message(delivery.id, said) for said in self._dialects["mo"].messages(delivery)]

    def first_steps(self, web: str) -> Sequence[str]:
        example = self._dialects["mo"].example
        return [f'curl "{web}/in/{self._settings.name}/SECRET/mo?{example}"'] if example else []

    def called_at(self, own: str) -> Sequence[str]:
        return [f"{own}/SECRET/{kind}" for kind in _KINDS if kind == "mo" or self.can_send()]

    def can_send(self) -> bool:
        return self._settings.can_send

    async def send(self, reply: Reply) -> Receipt:
        """The receipt's cost is in segments."""
        if reply.to.kind not in {"phone", "account"}:
            raise Refused("an SMS can only go to a number")
        reply = structs.replace(reply, text=reply.text.encode("utf-8", "replace").decode())
        return self._way_out.receipt(reply, await self._ask(self._way_out.sending(reply)))

    async def check(self) -> bool:
        asked = self._way_out.trying() if self.can_send() else None
        if asked:
            self._way_out.tried(await self._ask(asked))
        return bool(asked)

    def _proven(self, request: WebRequest) -> Kind:
        given, _, path = request.path.partition("/")
        kind = _KINDS.get(path, "mo")
        if not self._is_allowed(kind, request.peer):
            raise RequestRefused("the address is not among those allowed")
        if not same(given, self._settings.secret.reveal()):
            raise RequestRefused("the secret in the path is wrong")
        if path not in _KINDS:
            raise RequestRefused("no such path", 404)
        if request.method not in {"GET", "POST"}:
            raise RequestRefused("neither GET nor POST", 405)
        if max(len(request.query), len(request.body)) > self._settings.max_size:
            raise RequestRefused("too large", 413)
        self._dialects[kind].prove(request)
        return kind

    def _is_allowed(self, kind: Kind, peer: str) -> bool:
        """Kept, for it is the same few gateways that call; what a flood of strangers leaves is forgotten."""
        known = self._peers.get((kind, peer))
        if known is None:
            if len(self._peers) >= MOST_PEERS:
                self._peers.clear()
            known = self._peers[kind, peer] = allowed(peer, self._networks[kind])
        return known

    def _message(self, delivery_id: str, said: Said) -> Message:
        if not said.sender.strip():
            raise Unreadable("no sender")
        keyword, text = self._without_keyword(said.text)
        sender = _sender(said)
        return Message(
            id=said.id or delivery_id,
            channel=self._settings.name,
            sender=sender,
            text=text,
            sent_at=said.sent_at,
            fields={"keyword": keyword} if keyword else {},
            part=_part(said),
            attachments=said.attachments,
            automatic=not _is_a_persons(sender) or sender.value == phone(self._settings.number),
            doubts=said.doubts,
        )

    def _without_keyword(self, text: str) -> tuple[str | None, str]:
        for keyword, beginning in self._keywords.items():
            if found := beginning.match(text):
                return keyword, text[found.end() :]
        return None, text

    async def _ask(self, asked: Asked) -> Answered:
        if not self.can_send():
            raise ChannelDown("the settings have no way out")
        return await self.call(asked.method, asked.url, asked.body, asked.headers)


def _sender(said: Said) -> Address:
    """Names instead of numbers ("DKI-INFO") belong to machines and cannot be answered."""
    if said.account:
        return Address(kind="account", value=said.sender.strip())
    number = phone(said.sender)
    if number is None and any(char.isalpha() for char in said.sender):
        return Address(kind="name", value=said.sender.strip())
    return Address(kind="phone", value=number or said.sender.strip())


def _part(said: Said) -> Part | None:
    """Its reference hides the sender's number."""
    part = said.part
    if part is None or part.of < 2 or not 1 <= part.number <= part.of:
        return None
    return Part(digest(said.sender, part.reference, str(part.of)), part.number, part.of)


def _is_a_persons(sender: Address) -> bool:
    """Short codes, of six digits at most, belong to services."""
    return sender.kind == "account" or (sender.kind == "phone" and len(sender.value) > 6)


def _beginning(keyword: str) -> re.Pattern[str]:
    """The keyword as citizens write it: any case, dots and blanks between its words, punctuation around it."""
    words = r"[\s.]*".join(re.escape(word) for word in re.split(r"[\s.]+", keyword) if word)
    return re.compile(rf"\W*{words}(?:[\s.,:;!/_-]+|\Z)", re.IGNORECASE)
