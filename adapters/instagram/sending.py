"""What is posted to have something said: below a comment, where we were mentioned, or in a direct message.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentions
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from adapters import Refused, Reply
from adapters.graph import talking
from adapters.graph.ids import is_object
from adapters.instagram.comments import MENTION
from adapters.instagram.settings import InstagramSettings

CAPABILITIES = replace(talking.CAPABILITIES, text_limit=1000, alphabet="utf-8")


def sending(reply: Reply, settings: InstagramSettings) -> tuple[str, Mapping[str, Any], str]:
    """Where to, what, and what the answer calls the id of it. Raises `Refused`."""
    if not reply.public:
        return f"{settings.talks_at}/messages", talking.talking(reply), "message_id"
    message = {"message": reply.text.encode("utf-8", "replace").decode()}
    kind, _, ids = reply.conversation.partition(":")
    if kind == MENTION:
        media, _, comment = ids.partition(":")
        return f"{settings.account_id}/mentions", message | _mentioned(media, comment), "id"
    if not is_object(reply.conversation):
        raise Refused("nothing is known to comment on")
    return f"{reply.conversation}/replies", message, "id"


def _mentioned(media: str, comment: str) -> dict[str, str]:
    """Below a picture, or in the comment on one. Meta wants the picture's id, too."""
    if not is_object(media):
        raise Refused("nothing is known to comment on")
    return {"media_id": media, **({"comment_id": comment} if comment else {})}
