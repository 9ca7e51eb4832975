"""What is posted to have something said in a talk, on Messenger and in Instagram's direct messages.

    https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages
    https://developers.facebook.com/documentation/business-messaging/messenger-platform/discovery/private-replies

A day after somebody wrote, only what a person of ours wrote by hand may be said, for six more days. Who said something
in public may be answered in private once, within seven days.
"""

from collections.abc import Mapping
from typing import Any

from adapters import Address, Capabilities, Choice, Refused, Reply

DAY = 86_400.0
WEEK = 7 * DAY
MOST_QUICK_REPLIES = 13
LONGEST_TITLE = 20
#: But for how long a text may be.
CAPABILITIES = Capabilities(
    choices=MOST_QUICK_REPLIES,
    label_limit=LONGEST_TITLE,
    window_seconds=DAY,
    by_hand_seconds=WEEK,
    private_seconds=WEEK,
)


def talking(reply: Reply) -> dict[str, Any]:
    """Raises `Refused`."""
    message: dict[str, Any] = {"text": reply.text.encode("utf-8", "replace").decode()}
    if reply.choices:
        message["quick_replies"] = [_quick_reply(choice) for choice in reply.choices]
    return {"recipient": _to(reply), **_occasion(reply), "message": message}


def _to(reply: Reply) -> Mapping[str, str]:
    if reply.opens:
        return {"comment_id": reply.opens}
    return {"id": _person(reply.to)}


def _person(address: Address) -> str:
    if address.kind == "account" and address.value:
        return address.value
    raise Refused("only who wrote to the account can be written to")


def _occasion(reply: Reply) -> Mapping[str, str]:
    """Meta has people alone use the tag: what is automatic never has it."""
    if reply.late:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return {"messaging_type": "RESPONSE"}


def _quick_reply(choice: Choice) -> Mapping[str, str]:
    return {"content_type": "text", "title": choice.label[:LONGEST_TITLE], "payload": choice.id}
