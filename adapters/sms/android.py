"""What the app "SMS Gateway for Android" says and wants to hear: https://docs.sms-gate.app, "Webhooks", "Sending
messages", "Status tracking"; the names of fields also by its source, https://github.com/capcom6/android-sms-gateway.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from adapters import (
    Delivered,
    Delivery,
    Receipt,
    Reply,
    RequestRefused,
    Status,
    Unreadable,
    WebRequest,
    ids,
    proofs,
    times,
)
from adapters.answered import Answered
from adapters.payload import document
from adapters.refusals import heed, unaccepted
from adapters.sms import payload
from adapters.sms.dialect import JSON, Asked, Dialect, Kind, Said, Told
from adapters.sms.payload import text
from normalizer.words import gsm7

#: How many seconds the phone's clock and the way may put between a signature and now, by the app's own advice.
PATIENCE = 300
#: Each webhook is registered for one event; an SMS may come as one of two.
_EVENTS: Mapping[Kind, Mapping[str, Delivered | None]] = {
    "mo": {"sms:received": None},
    "dlr": {
        "sms:sent": Delivered.SENT,
        "sms:delivered": Delivered.DELIVERED,
        "sms:failed": Delivered.FAILED,
    },
}
_CONFLICT = 409


class Android(Dialect):
    """A phone with a SIM. Its webhooks, `sms:received` to `…/SECRET/mo` and the others to `…/SECRET/dlr`, are sent
    again for two days until they are answered with 2xx, each time signed anew."""

    def prove(self, request: WebRequest) -> None:
        """X-Signature is the hexadecimal HMAC-SHA256 of the body followed by X-Timestamp, Unix seconds."""
        stamp = request.headers.get("X-Timestamp", "")
        signed = request.body + stamp.encode("utf-8", "surrogatepass")
        expected = [proofs.signature(key, signed) for key in self.settings.signing_keys]
        proofs.shown(request.headers.get("X-Signature"), expected)
        proofs.recent(times.seconds(stamp), request.received_at, PATIENCE)

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        try:
            event, told = _told(request.body)
            if event not in _EVENTS[kind]:
                raise RequestRefused(f"a webhook of another event was registered for {kind}", 404)
            given = _sms_id(told) if kind == "mo" else f"dlr:{ids.digest(event, text(told, 'messageId'))}"
        except ValueError:
            raise RequestRefused("no webhook of the app", 400) from None
        return Told(given, request.body, JSON)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        """The phone joins parts by itself. Times are local ones with their offset."""
        _, told = _readable(delivery)
        sent_at = times.iso(text(told, "receivedAt"))
        return [Said(sender=text(told, "phoneNumber"), text=text(told, "message"), sent_at=sent_at)]

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        event, told = _readable(delivery)
        state = _EVENTS["dlr"].get(event)
        reply = text(told, "messageId")
        if not reply:
            raise Unreadable("the delivery report names no reply")
        reason = text(told, "reason") or "not sent" if state is Delivered.FAILED else None
        return [Status(self.settings.name, reply, state, reason)] if state else []

    def sending(self, reply: Reply) -> Asked:
        """With an id of ours, of 36 characters at most: a second one for the same reply is refused, not sent."""
        message: dict[str, object] = {
            "id": _external_id(reply),
            "textMessage": {"text": reply.text},
            "phoneNumbers": [reply.to.value],
            "withDeliveryReport": True,
        }
        if self.settings.sim:
            message["simNumber"] = self.settings.sim
        body = msgspec.json.encode(message)
        return Asked("POST", self.settings.send_url or "", body, {"Content-Type": JSON, **self._credentials()})

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        if answered.status != _CONFLICT:
            heed("the Android gateway", answered)
            if not text(document(answered.body), "id"):
                raise unaccepted("the Android gateway", answered)
        return Receipt(external_id=_external_id(reply), spent={"segment": gsm7.segments(reply.text)})

    def trying(self) -> Asked:
        """The webhooks that are registered lie beside the messages."""
        folder = (self.settings.send_url or "").rpartition("/")[0]
        return Asked("GET", f"{folder}/webhooks", headers=self._credentials())

    def tried(self, answered: Answered) -> None:
        heed("the Android gateway", answered)

    def _credentials(self) -> dict[str, str]:
        return {"Authorization": proofs.basic(self.settings.username, self.settings.key)}


def _told(raw: bytes) -> tuple[str, Mapping[str, Any]]:
    """The event's name and payload. Raises ValueError."""
    match payload.document(raw):
        case {"event": str(event), "payload": dict(told)}:
            return event, told
    raise ValueError("no event")


def _readable(delivery: Delivery) -> tuple[str, Mapping[str, Any]]:
    try:
        return _told(delivery.body)
    except ValueError:
        raise Unreadable("no webhook of the app") from None


def _sms_id(told: Mapping[str, Any]) -> str:
    """Derived: `messageId` is made of the content and not unique, and the webhook's own `id` is another when the app
    tells its inbox again. Raises ValueError where there is no sender."""
    if not (sender := text(told, "phoneNumber")).strip():
        raise ValueError("no sender")
    at = text(told, "receivedAt")
    time = times.iso(at)
    return ids.digest(sender, time.isoformat() if time else at, str(told.get("simNumber")), text(told, "message"))


def _external_id(reply: Reply) -> str:
    return ids.digest(reply.channel, reply.id)[:36]
