"""A stand-in for WhatsApp's Cloud API: a number of ours, and people who write to it.

https://developers.facebook.com/documentation/business-messaging/whatsapp
"""

import asyncio
import email
import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from adapters.testing.standins.base import Call
from adapters.testing.standins.graph import Graph, GraphError
from adapters.testing.standins.whatsapp_rules import Approved, checked, parameters

DAY = 86_400.0
ACCOUNT = "102290129340398"
#: Who somebody at the terminal is.
TYPED = "628111000001"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has on their phone. `options` are ids and titles of buttons or of a list's rows; `opens` is the
    label that the list is behind; `reply` is what was sent as biz_opaque_callback_data."""

    id: str
    to: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    opens: str = ""
    quoting: str | None = None
    template: str | None = None
    reply: str = ""


class WhatsApp(Graph):
    """`number` is ours, `phone_number_id` Meta's id of it. People are numbers without "+"; `refused` are those that
    nothing reaches, with the code that is said then; `hidden` those whose number is not told, as with a username.
    `statuses` come of each message that is taken. A day after somebody wrote only `templates` reach them: anything else
    is refused at once, or, where it `fails_late`, taken and told to have failed."""

    object = "whatsapp_business_account"
    codes = Graph.codes | {429: 130429}

    def __init__(self, *, phone_number_id: str = "106540352242922", number: str = "6281112722060", **more: Any) -> None:
        super().__init__(**more)
        self.phone_number_id = phone_number_id
        self.number = number
        self.templates: dict[str, Approved] = {}
        self.refused: dict[str, int] = {}
        self.hidden: set[str] = set()
        self.statuses: tuple[str, ...] = ("sent", "delivered")
        self.fails_late = False
        self._shown: list[Shown] = []
        self._heard: dict[str, float] = {}

    def writes(self, who: str, text: str, *, quoting: str | None = None) -> str:
        """Returns the message's id, as all of these do."""
        return self.sends(who, "text", quoting=quoting, body=text)

    def writes_in_group(self, who: str, group: str, text: str) -> str:
        return self._write(who, {"type": "text", "text": {"body": text}, "group_id": group})

    def sends(self, who: str, kind: str, /, *, quoting: str | None = None, **content: Any) -> str:
        """`content` is what a message of this kind holds."""
        return self._write(who, {"type": kind, kind: content, **({"context": {"id": quoting}} if quoting else {})})

    def sends_file(self, who: str, kind: str, content: bytes, media_type: str, **more: Any) -> str:
        """An "image", "video", "audio", "document" or "sticker"."""
        media = self.keep(content, media_type, self.phone_number_id)
        return self.sends(who, kind, id=media, mime_type=media_type, sha256=self.files[media].base64, **more)

    def shows(self, photos: Sequence[bytes], caption: str) -> None:
        """By somebody at the terminal; the first has the caption."""
        for number, photo in enumerate(photos):
            words = {"caption": caption} if caption and not number else {}
            self.sends_file(TYPED, "image", photo, "image/jpeg", **words)

    def taps(self, label: str) -> None:
        asked = [one for one in self.shown(TYPED) if any(title == label for _, title in one.options)]
        self.presses(TYPED, asked[-1], label)

    def shares_location(self, who: str, latitude: float, longitude: float, **more: Any) -> str:
        return self.sends(who, "location", latitude=latitude, longitude=longitude, **more)

    def presses(self, who: str, shown: Shown, title: str) -> str:
        kind = "list_reply" if shown.opens else "button_reply"
        known = next(one for one, label in shown.options if label == title)
        return self.sends(who, "interactive", quoting=shown.id, **{"type": kind, kind: {"id": known, "title": title}})

    def edits(self, who: str, original: str, text: str) -> str:
        inner = {"type": "text", "text": {"body": text}, "context": {"id": "0"}}
        return self.sends(who, "edit", original_message_id=original, message=inner)

    def takes_back(self, who: str, original: str) -> str:
        return self.sends(who, "revoke", original_message_id=original)

    def officer_writes(self, to: str, text: str) -> str:
        """In the application on our number's phone."""
        echo = {"from": self.number, "to": to, "id": self._wamid(), "timestamp": self._time()}
        self._change({"message_echoes": [{**echo, "type": "text", "text": {"body": text}}]}, "smb_message_echoes")
        return str(echo["id"])

    def becomes(self, shown: Shown, state: str, code: int | None = None) -> None:
        """A status of what was sent; again, or long after, if need be."""
        errors = {"errors": [{"code": code, "title": "Failed", "message": f"to {shown.to}"}]} if code else {}
        told = {"id": shown.id, "status": state, "timestamp": self._time(), "recipient_id": shown.to}
        told |= {"biz_opaque_callback_data": shown.reply} if shown.reply else {}
        self._change({"contacts": [self._contact(shown.to)], "statuses": [told | errors]})

    def shown(self, who: str) -> list[Shown]:
        """What has reached somebody, oldest first."""
        return [one for one in list(self._shown) if one.to == who]

    @staticmethod
    def user_id(who: str) -> str:
        return f"ID.{int(hashlib.sha256(who.encode()).hexdigest()[:15], 16)}"

    def about(self) -> Sequence[str]:
        told = ("graph_url", "phone_number_id", "token", "app_secret", "verify_token")
        return [*(f"{name}: {getattr(self, name)}" for name in told), "Type the callback URL first, then any message."]

    def hears(self, line: str) -> None:
        """What somebody at the terminal writes; the address to bring it to is one as well."""
        if line.startswith(("http://", "https://")):
            print("taken" if asyncio.run(self.subscribe(line)) else "refused", flush=True)
        else:
            self.writes(TYPED, line)

    async def ask(self, call: Call, path: list[str]) -> Mapping[str, Any]:
        match call.method, path:
            case "POST", [self.phone_number_id, "messages"]:
                return self._sent(call.fields)
            case "POST", [self.phone_number_id, "media"]:
                return {"id": self._uploaded(call)}
            case "GET", [self.phone_number_id]:
                return {"id": self.phone_number_id, "display_phone_number": f"+{self.number}"}
            case "GET", [media]:
                return {"messaging_product": "whatsapp", **self.found(media, call.fields.get("phone_number_id"))}
        raise GraphError(100, f"Unsupported {call.method.lower()} request.", subcode=33)

    def _sent(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        checked(told, self.templates)
        who = self._who(told)
        failed = self.refused.get(who) or self._late(who, told)
        if failed and not self.fails_late:
            raise GraphError(failed, f"Message to {who} failed")
        shown = self._made(who, told)
        if failed:
            self.becomes(shown, "failed", failed)
        else:
            self._shown.append(shown)
            for state in self.statuses:
                self.becomes(shown, state)
        named = {"input": told["to"], "wa_id": who} if "to" in told else {"input": told["recipient"]}
        return {"messaging_product": "whatsapp", "contacts": [named], "messages": [{"id": shown.id}]}

    def _who(self, told: Mapping[str, Any]) -> str:
        """Somebody's number, also where they were named by their id."""
        if "to" in told:
            return str(told["to"]).removeprefix("+")
        known = {self.user_id(who): who for who in self._heard}
        if told["recipient"] not in known:
            raise GraphError(131026, "Message undeliverable")
        return known[told["recipient"]]

    def _late(self, who: str, told: Mapping[str, Any]) -> int | None:
        heard = self._heard.get(who)
        is_open = heard is not None and self.now() - heard < DAY
        return None if is_open or told.get("type") == "template" or told.get("recipient_type") == "group" else 131047

    def _made(self, who: str, told: Mapping[str, Any]) -> Shown:
        kind = told.get("type", "text")
        said = told[kind]
        return Shown(
            id=self._wamid(),
            to=who,
            text=_words(kind, said, self.templates),
            options=_options(said),
            opens=said["action"].get("button", "") if kind == "interactive" else "",
            quoting=told.get("context", {}).get("message_id"),
            template=said["name"] if kind == "template" else None,
            reply=str(told.get("biz_opaque_callback_data", "")),
        )

    def _uploaded(self, call: Call) -> str:
        head = f"Content-Type: {call.headers.get('Content-Type', '')}\r\n\r\n".encode()
        parts = email.message_from_bytes(head + call.body).get_payload()
        files = [part for part in parts if not isinstance(part, str) and part.get_filename()]
        if len(files) != 1:
            raise GraphError(100, "The parameter file is required.")
        content = files[0].get_payload(decode=True)
        return self.keep(bytes(content), files[0].get_content_type(), self.phone_number_id)

    def _write(self, who: str, told: dict[str, Any]) -> str:
        known = self._wamid()
        self._heard[who] = self.now()
        told = {"from_user_id": self.user_id(who), "id": known, "timestamp": self._time(), **told}
        told |= {} if who in self.hidden else {"from": who}
        self._change({"contacts": [self._contact(who)], "messages": [told]})
        return known

    def _contact(self, who: str) -> dict[str, Any]:
        known = {} if who in self.hidden else {"wa_id": who}
        return {"profile": {"name": f"Warga {who[-4:]}"}, "user_id": self.user_id(who), **known}

    def _change(self, told: dict[str, Any], field: str = "messages") -> None:
        number = {"display_phone_number": self.number, "phone_number_id": self.phone_number_id}
        value = {"messaging_product": "whatsapp", "metadata": number, **told}
        self.notify({"id": ACCOUNT, "changes": [{"value": value, "field": field}]})

    def _time(self) -> str:
        return str(int(self.now()))

    def _wamid(self) -> str:
        return f"wamid.{b64encode(f'{self.number}:{next(self._numbers)}'.encode()).decode()}"


def _words(kind: str, said: Mapping[str, Any], templates: Mapping[str, Approved]) -> str:
    if kind == "template":
        text = templates[said["name"]].body
        for name, one in zip(templates[said["name"]].variables, parameters(said), strict=True):
            text = text.replace(f"{{{{{name}}}}}", one["text"])
        return text
    return str(said["body"] if kind == "text" else said["body"]["text"])


def _options(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    action = said.get("action", {})
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    buttons = [button["reply"] for button in action.get("buttons", ())]
    return tuple((one["id"], one["title"]) for one in buttons or rows)
