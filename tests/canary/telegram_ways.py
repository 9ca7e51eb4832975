"""What Telegram may bring, with canaries wherever there is room for one. A citizen's id there is their phone number."""

import json
from collections.abc import Mapping
from typing import Any

from tests.canary.canaries import Citizen
from tests.canary.ways_in import request
from tests.end_to_end.telegram_bot import SECRET_TOKEN

DOOR = "/in/telegram"
GROUP = -1_001_987_654_321
PROOF = f"X-Telegram-Bot-Api-Secret-Token: {SECRET_TOKEN}"
JSON = "Content-Type: application/json"


def updates(who: Citizen) -> Mapping[str, bytes]:
    """All but the last few are taken. The id of a pressed button is told back, and is no canary."""
    person = {"id": int(who.phone), "is_bot": False, "first_name": who.name, "username": who.token}
    chat = {**person, "type": "private"}
    file = {"file_id": who.token, "file_unique_id": who.token, "file_name": f"{who.name}.pdf", "file_size": 9}

    def said(kind: str = "message", **content: Any) -> bytes:
        told = {"message_id": 1, "from": person, "chat": chat, "date": 1_795_361_929, **content}
        return _posted(json.dumps({"update_id": who.number, kind: told}))

    pressed = {"id": "4382", "from": person, "message": {"message_id": 2, "chat": chat, "date": 0}, "data": who.mail}
    unproven = request(DOOR, JSON, f"X-Telegram-Bot-Api-Secret-Token: {who.token}", method="POST", body=b"{}")
    return {
        "message": said(text=who.words),
        "message for the city in a group": said(
            text=f"@kanal_bot {who.words}", chat={"id": GROUP, "type": "supergroup", "title": who.name}
        ),
        "document": said(document=file, caption=who.words),
        "own number": said(contact={"phone_number": who.phone, "first_name": who.name, "user_id": int(who.phone)}),
        "number of another": said(contact={"phone_number": who.phone, "first_name": who.name}),
        "place": said(venue={"title": "Pasar", "address": who.words}, location={"latitude": 1, "longitude": 2}),
        "edit": said("edited_message", edit_date=1_795_361_930, text=who.words),
        "button": _posted(json.dumps({"update_id": who.number, "callback_query": pressed})),
        "blocked": said("my_chat_member", new_chat_member={"status": "kicked", "user": {"id": 1}}),
        "message that cannot be read": said(text=[who.words]),
        "update that cannot be read": _posted(f'{{"update_id": "{who.phone}", "{who.mail}": '),
        "update without a good secret": unproven,
        "update at another path": request(f"{DOOR}/{who.token}", JSON, PROOF, method="POST", body=b"{}"),
    }


def _posted(body: str) -> bytes:
    return request(DOOR, JSON, PROOF, method="POST", body=body.encode())
