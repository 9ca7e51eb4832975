"""What is posted to have something said.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages
    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages
    https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview

More than a day after somebody wrote, only a text that Meta has approved may be sent; our words are put into it.
"""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from adapters import Address, Capabilities, Choice, Refused, Reply
from adapters.whatsapp.settings import Template, WhatsAppSettings

DAY = 86_400.0
MOST_BUTTONS = 3
#: Below what is longer stands a list, whose button opens it.
LONGEST_ABOVE_BUTTONS = 1024
#: Of a template with the words in it; those around them are at least a few.
LONGEST_IN_TEMPLATE = 1000
_BLANKS = re.compile(r"\s+")
_WAMID = "wamid."


#: Without a text that Meta has approved.
CAPABILITIES = Capabilities(text_limit=4096, choices=MOST_BUTTONS, list_rows=10, label_limit=20, window_seconds=DAY)


def sending(reply: Reply, settings: WhatsAppSettings, list_button: str) -> dict[str, Any]:
    """`list_button` is the label that a list of choices is opened by. Raises `Refused`."""
    reply = structs.replace(reply, text=reply.text.encode("utf-8", "replace").decode())
    told: dict[str, Any] = {"messaging_product": "whatsapp", **_to(reply), "biz_opaque_callback_data": reply.id}
    if reply.in_reply_to and reply.in_reply_to.startswith(_WAMID):
        told["context"] = {"message_id": reply.in_reply_to}
    if reply.template is not None:
        return told | _approved(reply, settings.template(reply.template))
    return told | (_with_choices(reply, list_button) if reply.choices else _plain(reply))


def _to(reply: Reply) -> Mapping[str, str]:
    """To the id that somebody keeps whether they show their number or not. What everybody in a group reads goes to the
    group."""
    if reply.public and reply.conversation:
        return {"recipient_type": "group", "to": reply.conversation}
    return {"recipient_type": "individual", **_person(reply.to)}


def _person(address: Address) -> Mapping[str, str]:
    if address.kind == "phone" and address.value.startswith("+"):
        return {"to": address.value.removeprefix("+")}
    if address.kind == "account":
        return {"recipient": address.value}
    raise Refused("WhatsApp can only be sent to a number in full, or to who wrote by it")


def _plain(reply: Reply) -> dict[str, Any]:
    return {"type": "text", "text": {"body": reply.text, "preview_url": False}}


def _with_choices(reply: Reply, list_button: str) -> dict[str, Any]:
    fits = len(reply.choices) <= MOST_BUTTONS and len(reply.text) <= LONGEST_ABOVE_BUTTONS
    kind, action = ("button", _buttons(reply)) if fits else ("list", _list(reply, list_button))
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": reply.text}, "action": action}}


def _buttons(reply: Reply) -> Mapping[str, Any]:
    return {"buttons": [{"type": "reply", "reply": _titled(choice)} for choice in reply.choices]}


def _list(reply: Reply, button: str) -> Mapping[str, Any]:
    return {"button": button, "sections": [{"rows": [_titled(choice) for choice in reply.choices]}]}


def _titled(choice: Choice) -> Mapping[str, str]:
    return {"id": choice.id, "title": choice.label}


def _approved(reply: Reply, template: Template | None) -> dict[str, Any]:
    if template is None:
        raise Refused("the recipient wrote too long ago, and there is no template for this")
    made: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if template.variable:
        made["components"] = [{"type": "body", "parameters": [_variable(reply.text, template.variable)]}]
    return {"type": "template", "template": made}


def _variable(text: str, name: str) -> Mapping[str, str]:
    """Without line ends, which Meta refuses in a variable."""
    words = _BLANKS.sub(" ", text).strip()
    if len(words) > LONGEST_IN_TEMPLATE:
        raise Refused("the recipient wrote too long ago, and the words are too long for a template")
    named = {} if name.isdecimal() else {"parameter_name": name}
    return {"type": "text", **named, "text": words}
