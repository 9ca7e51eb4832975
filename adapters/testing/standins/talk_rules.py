"""What Meta refuses of what is said on Messenger and in Instagram's direct messages.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages
"""

from collections.abc import Mapping
from typing import Any

from adapters.testing.standins.graph import GraphError


def checked(told: Mapping[str, Any]) -> None:
    """Raises `GraphError`."""
    recipient, message = _object(told, "recipient"), _object(told, "message")
    _demand(len(recipient) == 1 and bool({"id", "comment_id"} & {*recipient}))
    _demand(told.get("messaging_type") in {"RESPONSE", "MESSAGE_TAG"})
    _demand((told["messaging_type"] == "MESSAGE_TAG") == (told.get("tag") == "HUMAN_AGENT"))
    _demand(isinstance(message.get("text"), str) and bool(message["text"].strip()))
    _quick(message.get("quick_replies", []))


def _object(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = told.get(name)
    if not isinstance(value, dict):
        raise GraphError(100, f"The parameter {name} is required.")
    return value


def _quick(replies: Any) -> None:
    _demand(isinstance(replies, list) and len(replies) <= 13)
    for one in replies:
        _demand(one.get("content_type") == "text")
        _demand(0 < len(one.get("title", "")) <= 20 and 0 < len(one.get("payload", "")) <= 1000)


def _demand(met: bool) -> None:
    if not met:
        raise GraphError(100, "Invalid parameter")
