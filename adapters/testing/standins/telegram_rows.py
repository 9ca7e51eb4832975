"""Objects of Telegram's Bot API, as JSON has them."""

import re
from typing import Any

Row = dict[str, Any]


def person(who: int) -> Row:
    return {"id": who, "is_bot": False, "first_name": "Warga", "last_name": str(who), "language_code": "id"}


def chat_of(chat: int) -> Row:
    if chat < 0:
        return {"id": chat, "type": "supergroup" if chat <= -(10**12) else "group", "title": "Warga RT 3"}
    return {"id": chat, "type": "private", "first_name": "Warga", "last_name": str(chat)}


def entities(text: str) -> Row:
    """Commands and mentions, where they stand in UTF-16 units."""
    found = [
        {
            "type": "mention" if match[0].startswith("@") else "bot_command",
            "offset": len(text[: match.start()].encode("utf-16-le")) // 2,
            "length": len(match[0]),
        }
        for match in re.finditer(r"(?<!\w)(?:@\w{3,}|/\w+(?:@\w+)?)", text)
    ]
    return {"entities": found} if found else {}
