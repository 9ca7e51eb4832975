"""Zenziva, SMS Reguler: https://www.zenziva.id/dokumentasi/ (POST console.zenziva.net/reguler/api/sendsms/).

Only sending is publicly told of, so a number that replies by Zenziva hears by another provider. Neither delivery
reports nor an id of ours are told of. `status` is "0" or "1" for success by the age of the account, and "0" for a wrong
key as well: an id and the words in `text` decide. A reply comes from a number that Zenziva chooses.
"""

from urllib.parse import urlencode

from adapters import ChannelError, Receipt, RecipientGone, Refused, Reply, Throttled, Unauthorized
from adapters.answered import Answered
from adapters.payload import document
from adapters.refusals import heed, unaccepted
from adapters.sms.dialect import FORM, JSON, Asked, Dialect
from adapters.sms.payload import text
from normalizer.words import gsm7

API = "https://console.zenziva.net"
_CREDIT = ("credit", "kredit", "saldo", "balance", "quota", "kuota", "expired")


class Zenziva(Dialect):
    def sending(self, reply: Reply) -> Asked:
        settings = self.settings
        fields = {
            "userkey": settings.username,
            "passkey": settings.key,
            "to": reply.to.value.removeprefix("+"),
            "message": reply.text,
        }
        url = f"{settings.api(API)}/reguler/api/sendsms/"
        headers = {"Content-Type": FORM, "Accept": JSON}
        return Asked("POST", url, urlencode(fields, errors="replace").encode(), headers)

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        told = document(answered.body)
        words, given = text(told, "text").lower(), text(told, "messageId")
        if "success" in words or given not in {"", "0"}:
            return Receipt(given or None, spent={"segment": gsm7.segments(reply.text)})
        if words:
            raise _refusal(words)
        heed("Zenziva", answered)
        raise unaccepted("Zenziva", answered)


def _refusal(words: str) -> ChannelError:
    """By the words of its documentation, for the numbers beside them have changed."""
    if "userkey" in words or "passkey" in words:
        return Unauthorized("Zenziva refuses our userkey or passkey")
    if any(word in words for word in _CREDIT):
        return Unauthorized("the account at Zenziva has no credit left")
    if "berulang" in words:
        return Throttled("Zenziva takes no more for this number for now", 300.0)
    if "nomor" in words or "number" in words:
        return RecipientGone("there is no such number")
    return Refused("Zenziva refuses the SMS")
