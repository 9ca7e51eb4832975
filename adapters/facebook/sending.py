"""What is posted to have something said: below a comment or post, or in Messenger.

https://developers.facebook.com/docs/graph-api/reference/object/comments
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from adapters import Refused, Reply
from adapters.graph import talking
from adapters.graph.ids import is_object

CAPABILITIES = replace(talking.CAPABILITIES, text_limit=2000)


def sending(reply: Reply, page: str) -> tuple[str, Mapping[str, Any], str]:
    """Where to, what, and what the answer calls the id of it. Raises `Refused`."""
    if not reply.public:
        return f"{page}/messages", talking.talking(reply), "message_id"
    place = reply.conversation
    if not is_object(place):
        raise Refused("nothing is known to comment on")
    return f"{place}/comments", {"message": reply.text.encode("utf-8", "replace").decode()}, "id"
