"""Any other provider, by the fields that an operator named."""

import re
import secrets
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from adapters import (
    ChannelError,
    Delivered,
    Delivery,
    Part,
    Receipt,
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
    times,
)
from adapters.answered import Answered
from adapters.payload import document
from adapters.refusals import heed, unaccepted
from adapters.sms import callbacks, mapping, paths, payload
from adapters.sms.dialect import FORM, JSON, Asked, Dialect, Kind, Said, Told
from adapters.sms.settings import SmsSettings
from normalizer.words import gsm7

Fields = Mapping[str, Any]
_PROVIDER = "the provider"
_PATIENCE = 60.0
_CODE = re.compile(r"[\w .:/-]{1,40}")
_NUMBER = re.compile(r"\d{6}")


class Mapped(Dialect):
    """`settings.mapping` says what means what; see `mapping`."""

    def __init__(self, settings: SmsSettings) -> None:
        super().__init__(settings)
        assert settings.mapping is not None
        told = self._mapping = settings.mapping
        self.answer = Response(status=told.answer_status, body=told.answer_body.encode(), content_type=told.answer_type)

    def prove(self, request: WebRequest) -> None:
        if proof := self._mapping.proof:
            proofs.shown(_shown(proof, request), [_expected(proof, key, request) for key in self.settings.signing_keys])

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        raw, content_type = _kept(request, self._mapping.proof)
        told = _taken(raw, content_type)
        if kind == "dlr":
            return Told(f"dlr:{self._report_id(told, raw)}", raw, content_type)
        return Told(self._sms_id(told, raw), raw, content_type)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        fields = self._mapping.sms
        items = paths.items(_readable(delivery), fields.each, fields.sender) if fields else []
        if not fields or not items:
            raise Unreadable("no sender")
        if not fields.each:
            return [self._said(fields, items[0], "")]
        given = (paths.text(item, fields.id) or ids.digest(delivery.id, str(at)) for at, item in enumerate(items))
        return [self._said(fields, item, ids.short(one)) for item, one in zip(items, given, strict=True)]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        fields = self._mapping.report
        items = paths.items(_readable(delivery), fields.each, fields.status) if fields else []
        named = [(item, reply) for item in items if fields and (reply := _reply(fields, item))]
        if not fields or not named:
            raise Unreadable("the delivery report names no reply")
        return [status for item, reply in named if (status := self._status(fields, item, reply))]

    def sending(self, reply: Reply) -> Asked:
        send = self._send
        values = self._values(reply)
        fields, headers = mapping.filled(send.fields, values), mapping.filled(send.headers, values)
        url = self.settings.send_url or ""
        if send.format == "query":
            return Asked(send.method, f"{url}?{urlencode(fields)}", headers=headers)
        if send.format == "json":
            return Asked(send.method, url, msgspec.json.encode(fields), {"Content-Type": JSON, **headers})
        return Asked(send.method, url, urlencode(fields).encode(), {"Content-Type": FORM, **headers})

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        heed(_PROVIDER, answered)
        send, told = self._send, document(answered.body)
        word = paths.text(told, send.success_field) if send.success_field else answered.body.decode("utf-8", "replace")
        if not _is_one(word.strip(), send.success):
            raise self._refusal(word.strip(), answered)
        given = paths.text(told, send.id) if send.id else ""
        if not given and "short" in mapping.placeholders(send.fields):
            given = _short(reply)
        return Receipt(external_id=given or None, spent={"segment": gsm7.segments(reply.text)})

    @property
    def _send(self) -> mapping.Sending:
        if self._mapping.send is None:
            raise Refused("no mapping says how replies are sent")
        return self._mapping.send

    def _said(self, fields: mapping.SmsFields, item: Fields, given: str) -> Said:
        sender = paths.text(item, fields.sender)
        prefix = fields.account_prefix
        zone = ZoneInfo(self.settings.timezone)
        return Said(
            sender=sender,
            text=paths.text(item, fields.text),
            id=given,
            sent_at=times.formatted(paths.text(item, fields.time), fields.time_format, zone),
            part=_part(fields, item),
            account=bool(prefix) and sender.strip().startswith(prefix),
        )

    def _status(self, fields: mapping.ReportFields, item: Fields, reply: str) -> Status | None:
        state = _state(fields, paths.text(item, fields.status))
        reason = _reason(paths.text(item, fields.reason)) if state is Delivered.FAILED else None
        return Status(self.settings.name, reply, state, reason) if state else None

    def _sms_id(self, told: Any, raw: bytes) -> str:
        """The provider's; made of who, when and what; random where it tells no time. A list's is made of all of it."""
        fields = self._mapping.sms
        if fields is None:
            raise RequestRefused("no mapping says how SMS are read", 404)
        items = paths.items(told, fields.each, fields.sender)
        if not items:
            raise RequestRefused(f"{fields.sender} is missing", 400)
        if fields.each:
            return ids.digest(raw.decode("latin-1"))
        who, when, what = (paths.text(items[0], name) for name in (fields.sender, fields.time, fields.text))
        if given := paths.text(items[0], fields.id):
            return ids.short(given)
        return ids.digest(who, when, what, repr(_part(fields, items[0]))) if when else secrets.token_hex(16)

    def _report_id(self, told: Any, raw: bytes) -> str:
        fields = self._mapping.report
        if fields is None:
            raise RequestRefused("no mapping says how delivery reports are read", 404)
        named = [
            (_reply(fields, item), paths.text(item, fields.status))
            for item in paths.items(told, fields.each, fields.status)
        ]
        if not any(reply for reply, _ in named):
            raise RequestRefused(f"{fields.reply} or {fields.status} is missing", 400)
        return ids.digest(raw.decode("latin-1")) if fields.each else ids.digest(*named[0])

    def _values(self, reply: Reply) -> dict[str, str]:
        settings = self.settings
        password = settings.password.reveal() if settings.password else ""
        return {
            "to": reply.to.value,
            "to_digits": reply.to.value.removeprefix("+"),
            "from": settings.number,
            "text": reply.text,
            "coding": "0" if gsm7.fits(reply.text) else "2",
            "segments": str(gsm7.segments(reply.text)),
            "reply": reply.id,
            "short": _short(reply),
            "callback": callbacks.url(settings, reply) or "",
            "username": settings.username,
            "password": password,
            "account": settings.account,
            "basic": proofs.basic(settings.username, password),
        }

    def _refusal(self, word: str, answered: Answered) -> ChannelError:
        send = self._send
        if _is_one(word, send.unauthorized):
            return Unauthorized("the provider refuses our user, password or account")
        if _is_one(word, send.throttled):
            return Throttled("the provider asks for patience", _PATIENCE)
        return (
            Refused("the provider refuses the SMS") if _is_one(word, send.refused) else unaccepted(_PROVIDER, answered)
        )


