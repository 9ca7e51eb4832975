"""News that could be told to somebody in no way: a person goes on with the talk.

Who is not answered writes again; who is not told never learns of it.
"""

import msgspec
from msgspec.structs import replace

from gateway.bot.state import Memory
from gateway.budget import CAPPED
from gateway.filing import RECEIVED
from gateway.naming import talk_id
from gateway.replies import SHUT
from gateway.store.contract import ReplyRow, ReplyState, Store, TalkMode, TalkRow

#: Why a person is to go on with a talk begins so.
UNSENT = "unsent:"


def needs_a_person(reply: ReplyRow, first: ReplyRow | None = None) -> bool:
    """Has it failed and is news, or was too late or too dear to be an answer, or was refused in public and in private?
    `first` is what it was said instead of, if it was."""
    is_answer = reply.talk is not None or reply.about == RECEIVED
    was_public = reply.public or (first is not None and first.public)
    return reply.state is ReplyState.FAILED and (not is_answer or was_public or reply.error in {SHUT, CAPPED})


def handed_over(store: Store, key: bytes, reply: ReplyRow, now: float) -> TalkRow | None:
    """The talk that the reply was to be said in, as a person goes on with it; None if one does already."""
    identity = talk_id(key, reply.channel, reply.contact, reply.conversation)
    talk = store.talk(identity)
    why = " ".join((UNSENT, reply.about, reply.case or "")).strip()
    if talk is None:
        heard_at = store.last_heard(reply.channel, reply.contact, reply.conversation)
        return _new(identity, reply, why, heard_at or 0.0, now)
    if talk.mode is TalkMode.PERSON:
        return None
    return replace(talk, mode=TalkMode.PERSON, since=now, why=why, version=talk.version + 1)


def _new(identity: str, reply: ReplyRow, why: str, heard_at: float, now: float) -> TalkRow:
    return TalkRow(
        id=identity,
        channel=reply.channel,
        contact=reply.contact,
        mode=TalkMode.PERSON,
        since=now,
        heard_at=heard_at,
        memory=msgspec.msgpack.encode(Memory(conversation=reply.conversation)),
        case=reply.case,
        report=reply.report,
        why=why,
    )
