"""What Jasmin (https://docs.jasminsms.com, "HTTP API", seen with 0.11.1) says and wants to hear."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlencode

from adapters import (
    Delivered,
    Delivery,
    Receipt,
    Reply,
    RequestRefused,
    Response,
    Status,
    Throttled,
    Unreadable,
    WebRequest,
    ids,
)
from adapters.answered import Answered
from adapters.refusals import heed, unaccepted
from adapters.sms import callbacks, payload
from adapters.sms.dialect import FORM, Asked, Dialect, Kind, Said, Told
from normalizer.words import gsm7

#: message_status of a delivery report: SMPP 3.4 appendix B, or ESME_* of the SMSC's own answer.
STATES: Mapping[str, tuple[Delivered, str | None]] = {
    "ESME_ROK": (Delivered.SENT, None),
    "ACCEPTD": (Delivered.SENT, None),
    "DELIVRD": (Delivered.DELIVERED, None),
    "EXPIRED": (Delivered.FAILED, "expired"),
    "DELETED": (Delivered.FAILED, "deleted"),
    "UNDELIV": (Delivered.FAILED, "not delivered"),
    "REJECTD": (Delivered.FAILED, "rejected"),
}
#: By data_coding (SMPP 3.4 section 5.2.19). 0 is the SMSC's own alphabet, which Jasmin takes for GSM 03.38.
_CODECS = {1: "ascii", 3: "latin-1", 6: "iso8859-5", 7: "iso8859-8", 8: "utf-16-be"}
_NEEDED = {"mo": "from", "dlr": "message_status"}
_SUCCESS = re.compile(rb'\s*Success "([\w.-]{1,100})"')


class Jasmin(Dialect):
    """The connector's URL is `…/SECRET/mo`, by GET or POST; reports come by POST. It signs nothing.

    Anything but 200 with `ACK/Jasmin` is sent again, three times in all by default, and 404 not even once.
    """

    answer = Response(body=b"ACK/Jasmin")

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        """A delivery report has our id in its query and Jasmin's words in its body."""
        raw = b"&".join(filter(None, (request.query.encode("utf-8", "surrogatepass"), request.body)))
        fields = _fields(raw)
        if not fields.get(_NEEDED[kind], "").strip():
            raise RequestRefused(f"{_NEEDED[kind]} is missing", 400)
        return Told(_report_id(fields) if kind == "dlr" else _message_id(fields), raw)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        """Jasmin joins parts by itself."""
        fields = _fields(delivery.body)
        text, doubts = text_of(fields)
        return [Said(sender=fields.get("from", ""), text=text, doubts=doubts)]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        fields = _fields(delivery.body)
        reply = callbacks.reply_of(fields) or fields.get("id")
        if not reply:
            raise Unreadable("the delivery report names no reply")
        state = _state(fields.get("message_status", ""))
        return [Status(self.settings.name, reply, *state)] if state else []

    def sending(self, reply: Reply) -> Asked:
        """POST, for a password in a URL is written into access logs."""
        fields = {**self._credentials(), "from": self.settings.number, "to": reply.to.value, **_content(reply.text)}
        if callback := callbacks.url(self.settings, reply):
            fields |= {"dlr-url": callback, "dlr-level": "3", "dlr-method": "POST"}
        body = urlencode(fields).encode()
        return Asked("POST", self.settings.send_url or "", body, {"Content-Type": FORM})

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        """200 with `Success "id"`; 403 also where the user sends faster than allowed."""
        if answered.status == 403 and b"throughput" in answered.body.lower():
            raise Throttled("Jasmin asks for patience", 1.0)
        heed("Jasmin", answered)
        found = _SUCCESS.match(answered.body)
        if not found:
            raise unaccepted("Jasmin", answered)
        return Receipt(external_id=found[1].decode("ascii"), spent={"segment": gsm7.segments(reply.text)})

    def trying(self) -> Asked:
        """The user's balance, which lies beside /send."""
        folder = (self.settings.send_url or "").rpartition("/")[0]
        return Asked("GET", f"{folder}/balance?{urlencode(self._credentials())}")

    def tried(self, answered: Answered) -> None:
        heed("Jasmin", answered)

    def _credentials(self) -> dict[str, str]:
        return {"username": self.settings.username, "password": self.settings.key}


def text_of(fields: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The words, and "charset" as a doubt where they had to be guessed.

    `content` is in whatever the network wrote, and `coding` a raw control byte ("%08") although the documentation
    shows a number; `binary` is the same content in hexadecimal.
    """
    raw, coding = _raw(fields), _coding(fields.get("coding", ""))
    try:
        return raw.decode(_CODECS[coding]) if coding else gsm7.decode(raw), ()
    except (KeyError, UnicodeError):
        return _guessed(raw), ("charset",)


def _guessed(raw: bytes) -> str:
    with suppress(UnicodeError):
        return raw.decode()
    return raw.decode("utf-16-be" if b"\0" in raw else "latin-1", "replace")


def _raw(fields: Mapping[str, str]) -> bytes:
    with suppress(KeyError, ValueError):
        return bytes.fromhex(fields["binary"])
    return fields.get("content", "").encode("latin-1")


def _coding(told: str) -> int:
    if told.isdecimal() and len(told) <= 3:
        return int(told)
    return ord(told) if len(told) == 1 else 0


def _content(text: str) -> dict[str, str]:
    if gsm7.fits(text):
        return {"coding": "0", "content": text}
    return {"coding": "8", "hex-content": text.encode("utf-16-be").hex()}


def _state(word: str) -> tuple[Delivered, str | None] | None:
    if word.startswith("ESME_") and word not in STATES:
        return Delivered.FAILED, f"refused by the SMSC: {word[5:40]}"
    return STATES.get(word)


def _message_id(fields: Mapping[str, str]) -> str:
    """Jasmin's own, which survives its retries."""
    given = fields.get("id", "")
    return ids.short(given) if given else ids.digest(fields["from"], _raw(fields).hex())


def _report_id(fields: Mapping[str, str]) -> str:
    told = (fields.get(name, "") for name in ("reply", "id", "message_status"))
    return f"dlr:{ids.digest(*told)}"


def _fields(raw: bytes) -> Mapping[str, str]:
    """None at all where there are too many."""
    try:
        return payload.form(raw, "latin-1")
    except ValueError:
        return {}
