"""NusaSMS: https://nusasms.com/sms-api, "HTTP Plain" and "Push SMS".

An SMS comes as a form whose time is local and tells no zone. Nothing is signed, and neither an answer to wish for nor
repetitions nor delivery reports are told of. The numbers of refusals are told in part ("-5", "-13"); the others are
those of the older API of another provider that this one follows. No id of ours is taken.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from adapters import (
    ChannelDown,
    ChannelError,
    Delivery,
    Receipt,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Unauthorized,
    WebRequest,
    ids,
    times,
)
from adapters.answered import Answered
from adapters.payload import document, tables
from adapters.refusals import heed, unaccepted
from adapters.sms import payload
from adapters.sms.dialect import FORM, Asked, Dialect, Kind, Said, Told
from adapters.sms.payload import text
from normalizer.words import gsm7

API = "https://api.nusasms.com"
_REFUSALS: Mapping[str, tuple[type[ChannelError], str]] = {
    "-1": (ChannelDown, "NusaSMS is ill"),
    "-2": (Unauthorized, "the account at NusaSMS has no credit left"),
    "-3": (Refused, "NusaSMS does not reach the recipient's network"),
    "-5": (Unauthorized, "NusaSMS refuses our user or password"),
    "-10": (Unauthorized, "NusaSMS refuses our user or password"),
    "-11": (Unauthorized, "NusaSMS refuses our user or password"),
    "-13": (RecipientGone, "there is no such number"),
}


class NusaSms(Dialect):
    def identify(self, kind: Kind, request: WebRequest) -> Told:
        if kind == "dlr":
            raise RequestRefused("NusaSMS brings no delivery reports", 404)
        told = payload.taken(request.body, FORM)
        if not text(told, "originator").strip():
            raise RequestRefused("originator is missing", 400)
        given = text(told, "id")
        return Told(ids.short(given) if given else ids.digest(request.body.decode("latin-1")), request.body)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        told = payload.kept(delivery)
        sent_at = times.iso(text(told, "receive_date"), ZoneInfo(self.settings.timezone))
        return [Said(sender=text(told, "originator"), text=text(told, "msg"), sent_at=sent_at)]

    def sending(self, reply: Reply) -> Asked:
        settings = self.settings
        fields = {
            "user": settings.username,
            "password": settings.key,
            "GSM": reply.to.value.removeprefix("+"),
            "SMSText": reply.text,
            "output": "json",
        }
        if not gsm7.fits(reply.text):
            fields["unicode"] = "True"
        url = f"{settings.api(API)}/api/v3/sendsms/plain"
        return Asked("POST", url, urlencode(fields, errors="replace").encode(), {"Content-Type": FORM})

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        heed("NusaSMS", answered)
        results = tables(document(answered.body), "results")
        status = text(results[0], "status") if results else ""
        if not status:
            raise unaccepted("NusaSMS", answered)
        if status != "0":
            error, words = _REFUSALS.get(status, (Refused, "NusaSMS refuses the SMS"))
            raise error(words)
        return Receipt(text(results[0], "messageid") or None, spent={"segment": gsm7.segments(reply.text)})
