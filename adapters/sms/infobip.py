"""Infobip, SMS API version 3.

    an SMS              https://www.infobip.com/docs/api/channels/sms/inbound-sms/receive-inbound-sms-messages
    a delivery report   https://www.infobip.com/docs/api/channels/sms/logs-and-status-reports/receive-sms-delivery-reports
    its states          https://www.infobip.com/docs/developer-resources/api-fundamentals/message-status-codes
    security settings   https://www.infobip.com/docs/api/platform/subscriptions-api/create-security-settings
    sending             https://www.infobip.com/docs/api/channels/sms/outbound-sms/send-sms-messages
    refusals            https://www.infobip.com/docs/developer-resources/api-fundamentals/handling-errors

One request may bring many SMS, or many reports. Infobip shows the user and password of our choice (BASIC); it can sign
(HMAC) as well, but its public pages do not tell how. It joins the parts of a long SMS. A reply has our id there, which
its reports and repetitions have too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from adapters import (
    Attachment,
    Delivered,
    Delivery,
    Receipt,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Status,
    Unauthorized,
    WebRequest,
    ids,
    proofs,
    times,
)
from adapters.answered import Answered
from adapters.payload import document, table, tables
from adapters.refusals import heed, unaccepted
from adapters.sms import callbacks, payload
from adapters.sms.dialect import JSON, Asked, Dialect, Kind, Said, Told
from adapters.sms.payload import text
from adapters.sms.reasons import reason
from normalizer.words import gsm7

API = "https://api.infobip.com"
#: Names of status groups.
_STATES: Mapping[str, Delivered] = {
    "PENDING": Delivered.SENT,
    "DELIVERED": Delivered.DELIVERED,
    "UNDELIVERABLE": Delivered.FAILED,
    "EXPIRED": Delivered.FAILED,
    "REJECTED": Delivered.FAILED,
}
#: Names of statuses, of an answer to sending.
_GONE = {"REJECTED_PREFIX_MISSING", "REJECTED_DESTINATION", "REJECTED_DESTINATION_BLOCKLISTED", "REJECTED_DND"}
_OURS = {
    "REJECTED_SOURCE",
    "REJECTED_SENDER",
    "REJECTED_NOT_ENOUGH_CREDITS",
    "REJECTED_PREPAID_PACKAGE_EXPIRED",
    "REJECTED_ROUTE_NOT_AVAILABLE",
}
_HAD_BEFORE = "REJECTED_DUPLICATE_MESSAGE_ID"


class Infobip(Dialect):
    def prove(self, request: WebRequest) -> None:
        proofs.shown(request.headers.get("Authorization"), self.settings.signing_keys)

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        """The ids in it make a repetition the same; each SMS has its own besides."""
        if not _results(payload.taken(request.body, JSON), kind):
            raise RequestRefused("what Infobip always tells is missing", 400)
        return Told(ids.digest(kind, request.body.decode("latin-1")), request.body, JSON)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        return [_said(result) for result in _results(payload.kept(delivery), "mo")]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        return list(self._statuses(_results(payload.kept(delivery), "dlr")))

    def sending(self, reply: Reply) -> Asked:
        message: dict[str, Any] = {
            "sender": self.settings.number.removeprefix("+"),
            "destinations": [{"to": reply.to.value.removeprefix("+"), "messageId": reply.id}],
            "content": {"text": reply.text},
        }
        if callback := callbacks.url(self.settings):
            message["webhooks"] = {"delivery": {"url": callback, "intermediateReport": True}}
        return self._asked("POST", "sms/3/messages", msgspec.json.encode({"messages": [message]}))

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        heed("Infobip", answered)
        taken = tables(document(answered.body), "messages")
        if not taken:
            raise unaccepted("Infobip", answered)
        status = table(taken[0], "status")
        if text(status, "name") == _HAD_BEFORE:
            return Receipt(reply.id)
        if _STATES.get(text(status, "groupName")) is Delivered.FAILED:
            raise _refusal(text(status, "name"))
        if not (given := text(taken[0], "messageId")):
            raise unaccepted("Infobip", answered)
        return Receipt(given, spent={"segment": gsm7.segments(reply.text)})

    def trying(self) -> Asked:
        return self._asked("GET", "account/1/balance")

    def tried(self, answered: Answered) -> None:
        heed("Infobip", answered)

    def _statuses(self, results: Sequence[Mapping[str, Any]]) -> Iterator[Status]:
        for result in results:
            status = table(result, "status")
            state = _STATES.get(text(status, "groupName"))
            if text(status, "name") == "DELIVERED_TO_OPERATOR":
                state = Delivered.SENT
            if state:
                why = _why(result) if state is Delivered.FAILED else None
                yield Status(self.settings.name, text(result, "messageId"), state, why)

    def _asked(self, method: Literal["GET", "POST"], path: str, body: bytes = b"") -> Asked:
        settings = self.settings
        shown = proofs.basic(settings.username, settings.key) if settings.username else f"App {settings.key}"
        headers = {"Authorization": shown, "Accept": JSON, "Content-Type": JSON}
        return Asked(method, f"{settings.api(API)}/{path}", body, headers)


def _results(told: Mapping[str, Any], kind: Kind) -> Sequence[dict[str, Any]]:
    """Those that say from whom they are, or which reply they are about."""
    needed = "from" if kind == "mo" else "messageId"
    return [result for result in tables(told, "results") if text(result, needed).strip()]


def _said(result: Mapping[str, Any]) -> Said:
    """An SMS has `text`; an MMS parts, some of them words."""
    parts = tables(result, "message")
    words = [text(part, "value") for part in parts if text(part, "contentType") == "text/plain"]
    files = tuple(
        Attachment(name=None, media_type=text(part, "contentType"), size=0, reference=url)
        for part in parts
        if (url := text(part, "url"))
    )
    said, sender, time = "\n".join(words) or text(result, "text"), text(result, "from"), text(result, "receivedAt")
    given = text(result, "messageId")
    return Said(
        id=ids.short(given) if given else ids.digest(sender, time, said),
        sender=sender,
        text=said,
        sent_at=times.iso(time),
        attachments=files,
    )


def _why(result: Mapping[str, Any]) -> str:
    """The network's error, or the status where it tells none."""
    error = text(table(result, "error"), "name")
    told = text(table(result, "status"), "name") if error in {"", "NO_ERROR"} else error
    return reason(told)


def _refusal(name: str) -> Refused | Unauthorized:
    if name in _OURS:
        return Unauthorized(f"Infobip: {reason(name)}")
    return RecipientGone(reason(name)) if name in _GONE else Refused(f"Infobip: {reason(name)}")
