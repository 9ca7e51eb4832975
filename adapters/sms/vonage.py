"""Vonage (Nexmo): its SMS API both ways, and SMS that its Messages API brings.

    an SMS              https://developer.vonage.com/en/messaging/sms/guides/inbound-sms
    its signature       https://developer.vonage.com/en/getting-started/concepts/signing-messages
    a delivery report   https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts
    sending             https://developer.vonage.com/en/api/sms
    refusals            https://developer.vonage.com/en/api-errors/sms
    the Messages API    https://developer.vonage.com/en/api/messages (version 1)
    its signature       https://developer.vonage.com/en/getting-started/concepts/webhooks

The account's settings say which of the two APIs brings SMS. The SMS API calls by GET or by POST with a form or JSON,
one part of a long SMS at a time; the Messages API by POST with JSON, and joins the parts.

What is not taken with 200 or 204 comes again for 24 hours; whether it is signed anew then is not told, so a signature
counts for longer than that by default: what comes twice is known by its id. Nothing keeps a reply from being sent
twice, but reports of both carry our id.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from adapters import (
    Attachment,
    ChannelError,
    Delivered,
    Delivery,
    Part,
    Receipt,
    Refused,
    Reply,
    RequestRefused,
    Status,
    Throttled,
    Unreadable,
    WebRequest,
    ids,
    proofs,
    times,
)
from adapters.answered import Answered
from adapters.payload import document, table, tables
from adapters.refusals import heed, unaccepted
from adapters.sms import callbacks, payload, tokens
from adapters.sms.dialect import FORM, JSON, Asked, Dialect, Kind, Said, Told
from adapters.sms.payload import text
from adapters.sms.reasons import reason
from adapters.sms.vonage_codes import REASONS, REFUSALS, STATES
from normalizer.words import gsm7

API = "https://rest.nexmo.com"
LONGEST_REFERENCE = 100
_TOO_FAST = "1"
#: What stands between the fields in a signature; in values it is signed as "_".
_BETWEEN = set("&=")
_SAFE = str.maketrans("&=", "__")
_MEDIA = ("image", "audio", "video", "file", "vcard")


class Vonage(Dialect):
    def prove(self, request: WebRequest) -> None:
        bearer, _, token = request.headers.get("Authorization", "").partition(" ")
        if payload.is_json(request) and bearer.lower() == "bearer":
            signed_at = self._token(token, request.body)
        else:
            signed_at = self._signature(*_kept(request))
        proofs.recent(signed_at, request.received_at, self.settings.signature_seconds)

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        raw, content_type = _kept(request)
        told = payload.taken(raw, content_type)
        needed = text(told, "status") if kind == "dlr" else _sender(told)
        if not needed.strip():
            raise RequestRefused("what Vonage always tells is missing", 400)
        given = _id(told)
        if kind == "dlr":
            given = f"dlr:{ids.digest(given, needed, text(told, 'err-code'))}"
        return Told(ids.short(given) if given else ids.digest(raw.decode("latin-1")), raw, content_type)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        told = payload.kept(delivery)
        if "message_uuid" in told:
            return [_by_the_messages_api(told)]
        said, doubts = _binary(told) if told.get("type") == "binary" else (text(told, "text"), ())
        sent_at = times.iso(text(told, "message-timestamp"))
        return [Said(sender=_sender(told), text=said, sent_at=sent_at, part=_part(told), doubts=doubts)]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        told = payload.kept(delivery)
        reply = text(told, "client-ref") or text(told, "client_ref") or _id(told)
        if not reply:
            raise Unreadable("the delivery report names no reply")
        state = STATES.get(text(told, "status"))
        why = _why(told) if state is Delivered.FAILED else None
        return [Status(self.settings.name, reply, state, why)] if state else []

    def sending(self, reply: Reply) -> Asked:
        settings = self.settings
        fields = {
            "api_key": settings.username,
            "api_secret": settings.key,
            "from": settings.number.removeprefix("+"),
            "to": reply.to.value.removeprefix("+"),
            "text": reply.text,
            "type": "text" if gsm7.fits(reply.text) else "unicode",
        }
        if len(reply.id) <= LONGEST_REFERENCE:
            fields["client-ref"] = reply.id
        if callback := callbacks.url(settings):
            fields["callback"] = callback
        body = urlencode(fields, errors="replace").encode()
        return Asked("POST", f"{settings.api(API)}/sms/json", body, {"Content-Type": FORM, "Accept": JSON})

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        """One part of a long reply may be taken and another refused: what came of it then is for a person to see."""
        heed("Vonage", answered)
        parts = tables(document(answered.body), "messages")
        taken = [part for part in parts if text(part, "status") == "0"]
        if not parts:
            raise unaccepted("Vonage", answered)
        if not taken:
            raise _refusal(parts[0])
        if len(taken) < len(parts):
            raise Refused(f"Vonage took {len(taken)} of {len(parts)} parts")
        return Receipt(text(taken[0], "message-id") or None, spent={"segment": len(taken)})

    def trying(self) -> Asked:
        settings = self.settings
        query = urlencode({"api_key": settings.username, "api_secret": settings.key})
        return Asked("GET", f"{settings.api(API)}/account/get-balance?{query}")

    def tried(self, answered: Answered) -> None:
        heed("Vonage", answered)

    def _token(self, token: str, body: bytes) -> datetime | None:
        """The Messages API signs the SHA-256 of the body, and when."""
        claims = tokens.claims(token, self.settings.signing_keys)
        proofs.shown(text(claims, "payload_hash") or None, [hashlib.sha256(body).hexdigest()])
        return times.seconds(text(claims, "iat"))

    def _signature(self, raw: bytes, content_type: str) -> datetime | None:
        """The SMS API signs all fields but the signature, a timestamp among them. Names that hold what stands between
        fields would be several fields in one: an SMS without its id is another SMS."""
        told = payload.taken(raw, content_type)
        names = sorted(name for name in told if name != "sig")
        if any(_BETWEEN & set(name) for name in names):
            raise RequestRefused("names of fields that Vonage has not")
        signed = "".join(f"&{name}={text(told, name).translate(_SAFE)}" for name in names)
        given = text(told, "sig").lower() or None
        proofs.shown(given, [self._signed(signed, key) for key in self.settings.signing_keys])
        return times.seconds(text(told, "timestamp"))

    def _signed(self, fields: str, key: str) -> str:
        method, raw = self.settings.signature_method, fields.encode("utf-8", "surrogatepass")
        if method == "md5hash":  # Vonage's own, and its default
            return hashlib.md5(raw + key.encode(), usedforsecurity=False).hexdigest()
        return proofs.signature(key, raw, method)


def _by_the_messages_api(told: Mapping[str, Any]) -> Said:
    media = tuple(
        Attachment(name=None, media_type="application/octet-stream", size=0, reference=url)
        for kind in _MEDIA
        if (url := text(table(told, kind), "url"))
    )
    sent_at = times.iso(text(told, "timestamp"))
    return Said(sender=_sender(told), text=text(told, "text"), sent_at=sent_at, attachments=media)


def _binary(told: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """8-bit data, whose charset nobody tells."""
    try:
        raw = bytes.fromhex(text(told, "data"))
    except ValueError:
        return text(told, "data"), ("charset",)
    try:
        return raw.decode("utf-8"), ("charset",)
    except UnicodeError:
        return raw.decode("latin-1"), ("charset",)


def _part(told: Mapping[str, Any]) -> Part | None:
    number, of = text(told, "concat-part"), text(told, "concat-total")
    if not (number.isdecimal() and of.isdecimal() and len(number + of) < 7):
        return None
    return Part(text(told, "concat-ref"), int(number), int(of))


def _why(told: Mapping[str, Any]) -> str:
    """The codes of the SMS API; the Messages API tells no code that the other does not know."""
    code = text(told, "err-code")
    if code in REASONS:
        return REASONS[code]
    if text(told, "status") == "expired":
        return "the phone could not be reached in time"
    return reason("", "" if code == "0" else code)


def _refusal(part: Mapping[str, Any]) -> ChannelError:
    """What the status of a part means; its words may quote the number."""
    status = text(part, "status")
    if status == _TOO_FAST:
        return Throttled("Vonage asks for patience", 1.0)
    error, words = REFUSALS.get(status, (Refused, "Vonage refuses the SMS"))
    return error(words)


def _kept(request: WebRequest) -> tuple[bytes, str]:
    """A token proves the body alone."""
    return (request.body, JSON) if payload.is_json(request) else (payload.said(request), FORM)


def _id(told: Mapping[str, Any]) -> str:
    return text(told, "messageId") or text(told, "message_uuid")


def _sender(told: Mapping[str, Any]) -> str:
    return text(told, "msisdn") or text(told, "from")
