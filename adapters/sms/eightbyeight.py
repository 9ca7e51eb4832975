"""8x8 (formerly Wavecell), SMS API version 1.

    an SMS              https://developer.8x8.com/connect/docs/inbound-sms
    a delivery report   https://developer.8x8.com/connect/docs/delivery-receipts-for-outbound-sms
    its states          https://developer.8x8.com/connect/docs/message-status-references
    HTTP Authorization  https://developer.8x8.com/connect/docs/developer-tools
    sending             https://developer.8x8.com/connect/reference/send-sms-single
    refusals            https://developer.8x8.com/connect/docs/api-error-codes
    regions             https://developer.8x8.com/connect/docs/data-center-region

One webhook brings SMS and delivery reports alike, so what a request is, is read from the request and not from its path.
What is not taken comes again after 1, 10, 30 and 90 seconds. 8x8 signs nothing but shows an Authorization header of our
choice. It joins the parts of a long SMS. An id of ours comes back with the reports; that it keeps a reply from being
sent twice is not told.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from adapters import (
    ChannelError,
    Delivered,
    Delivery,
    Receipt,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Status,
    Unauthorized,
    Unreadable,
    WebRequest,
    ids,
    proofs,
    times,
)
from adapters.answered import Answered
from adapters.payload import document, table
from adapters.refusals import heed, unaccepted
from adapters.sms import callbacks, payload
from adapters.sms.dialect import JSON, Asked, Dialect, Kind, Said, Told
from adapters.sms.payload import text
from adapters.sms.reasons import reason
from normalizer.words import gsm7

API = "https://sms.8x8.com"
LONGEST_ID = 50
_KINDS: Mapping[str, Kind] = {"inbound_message_received": "mo", "outbound_message_status_changed": "dlr"}
#: "queued", "unknown" and whatever is new say nothing that we would not know.
_STATES: Mapping[str, Delivered] = {
    "sent": Delivered.SENT,
    "delivered": Delivered.DELIVERED,
    "read": Delivered.READ,
    "undelivered": Delivered.FAILED,
    "rejected": Delivered.FAILED,
    "failed": Delivered.FAILED,
    "error": Delivered.FAILED,
}
_ERRORS: Mapping[str, tuple[type[ChannelError], str]] = {
    "1001": (Unauthorized, "8x8 does not know the sub-account"),
    "1002": (RecipientGone, "there is no such number"),
    "1005": (Unauthorized, "8x8 takes no SMS from our number"),
    "1012": (Unauthorized, "8x8 takes nothing from our address"),
    "3003": (RecipientGone, "there is no such number"),
    "3006": (Refused, "the SMS is too long"),
    "3011": (Unauthorized, "8x8 takes no SMS from our number"),
    "3020": (Unauthorized, "8x8 does not take our callback_url"),
}
_NOBODY = "00000000-0000-0000-0000-000000000000"


class EightByEight(Dialect):
    def prove(self, request: WebRequest) -> None:
        proofs.shown(request.headers.get("Authorization"), self.settings.signing_keys)

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        told = payload.taken(request.body, JSON)
        said, known = table(told, "payload"), _KINDS.get(text(told, "eventType"))
        if known is None or not text(said, "umid"):
            raise RequestRefused("what 8x8 always tells is missing", 400)
        return Told(_id(known, said), request.body, JSON, known)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        said = table(payload.kept(delivery), "payload")
        sent_at = times.iso(text(said, "timestamp"))
        return [Said(sender=text(said, "source"), text=text(said, "body"), sent_at=sent_at)]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        said = table(payload.kept(delivery), "payload")
        status, reply = table(said, "status"), text(said, "clientMessageId") or text(said, "umid")
        if not reply:
            raise Unreadable("the delivery report names no reply")
        state = _state(status)
        why = reason(text(status, "errorMessage"), text(status, "errorCode"))
        return [Status(self.settings.name, reply, state, why if state is Delivered.FAILED else None)] if state else []

    def sending(self, reply: Reply) -> Asked:
        asked = {
            "source": self.settings.number,
            "destination": reply.to.value,
            "text": reply.text,
            "encoding": "GSM7" if gsm7.fits(reply.text) else "UCS2",
        }
        if len(reply.id) <= LONGEST_ID:
            asked["clientMessageId"] = reply.id
        if callback := callbacks.url(self.settings):
            asked["dlrCallbackUrl"] = callback
        return self._asked("POST", "messages", msgspec.json.encode(asked))

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        told = document(answered.body)
        if answered.status == 400 and (error := _ERRORS.get(text(told, "code"))):
            raise error[0](error[1])
        heed("8x8", answered)
        if text(table(told, "status"), "state") in {"rejected", "failed", "error"}:
            raise Refused("8x8 refuses the SMS")
        if not text(told, "umid"):
            raise unaccepted("8x8", answered)
        return Receipt(text(told, "umid"), spent={"segment": gsm7.segments(reply.text)})

    def trying(self) -> Asked:
        """A message that is not there."""
        return self._asked("GET", f"messages/{_NOBODY}")

    def tried(self, answered: Answered) -> None:
        if answered.status != 404:
            heed("8x8", answered)

    def _asked(self, method: Literal["GET", "POST"], what: str, body: bytes = b"") -> Asked:
        settings = self.settings
        account = quote(settings.account, safe="")
        headers = {"Authorization": f"Bearer {settings.key}", "Accept": JSON, "Content-Type": JSON}
        return Asked(method, f"{settings.api(API)}/api/v1/subaccounts/{account}/{what}", body, headers)


def _id(kind: Kind, said: Mapping[str, Any]) -> str:
    """An SMS has one; of a reply each state is told once."""
    if kind == "mo":
        return ids.short(text(said, "umid"))
    status = table(said, "status")
    return f"dlr:{ids.digest(text(said, 'umid'), text(status, 'state'), text(status, 'detail'))}"


def _state(status: Mapping[str, Any]) -> Delivered | None:
    """What reached the operator has not reached the phone."""
    if text(status, "detail") == "delivered_to_operator":
        return Delivered.SENT
    return _STATES.get(text(status, "state"))
