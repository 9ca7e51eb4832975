"""What Graph tells of what was said before, in lists.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any


def conversations(said: Sequence[Mapping[str, Any]], account: str) -> list[dict[str, Any]]:
    """All talks of an account, each with all that was said, the newest first."""
    people: dict[str, list[dict[str, Any]]] = {}
    for one in said:
        who, to = str(one["from"]), str(one.get("to", account))
        people.setdefault(to if who == account else who, []).insert(0, _told(one, who, to))
    return [
        {"id": f"t_{who}", "updated_time": talk[0]["created_time"], "messages": {"data": talk}}
        for who, talk in people.items()
    ]


def written(at: float) -> str:
    """As Graph writes times."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _told(one: Mapping[str, Any], who: str, to: str) -> dict[str, Any]:
    ends = {"from": {"id": who}, "to": {"data": [{"id": to}]}}
    return {"id": one["id"], "message": one.get("text", ""), "created_time": written(one["at"]), **ends}
