"""What is posted to have something said: below a comment or post, or in Messenger.

https://developers.facebook.com/docs/graph-api/reference/object/comments
"""

from collections.abc import Mapping
from typing import Any

from adapters import Capabilities, Refused, Reply
from adapters.graph.ids import is_object
from adapters.graph.talking import DAY, LONGEST_TITLE, MOST_QUICK_REPLIES, WEEK, talking

CAPABILITIES = Capabilities(
    text_limit=2000,
    choices=MOST_QUICK_REPLIES,
    label_limit=LONGEST_TITLE,
    window_seconds=DAY,
    by_hand_seconds=WEEK,
    private_seconds=WEEK,
)


def sending(reply: Reply, page: str) -> tuple[str, Mapping[str, Any], str]:
    """Where to, what, and what the answer calls the id of it. Raises `Refused`."""
    if not reply.public:
        return f"{page}/messages", talking(reply), "message_id"
    place = reply.conversation
    if not is_object(place):
        raise Refused("nothing is known to comment on")
    return f"{place}/comments", {"message": reply.text.encode("utf-8", "replace").decode()}, "id"
