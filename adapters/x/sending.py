"""What is said, in public or by direct message.

https://docs.x.com/x-api/posts/create-post
https://docs.x.com/x-api/direct-messages/create-dm-message-by-participant-id
"""

import re
from typing import TYPE_CHECKING

from adapters import Capabilities, Receipt, Refused, Reply
from adapters.x.messages import PREFIX
from adapters.x.posts import KIND

if TYPE_CHECKING:
    from adapters.x.line import Line

CAPABILITIES = Capabilities(
    text_limit=10_000, links=False, openly=Capabilities(text_limit=280, alphabet="x", links=False)
)
_LINK = re.compile(r"https?://|\b[\w-]+\.(?:go\.id|co\.id|id|com|org|net)\b", re.IGNORECASE)


async def sent(line: "Line", reply: Reply) -> Receipt:
    """Raises a `ChannelError`."""
    if reply.to.kind != KIND or not reply.to.value.isdecimal():
        raise Refused("X only reaches accounts of its own")
    if not reply.public:
        return Receipt(PREFIX + await line.message(reply.text, reply.to.value), spent={"dm": 1})
    if not (reply.in_reply_to or "").isdecimal():
        raise Refused("there is no post of theirs to answer to")
    kind = "post_with_link" if _LINK.search(reply.text) else "post"
    return Receipt(await line.post(reply.text, reply.in_reply_to or ""), spent={kind: 1})
