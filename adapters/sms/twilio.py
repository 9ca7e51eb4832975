"""Twilio Programmable Messaging.

    what comes in       https://www.twilio.com/docs/messaging/guides/webhook-request
    signatures          https://www.twilio.com/docs/usage/webhooks/webhooks-security
    delivery reports    https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
    sending             https://www.twilio.com/docs/messaging/api/message-resource
    error codes         https://www.twilio.com/docs/api/errors

Twilio joins the parts of a long SMS itself, tells no time, and calls a second time only where it could not connect:
name a fallback URL there. It takes no id of ours that would keep a reply from being sent twice.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode

from adapters import (
    Attachment,
    ChannelError,
    Delivered,
    Delivery,
    Receipt,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Response,
    Status,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
    ids,
    proofs,
)
from adapters.answered import Answered
from adapters.payload import document
from adapters.refusals import heed, unaccepted
from adapters.sms import callbacks, payload
from adapters.sms.dialect import FORM, JSON, Asked, Dialect, Kind, Said, Told
from adapters.sms.payload import text
from adapters.sms.reasons import reason
from normalizer.words import gsm7

API = "https://api.twilio.com"
MOST_MEDIA = 10
#: MessageStatus; "accepted", "queued", "sending" and whatever is new say nothing that we would not know.
_STATES: Mapping[str, Delivered] = {
    "sent": Delivered.SENT,
    "delivered": Delivered.DELIVERED,
    "read": Delivered.READ,
    "undelivered": Delivered.FAILED,
    "failed": Delivered.FAILED,
    "canceled": Delivered.FAILED,
}
#: ErrorCode of a delivery report.
_REASONS: Mapping[str, str] = {
    "21610": "the recipient has unsubscribed",
    "30001": "the queue at Twilio is full",
    "30002": "the account at Twilio is suspended",
    "30003": "the phone cannot be reached",
    "30004": "the recipient or the network blocks our SMS",
    "30005": "there is no such number",
    "30006": "the number is a landline or its network cannot be reached",
    "30007": "filtered as spam",
    "30008": "the network gave no reason",
    "30009": "a part was lost",
    "30010": "it costs more than allowed",
}
_GONE: Mapping[int, str] = {
    21211: "there is no such number",
    21217: "there is no such number",
    21610: "the recipient has unsubscribed",
    21614: "the number is no mobile number",
}
_REFUSED: Mapping[int, str] = {
    21408: "the recipient's country is not enabled",
    21612: "there is no way from our number to the recipient's",
    21617: "the SMS is too long",
}
_OURS: Mapping[int, str] = {
    20003: "Twilio refuses our user or password",
    20005: "the account at Twilio is not active",
    21212: "our number is none that Twilio knows",
    21606: "our number is not one of the account's that can send SMS",
    21659: "our number is not one of the account's",
    21703: "the messaging service has no number",
    30002: "the account at Twilio is suspended",
}
#: Names and values are signed without anything between them: a longer or shorter id would be another SMS.
_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_HOST = re.compile(r"(https?)://([^/?:]+)(?::\d+)?(?=[/?]|\Z)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


class Twilio(Dialect):
    #: Whatever stands between <Response> and </Response> is done, and a text is sent to the citizen.
    answer = Response(body=b'<?xml version="1.0" encoding="UTF-8"?><Response/>', content_type="text/xml")

    def prove(self, request: WebRequest) -> None:
        signed = [each.encode("utf-8", "surrogatepass") for each in _signed(request)]
        keys = self.settings.signing_keys
        expected = [proofs.signature(key, each, "sha1", "base64") for key in keys for each in signed]
        proofs.shown(request.headers.get("X-Twilio-Signature"), expected)

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        raw, content_type = _kept(request)
        fields = payload.taken(raw, content_type)
        message, needed = _sid(fields), text(fields, "From" if kind == "mo" else "MessageStatus")
        if not _SID.fullmatch(message) or not needed.strip():
            raise RequestRefused("what Twilio always tells is missing", 400)
        return Told(message if kind == "mo" else f"dlr:{ids.digest(message, needed)}", raw, content_type)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        fields = payload.kept(delivery)
        media = tuple(_media(fields))
        return [Said(sender=text(fields, "From"), text=text(fields, "Body"), attachments=media)]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        fields = payload.kept(delivery)
        reply = callbacks.reply_of(fields) or _sid(fields)
        if not reply:
            raise Unreadable("the delivery report names no reply")
        state, code = _STATES.get(text(fields, "MessageStatus")), text(fields, "ErrorCode")
        why = reason(_REASONS.get(code, ""), code) if state is Delivered.FAILED else None
        return [Status(self.settings.name, reply, state, why)] if state else []

    def sending(self, reply: Reply) -> Asked:
        number = self.settings.number
        fields = {
            "To": reply.to.value,
            "MessagingServiceSid" if number.startswith("MG") else "From": number,
            "Body": reply.text,
        }
        if callback := callbacks.url(self.settings, reply):
            fields["StatusCallback"] = callback
        return self._asked("POST", "Messages.json", urlencode(fields, errors="replace").encode())

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        told = document(answered.body)
        if not 200 <= answered.status < 300 and (error := _error(told)):
            raise error
        heed("Twilio", answered)
        if not isinstance(sid := told.get("sid"), str):
            raise unaccepted("Twilio", answered)
        return Receipt(sid, spent={"segment": gsm7.segments(reply.text)})

    def trying(self) -> Asked:
        """One of our numbers, which any key may read."""
        return self._asked("GET", "IncomingPhoneNumbers.json?PageSize=1")

    def tried(self, answered: Answered) -> None:
        heed("Twilio", answered)

    def _asked(self, method: Literal["GET", "POST"], what: str, body: bytes = b"") -> Asked:
        settings = self.settings
        headers = {
            "Authorization": proofs.basic(settings.username or settings.account, settings.key),
            "Accept": JSON,
            "Content-Type": FORM,
        }
        account = f"{settings.api(API)}/2010-04-01/Accounts/{quote(settings.account, safe='')}"
        return Asked(method, f"{account}/{what}", body, headers)


def _signed(request: WebRequest) -> Iterable[str]:
    """What Twilio may have signed: its URL for us, with or without the port by the age of the number, as its own
    libraries have it; then the form's fields. JSON is signed by its digest in the URL."""
    urls = set(_urls(request.public_url))
    if payload.is_json(request):
        given = dict(parse_qsl(request.query)).get("bodySHA256")
        proofs.shown(given and given.lower(), [hashlib.sha256(request.body).hexdigest()])
        return urls
    fields = "".join(name + value for name, value in sorted(set(_pairs(request.body))))
    return [url + fields for url in urls]


