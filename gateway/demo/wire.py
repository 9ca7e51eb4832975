"""A message of the story as it goes over the wire: a mail, the queries of Kannel's get-url, an application's form, a
feed's JSON, or the form of a page. Pure but for new ids, and for what a browser reckons."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any, NamedTuple
from urllib.parse import urlencode

import altcha

from gateway.demo import script
from gateway.demo.script import Entry

MAILBOX = "dki@jakarta.go.id"
APP_USER = "Warga Jakarta"
#: What the header of one piece says: five octets follow, element 0 of three octets (TS 23.040, 9.2.3.24.1).
CONCATENATED = (5, 0, 3)


def mail(entry: Entry, now: datetime) -> bytes:
    """The mail, CRLF lines, as a mail program would hand it over."""
    made = EmailMessage(policy=SMTP)
    made["From"] = entry.sender
    made["To"] = MAILBOX
    made["Subject"] = entry.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=entry.sender.rpartition("@")[2])
    if entry.automatic:
        made["Auto-Submitted"] = "auto-replied"
    made.set_content(entry.text + "\n", cte="quoted-printable")
    if entry.photo:
        made.add_attachment(script.photo(entry.photo), maintype="image", subtype="png", filename=entry.photo)
    return made.as_bytes()


def sms(entry: Entry, number: str, now: datetime) -> Sequence[str]:
    """A query for each piece. Kannel tells UCS-2 (`coding=2`), which carries what GSM-7 cannot, by `charset`."""
    plain = entry.text.isascii()
    reference = secrets.randbelow(256)
    return [
        urlencode(
            {
                "sender": entry.sender,
                "to": number,
                "message": piece.encode("utf-8" if plain else "utf-16-be"),
                "time": str(int(now.timestamp())),
                "id": secrets.token_hex(16),
                "smsc": "demo",
                "coding": "0" if plain else "2",
                "charset": "UTF-8" if plain else "UTF-16BE",
                "udh": bytes((*CONCATENATED, reference, entry.parts, place)) if entry.parts > 1 else b"",
            }
        )
        for place, piece in enumerate(_pieces(entry.text, entry.parts), 1)
    ]


class Form(NamedTuple):
    """What is posted."""

    content_type: str
    body: bytes


def report(entry: Entry) -> Form:
    """By GeoReport v2; in parts, as there may be a photo."""
    boundary = secrets.token_hex(16)
    first, _, last = APP_USER.partition(" ")
    values = {"service_code": entry.service, "description": entry.text, "phone": entry.sender} | {
        "first_name": first,
        "last_name": last,
    }
    parts = [_part(f'name="{name}"', value.encode()) for name, value in values.items()]
    if entry.photo:
        head = f'name="media"; filename="{entry.photo}"\r\nContent-Type: image/png'
        parts.append(_part(head, script.photo(entry.photo)))
    mark = f"--{boundary}\r\n".encode()
    body = b"".join(mark + part for part in parts) + f"--{boundary}--\r\n".encode()
    return Form(f"multipart/form-data; boundary={boundary}", body)


def posted(entry: Entry) -> Form:
    """As the feed posts a report."""
    latitude, longitude = entry.pin or (0.0, 0.0)
    said = {"post_id": entry.post, "text": entry.text, "phone": entry.sender}
    place = {"location": {"lat": latitude, "lng": longitude}}
    return Form("application/json", json.dumps(said | place).encode())


def entered(entry: Entry, csrf: str) -> Form:
    """As an officer sends the page of a desk."""
    fields = {"what": entry.text, "where": entry.where, "office": entry.office, "phone": entry.sender}
    return _posted(fields | {"entry": secrets.token_hex(16), "csrf": csrf})


def public(entry: Entry, identity: str, challenge: Mapping[str, Any]) -> Form:
    """As a browser sends the public form, having solved its challenge."""
    asked = altcha.Challenge.from_dict(dict(challenge))
    solution = altcha.solve_challenge(asked)
    proof = altcha.Payload(asked, solution).to_base64() if solution else ""
    fields = {"what": entry.text, "where": entry.where, "contact": entry.sender}
    return _posted(fields | {"entry": identity, "go": "send", "altcha": proof})


def _posted(fields: Mapping[str, str]) -> Form:
    return Form("application/x-www-form-urlencoded", urlencode(fields).encode())


def _part(head: str, content: bytes) -> bytes:
    return f"Content-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


def _pieces(text: str, count: int) -> Sequence[str]:
    size = -(-len(text) // count)
    return [text[start : start + size] for start in range(0, len(text), size)]
