"""What Kannel says and wants to hear. Pure. Names in brackets are those of its user guide, chapter 7."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from adapters import ChannelDown, Delivered, Part, Refused, Reply, Throttled, Unauthorized
from adapters.sms.settings import SmsSettings
from normalizer import gsm7

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
#: Which answers are about the SMS; any other says that something is wrong with Kannel or where we look for it.
_REFUSALS = {400, 413, 414, 422}
MOST_FIELDS = 50
_ID = re.compile(rb"(?:^|&)id=([A-Za-z0-9._~-]{1,100})(?:&|$)")
_SENDER = re.compile(rb"(?:^|&)sender=((?:%[0-9A-Fa-f]{2}|\+)*[A-Za-z0-9._~-][A-Za-z0-9%+._~-]*)(?:&|$)")


def fields_of(raw: bytes) -> dict[str, str]:
    """The fields of a query string; each character of a value is one byte, for its charset is told beside it.

    Raises ValueError for more than fifty fields.
    """
    text = raw.decode("latin-1")
    return dict(parse_qsl(text, keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_FIELDS))


def identifying(raw: bytes) -> dict[str, str] | None:
    """Id and sender of an SMS whose query writes both plainly, as Kannel does: a tenth of the cost of `fields_of`.

    None where they are not so. The sender keeps its escapes.
    """
    if (sender := _SENDER.search(raw)) and (given := _ID.search(raw)) and raw.count(b"&") < MOST_FIELDS:
        return {"id": given[1].decode("ascii"), "sender": sender[1].decode("ascii")}
    return None


def message_id(fields: Mapping[str, str]) -> str:
    """Kannel's own (%I), which survives its retries; else derived from who, when and what; else random."""
    if given := fields.get("id"):
        return given if len(given) <= 100 else _digest(given)
    if time := fields.get("time"):
        return _digest(fields["sender"], time, fields.get("message", ""), fields.get("udh", ""))
    return secrets.token_hex(16)


def report_id(fields: Mapping[str, str]) -> str:
    """One report of each type for each reply."""
    return f"dlr:{_digest(fields['reply'], fields.get('type', ''))}"


def text_of(fields: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The words (%a) in their charset (%C), and "charset" as a doubt where they had to be guessed."""
    raw = fields.get("message", "").encode("latin-1")
    named = fields.get("charset") or ("UTF-16BE" if fields.get("coding") == "2" else "UTF-8")
    codec = _CODECS.get(named.lower(), "unknown")
    try:
        return raw.decode(codec), ()
    except (LookupError, UnicodeError):
        return raw.decode("utf-16-be" if codec == "utf-16-be" else "latin-1", "replace"), ("charset",)


def sent_at(fields: Mapping[str, str]) -> datetime | None:
    """Unix seconds (%T), or "2026-11-22 15:26:33" in UTC (%t)."""
    told = fields.get("time", "")
    try:
        return datetime.fromtimestamp(int(told), UTC) if told.isdigit() else _utc(datetime.fromisoformat(told))
    except (ValueError, OverflowError, OSError):
        return None


def part_of(fields: Mapping[str, str]) -> Part | None:
    """Which part of a longer text it is by its user data header (%u), where Kannel did not join the parts itself.

    TS 23.040 sections 9.2.3.24.1 and 9.2.3.24.8. The reference hides the sender's number.
    """
    header = fields.get("udh", "").encode("latin-1")
    elements = header[1 : 1 + header[0]] if header else b""
    while len(elements) >= 2:
        kind, size = elements[:2]
        content, elements = elements[2 : 2 + size], elements[2 + size :]
        if (kind, len(content)) in {(0, 3), (8, 4)}:
            *reference, of, number = content
            return _part(fields["sender"], bytes(reference), number, of)
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
    if settings.callback_url:
        query |= {"dlr-mask": str(_ALL_REPORTS), "dlr-url": _report_url(settings, reply)}
    return f"{credentials(settings)}&{urlencode(query, errors='replace')}"


def credentials(settings: SmsSettings) -> str:
    """The part of the query that says who we are."""
    password = settings.password.reveal() if settings.password else ""
    return urlencode({"username": settings.username, "password": password})


def heed(status: int, answer: bytes, retry_after: str | None) -> None:
    """Raise what a sendsms answer means, unless Kannel accepted ("0: …") or queued ("3: …") the SMS."""
    if status in {401, 403}:
        raise Unauthorized("Kannel refuses our sendsms user or password")
    if status == 429 or (status == 503 and retry_after):
        raise Throttled("Kannel asks for patience", _seconds(retry_after))
    if status in _REFUSALS:
        raise Refused(f"Kannel refuses the SMS with status {status}")
    if not (200 <= status < 300 and answer[:2] in {b"0:", b"3:"}):
        raise ChannelDown(f"Kannel answers with status {status}, but not that it accepts the SMS")


def reported_reply(fields: Mapping[str, str]) -> str:
    """Our id of the reply in a delivery report. Raises ValueError if there is none."""
    return bytes.fromhex(fields["reply"]).decode()


def _report_url(settings: SmsSettings, reply: Reply) -> str:
    """The id is in hexadecimal because Kannel would take the "%3A" of a quoted one for escapes of its own."""
    path = f"{(settings.callback_url or '').rstrip('/')}/{settings.secret.reveal()}/dlr"
    return f"{path}?reply={reply.id.encode().hex()}&type=%d"


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdecimal() else 60.0


def _utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _part(sender: str, reference: bytes, number: int, of: int) -> Part | None:
    return Part(_digest(sender, reference.hex(), str(of)), number, of) if 1 <= number <= of and of > 1 else None


def _digest(*values: str) -> str:
    return hashlib.sha256("\n".join(values).encode()).hexdigest()
