"""What Kannel says and wants to hear. Names in brackets are those of its user guide, chapter 7."""

import re
import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from adapters import (
    Delivered,
    Delivery,
    Part,
    Receipt,
    Reply,
    RequestRefused,
    Status,
    Unreadable,
    WebRequest,
    ids,
    times,
)
from adapters.answered import Answered
from adapters.refusals import heed, unaccepted
from adapters.sms import callbacks, payload
from adapters.sms.dialect import Asked, Dialect, Kind, Said, Told
from adapters.sms.settings import SmsSettings
from normalizer.words import gsm7

#: Delivery report types (%d). 4, buffered at the SMSC, says nothing new.
STATES: Mapping[str, tuple[Delivered, str | None]] = {
    "1": (Delivered.DELIVERED, None),
    "2": (Delivered.FAILED, "not delivered"),
    "8": (Delivered.SENT, None),
    "16": (Delivered.FAILED, "rejected by the SMSC"),
}

_CODECS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "ucs-2": "utf-16-be",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
}
_ALL_REPORTS = 31
#: What a request must hold, by its kind.
_NEEDED = {"mo": "sender", "dlr": "reply"}
_ID = re.compile(rb"(?:^|&)id=([A-Za-z0-9._~-]{1,100})(?:&|$)")
_SENDER = re.compile(rb"(?:^|&)sender=((?:%[0-9A-Fa-f]{2}|\+)*[A-Za-z0-9._~-][A-Za-z0-9%+._~-]*)(?:&|$)")


class Kannel(Dialect):
    """Kannel 1.4.5, set up as the package's docstring tells. It signs nothing."""

    example = "sender=%2B6281200000001&message=Banjir+selutut+di+depan+rumah"

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        """GET with a query, or POST with a query or a form."""
        raw = payload.said(request)
        fields = identifying(raw) or _fields(raw)
        if fields is None or not fields.get(_NEEDED[kind], "").strip():
            raise RequestRefused(f"{_NEEDED[kind]} is missing", 400)
        return Told(report_id(fields) if kind == "dlr" else message_id(fields), raw)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        fields = _readable(delivery)
        text, doubts = text_of(fields)
        part, time = part_of(fields), fields.get("time", "")
        sent_at = times.seconds(time) or times.iso(time)
        return [Said(sender=fields.get("sender", ""), text=text, sent_at=sent_at, part=part, doubts=doubts)]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        fields = _readable(delivery)
        reply = callbacks.reply_of(fields)
        if reply is None:
            raise Unreadable("the delivery report names no reply of ours")
        state = STATES.get(fields.get("type", ""))
        return [Status(self.settings.name, reply, *state)] if state else []

    def sending(self, reply: Reply) -> Asked:
        return Asked("GET", f"{self.settings.send_url}?{sendsms(self.settings, reply)}")

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        """Kannel accepts ("0: …") or queues ("3: …") an SMS and tells no id; delivery reports carry ours."""
        heed("Kannel", answered)
        if answered.body[:2] not in {b"0:", b"3:"}:
            raise unaccepted("Kannel", answered)
        return Receipt(spent={"segment": gsm7.segments(reply.text)})

    def trying(self) -> Asked:
        """Sending to nobody, which Kannel refuses with 400 after it has looked at user and password."""
        return Asked("GET", f"{self.settings.send_url}?{credentials(self.settings)}")

    def tried(self, answered: Answered) -> None:
        if answered.status != 400:
            heed("Kannel", answered)


def identifying(raw: bytes) -> dict[str, str] | None:
    """Id and sender of an SMS whose query writes both plainly, as Kannel does: a tenth of the cost of `payload.form`.

    None where they are not so. The sender keeps its escapes.
    """
    if (sender := _SENDER.search(raw)) and (given := _ID.search(raw)) and raw.count(b"&") < payload.MOST_FIELDS:
        return {"id": given[1].decode("ascii"), "sender": sender[1].decode("ascii")}
    return None


def message_id(fields: Mapping[str, str]) -> str:
    """Kannel's own (%I), which survives its retries; else derived from who, when and what; else random."""
    if given := fields.get("id"):
        return ids.short(given)
    if time := fields.get("time"):
        return ids.digest(fields["sender"], time, fields.get("message", ""), fields.get("udh", ""))
    return secrets.token_hex(16)


def report_id(fields: Mapping[str, str]) -> str:
    """One report of each type for each reply."""
    return f"dlr:{ids.digest(fields['reply'], fields.get('type', ''))}"


def text_of(fields: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The words (%a) in their charset (%C), and "charset" as a doubt where they had to be guessed."""
    raw = fields.get("message", "").encode("latin-1")
    named = fields.get("charset") or ("UTF-16BE" if fields.get("coding") == "2" else "UTF-8")
    codec = _CODECS.get(named.lower(), "unknown")
    try:
        return raw.decode(codec), ()
    except (LookupError, UnicodeError):
        return raw.decode("utf-16-be" if codec == "utf-16-be" else "latin-1", "replace"), ("charset",)


def part_of(fields: Mapping[str, str]) -> Part | None:
    """Which part of a longer text it is by its user data header (%u), where Kannel did not join the parts itself.

    TS 23.040 sections 9.2.3.24.1 and 9.2.3.24.8.
    """
    header = fields.get("udh", "").encode("latin-1")
    elements = header[1 : 1 + header[0]] if header else b""
    while len(elements) >= 2:
        kind, size = elements[:2]
        content, elements = elements[2 : 2 + size], elements[2 + size :]
        if (kind, len(content)) in {(0, 3), (8, 4)}:
            *reference, of, number = content
            return Part(bytes(reference).hex(), number, of)
    return None


def sendsms(settings: SmsSettings, reply: Reply) -> str:
    """The query that sends a reply. Text goes as UTF-8 whatever the coding; Kannel turns it into GSM-7 or UCS-2."""
    query = {
        "from": settings.number,
        "to": reply.to.value,
        "text": reply.text,
        "charset": "UTF-8",
        "coding": "0" if gsm7.fits(reply.text) else "2",
    }
    if callback := callbacks.url(settings, reply):
        query |= {"dlr-mask": str(_ALL_REPORTS), "dlr-url": f"{callback}&type=%d"}
    return f"{credentials(settings)}&{urlencode(query)}"


def credentials(settings: SmsSettings) -> str:
    """The part of the query that says who we are."""
    return urlencode({"username": settings.username, "password": settings.key})


def _readable(delivery: Delivery) -> Mapping[str, str]:
    fields = _fields(delivery.body)
    if fields is None:
        raise Unreadable("too many fields")
    return fields


def _fields(raw: bytes) -> dict[str, str] | None:
    """Each character of a value is one byte, for its charset is told beside it."""
    try:
        return payload.form(raw, "latin-1")
    except ValueError:
        return None