def _urls(url: str) -> Iterator[str]:
    yield url
    if found := _HOST.match(url):
        rest = url[found.end() :]
        yield f"{found[1]}://{found[2]}{rest}"
        yield f"{found[1]}://{found[2]}:{_PORTS[found[1].lower()]}{rest}"


def _pairs(form: bytes) -> Sequence[tuple[str, str]]:
    try:
        return payload.pairs(form)
    except ValueError:
        raise RequestRefused("too many fields", 400) from None


def _kept(request: WebRequest) -> tuple[bytes, str]:
    """The form with the query, which names the reply that a delivery report is about."""
    if payload.is_json(request):
        return request.body, JSON
    query = request.query.encode("utf-8", "surrogatepass")
    return b"&".join(filter(None, (query, request.body))), FORM


def _sid(fields: Mapping[str, Any]) -> str:
    return text(fields, "MessageSid") or text(fields, "SmsSid")


def _media(fields: Mapping[str, Any]) -> Iterator[Attachment]:
    """How large they are is not told; they are fetched with our user and password."""
    told = text(fields, "NumMedia")
    for number in range(min(int(told), MOST_MEDIA) if told.isdecimal() and len(told) < 3 else 0):
        if url := text(fields, f"MediaUrl{number}"):
            media_type = text(fields, f"MediaContentType{number}") or "application/octet-stream"
            yield Attachment(name=None, media_type=media_type, size=0, reference=url)


def _error(told: Mapping[str, object]) -> ChannelError | None:
    """What the code in a refusal means; its words may quote the number."""
    match told.get("code"):
        case int(code) if code in _GONE:
            return RecipientGone(_GONE[code])
        case int(code) if code in _REFUSED:
            return Refused(_REFUSED[code])
        case int(code) if code in _OURS:
            return Unauthorized(_OURS[code])
        case 21611:
            return Throttled("the queue of our number at Twilio is full", 60.0)
    return None
