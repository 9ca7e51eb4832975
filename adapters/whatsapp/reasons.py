"""What the codes of Meta's errors mean, in answers to what we send and in statuses of what it took.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes

Meta asks to go by the code alone: its words change, and may quote the citizen's number.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.graph.refusals import GRAPH_CODES, Codes
from adapters.payload import text

#: For one recipient a message every six seconds is taken, for all of an account's numbers what its limit of calls in an
#: hour allows.
_OWN = Codes(
    patience={
        "130429": (10.0, "our number has sent too fast"),
        "131048": (3600.0, "too much of what our number sends was reported as spam"),
        "131056": (6.0, "too much was sent to one recipient in a short time"),
        "131064": (3600.0, "the account has reached its limit of messages"),
    },
    ill={
        "131000": "an error of Meta's that it does not explain",
        "131016": "Meta's service is overloaded",
        "131057": "the account is in maintenance",
        "133004": "Meta's server is down for a while",
    },
    ours={
        "33": "our number is none that Meta knows",
        "100.33": "phone_number_id is no number that our token may use",
        "131005": "the token lacks a permission",
        "131031": "the account is locked",
        "131037": "our number's display name is not approved yet",
        "131042": "the account cannot be charged",
        "131045": "our number is not registered",
        "133010": "our number is not registered",
        "134011": "the terms of payment are not accepted",
    },
    gone={
        "131021": "the recipient is ourselves",
        "131050": "the recipient wants no such messages",
    },
    refused={
        "470": "the recipient wrote too long ago",
        "130472": "Meta keeps the recipient out of such messages for an experiment",
        "130497": "our account may not write to the recipient's country",
        "131008": "Meta misses something in the message",
        "131009": "Meta does not take something in the message",
        "131026": "the recipient is not on WhatsApp, has blocked us, or uses a version that is too old",
        "131030": "the recipient is not among those that a number for tests may write to",
        "131047": "the recipient wrote too long ago",
        "131049": "Meta keeps it back, for the recipient has had many such messages",
        "131051": "Meta does not know this kind of message",
        "131053": "Meta does not take the file",
        "131062": "this kind of message needs the recipient's number",
        "132000": "the template has another number of variables",
        "132001": "there is no such template in this language, or it is not approved",
        "132005": "the words are too long for the template",
        "132007": "the template breaks a policy",
        "132012": "the template's variable is of another form",
        "132015": "the template is paused, for many have complained",
        "132016": "the template is switched off, for many have complained",
    },
)
CODES = GRAPH_CODES.extended(_OWN)


def reason(errors: Sequence[Mapping[str, Any]]) -> str | None:
    """Why what was taken failed after all."""
    codes = [text(error, "code") for error in errors if text(error, "code")]
    return CODES.words(codes[0]) if codes else None