def _shown(proof: mapping.Proof, request: WebRequest) -> str | None:
    if proof.field:
        return paths.text(_taken(*_kept(request, proof)), proof.field) or None
    given = request.headers.get("Authorization" if proof.shows == "basic" else proof.header)
    if given is None or not given.startswith(proof.prefix):
        return None
    given = given.removeprefix(proof.prefix).strip()
    return given.lower() if proof.shows == "hmac" and proof.encoding == "hex" else given


def _expected(proof: mapping.Proof, key: str, request: WebRequest) -> str:
    if proof.shows == "hmac":
        signed = request.body or request.query.encode("utf-8", "surrogatepass")
        return proofs.signature(key, signed, proof.algorithm, proof.encoding)
    return proofs.basic(*key.split(":", 1)) if proof.shows == "basic" else key


def _kept(request: WebRequest, proof: mapping.Proof | None) -> tuple[bytes, str]:
    """Many call JSON something else, or nothing. A query counts beside a form, unless the form alone is signed."""
    if payload.is_json(request) or request.body.lstrip()[:1] in {b"{", b"["}:
        return request.body, JSON
    if request.body and proof is not None and proof.shows == "hmac":
        return request.body, FORM
    query = request.query.encode("utf-8", "surrogatepass")
    return b"&".join(filter(None, (query, request.body))), FORM


def _document(raw: bytes, content_type: str) -> Any:
    return payload.document(raw) if content_type == JSON else payload.form(raw)


def _taken(raw: bytes, content_type: str) -> Any:
    try:
        return _document(raw, content_type)
    except ValueError:
        raise RequestRefused("this is neither a form nor JSON", 400) from None


def _readable(delivery: Delivery) -> Any:
    try:
        return _document(delivery.body, delivery.content_type)
    except ValueError:
        raise Unreadable("this is neither a form nor JSON") from None


def _part(fields: mapping.SmsFields, item: Fields) -> Part | None:
    number, of = paths.text(item, fields.part_number), paths.text(item, fields.part_total)
    if not (number.isdecimal() and of.isdecimal() and len(number + of) < 7):
        return None
    return Part(paths.text(item, fields.part_reference), int(number), int(of))


def _reply(fields: mapping.ReportFields, item: Fields) -> str:
    """By the address that we gave with the reply, or by what the provider calls it."""
    return callbacks.reply_of(item) or paths.text(item, fields.reply)


def _reason(told: str) -> str:
    """Kept only where it cannot hold a number."""
    return told if _CODE.fullmatch(told) and not _NUMBER.search(told) else "not delivered"


def _state(fields: mapping.ReportFields, word: str) -> Delivered | None:
    states = {
        Delivered.DELIVERED: fields.delivered,
        Delivered.FAILED: fields.failed,
        Delivered.SENT: fields.sent,
    }
    return next((state for state, words in states.items() if _is_one(word.strip(), words)), None)


def _is_one(word: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(word.casefold(), pattern.casefold()) for pattern in patterns)


def _short(reply: Reply) -> str:
    return ids.digest(reply.channel, reply.id)[:32]
