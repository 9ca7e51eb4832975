"""What is said in a talk, as replies. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from adapters import Capabilities
from gateway.bot.engine import Said
from gateway.bot.render import render
from gateway.conversation import Conversation
from gateway.store.contract import ReplyRow, ReplyState

#: What a person says in a talk is about this; what a dialogue says, about the dialogue.
PERSON = "person"
BOT = "bot"


def replies(
    talk: Conversation,
    says: Sequence[Said],
    capabilities: Capabilities,
    state: ReplyState,
    now: float,
    about: str = BOT,
) -> list[ReplyRow]:
    """What is said, as the next version of the talk says it."""
    row = ReplyRow(
        id=f"b-{talk.row.id.removeprefix('t-')}-{talk.row.version + 1}",
        channel=talk.row.channel,
        contact=talk.row.contact,
        case=talk.case,
        about=about,
        text="",
        state=state,
        created_at=now,
        due_at=now,
        conversation=talk.memory.conversation,
        subject=talk.thread.subject,
        in_reply_to=talk.thread.in_reply_to,
        references=talk.thread.references,
        report=talk.report,
        talk=talk.row.id,
    )
    return _in_messages(row, says, capabilities, talk.memory.serial)


def gone_on(answer: ReplyRow, talk: Conversation, capabilities: Capabilities) -> list[ReplyRow]:
    """An answer, and what the talk says after it: only the first message is the answer itself."""
    first, *others = _in_messages(answer, [Said(answer.text), *talk.says], capabilities, talk.memory.serial)
    return [first, *(replace(one, talk=talk.row.id) for one in others)]


def _in_messages(row: ReplyRow, says: Sequence[Said], capabilities: Capabilities, serial: int) -> list[ReplyRow]:
    return [
        replace(row, id=row.id if number == 1 else f"{row.id}.{number}", text=one.text, choices=one.choices)
        for number, one in enumerate(render(says, capabilities, serial), 1)
    ]
