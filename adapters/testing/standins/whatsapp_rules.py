"""What Meta refuses of what is sent by WhatsApp.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from adapters.testing.standins.graph import GraphError

_NUMBER = re.compile(r"\+?[0-9]{5,20}")
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_LINED = re.compile(r"[\n\r\t]| {5,}")


class Approved(msgspec.Struct, frozen=True):
    """A template: `body` with variables in double braces."""

    body: str
    language: str = "id"

    @property
    def variables(self) -> list[str]:
        return re.findall(r"\{\{(\w+)\}\}", self.body)


def checked(told: Mapping[str, Any], templates: Mapping[str, Approved]) -> None:
    """Raises `GraphError`."""
    _demand(told.get("messaging_product") == "whatsapp", 100, "The parameter messaging_product is required.")
    group = told.get("recipient_type") == "group"
    to, recipient = told.get("to"), told.get("recipient")
    _demand(bool(to or recipient), 100, "The parameter to is required.")
    _demand(group or to is None or bool(_NUMBER.fullmatch(str(to))), 131009, "to is no phone number")
    _demand(recipient is None or bool(_USER_ID.fullmatch(str(recipient))), 131009, "recipient is no user id")
    _demand(len(str(told.get("biz_opaque_callback_data", ""))) <= 512, 100, "biz_opaque_callback_data is too long")
    context = told.get("context", {"message_id": "-"})
    _demand(isinstance(context, dict) and bool(context.get("message_id")), 131009, "context names no message")
    kind = told.get("type", "text")
    _demand(kind in _CHECKS, 131051, "Message type is currently not supported.")
    _CHECKS[kind](_object(told, kind), templates)


def _text(told: Mapping[str, Any], _: object) -> None:
    _between(told.get("body"), 4096, "text.body")


def _interactive(told: Mapping[str, Any], _: object) -> None:
    action, body = _object(told, "action"), _object(told, "body").get("text")
    if told.get("type") == "button":
        _between(body, 1024, "interactive.body.text")
        buttons = [_object(button, "reply") for button in _objects(action, "buttons")]
        _demand(1 <= len(buttons) <= 3, 131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
        _titled(buttons, 20, 256)
    elif told.get("type") == "list":
        _between(body, 4096, "interactive.body.text")
        _between(action.get("button"), 20, "interactive.action.button")
        sections = _objects(action, "sections")
        rows = [row for section in sections for row in _objects(section, "rows")]
        _demand(1 <= len(rows) <= 10, 131009, "Total row count exceed max allowed count: 10")
        _demand(len(sections) == 1 or all(one.get("title") for one in sections), 131009, "sections need titles")
        _titled(rows, 24, 200, alike=True)
    else:
        raise GraphError(131009, "interactive.type is not valid")


def _titled(options: Sequence[Mapping[str, Any]], longest: int, longest_id: int, alike: bool = False) -> None:
    for option in options:
        _between(option.get("title"), longest, "title")
        _between(option.get("id"), longest_id, "id")
    for name in ("id",) if alike else ("id", "title"):
        values = [option[name] for option in options]
        _demand(len(set(values)) == len(values), 131009, f"Duplicated {name}")


def _template(told: Mapping[str, Any], templates: Mapping[str, Approved]) -> None:
    known, language = templates.get(str(told.get("name"))), _object(told, "language").get("code")
    if known is None or known.language != language:
        raise GraphError(132001, "Template name does not exist in the translation", 404)
    given = parameters(told)
    _demand(len(given) == len(known.variables), 132000, "number of localizable_params does not match")
    for one, name in zip(given, known.variables, strict=True):
        _demand(name.isdecimal() or one.get("parameter_name") == name, 100, f"Parameter {name} is missing")
        _between(one.get("text"), 1024, "parameter")
        _demand(not _LINED.search(str(one["text"])), 100, "Param text cannot have new-line/tab characters")


def parameters(template: Mapping[str, Any]) -> list[dict[str, Any]]:
    bodies = [one for one in _objects(template, "components") if str(one.get("type")).lower() == "body"]
    return [one for body in bodies for one in _objects(body, "parameters")]


def _between(value: object, longest: int, name: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise GraphError(100, f"The parameter {name} is required.")
    _demand(len(value) <= longest, 131009, f"{name} must be at most {longest} characters")


def _demand(met: bool, code: int, details: str) -> None:
    if not met:
        raise GraphError(code, details)


def _object(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = told.get(name)
    if not isinstance(value, dict):
        raise GraphError(100, f"The parameter {name} is required.")
    return value


def _objects(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = told.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise GraphError(100, f"The parameter {name} must be an array.")
    return value


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Approved]], None]] = {
    "text": _text,
    "interactive": _interactive,
    "template": _template,
}
