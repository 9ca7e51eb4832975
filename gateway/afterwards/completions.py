"""The words of a message that its provider left out: its report says them now, as if it had from the start, and who
said them is answered."""

from collections.abc import Callable

from msgspec.structs import replace

from adapters import LACKS, Message
from dedupe.verdict import Kind
from gateway import amending, filing
from gateway.afterwards.ground import Ground
from gateway.fetching.wanted import lacks, words_id
from gateway.filing import Acknowledged
from gateway.store.contract import CaseRow, Claimed, Contact, MessageRow, ReplyState, ReportRow
from gateway.store.rows import WORDS

#: In a case's history.
EVENT = "completed"


def completed(
    ground: Ground,
    claimed: Claimed,
    message: Message,
    contact: Contact | None,
    language: str,
    may_answer: Callable[[str], bool],
) -> bool:
    """Is it what was asked for? What nobody waits for any more, since its report was erased meanwhile, is destroyed."""
    if claimed.delivery.content_type != WORDS:
        return False
    known = ground.store.known_message(message.channel, message.replaces or "")
    found = ground.store.reporter(known.report) if known and known.report else None
    case = ground.store.case_of(known.report) if known and known.report else None
    if found is None or case is None or not lacks(found[0].report):
        ground.settlement.forgotten.append(claimed.seq)
        return True
    author = contact.id if contact else None
    own = MessageRow(message.channel, message.id, claimed.seq, found[0].report.id, author, message.replaces)
    ground.settlement.messages.append(own)
    _complete(ground, case, found, message, contact, language, may_answer)
    return True


def brought(
    ground: Ground,
    report: str,
    message: Message,
    contact: Contact | None,
    language: str,
    may_answer: Callable[[str], bool],
) -> None:
    """Another channel brought the message with its words: a report that still lacks them has them now."""
    found, case = ground.store.reporter(report), ground.store.case_of(report)
    if found and case and lacks(found[0].report) and LACKS not in message.fields:
        _complete(ground, case, found, message, contact, language, may_answer)


def _complete(
    ground: Ground,
    case: CaseRow,
    found: tuple[ReportRow, Contact | None],
    message: Message,
    contact: Contact | None,
    language: str,
    may_answer: Callable[[str], bool],
) -> None:
    row, before = found
    ground.settlement.fetched.append(words_id(ground.rules.key, row.report))
    new = _amended(ground, case, row, before or contact, message)
    if contact:
        ground.settlement.contacts.append(contact)
    if contact and before is None and may_answer(contact.id):
        _acknowledge(ground, case, new, contact, message, language)


def _amended(ground: Ground, case: CaseRow, row: ReportRow, author: Contact | None, message: Message) -> ReportRow:
    """As it is from now on; `author` is who is known to have said it."""
    told = {name: value for name, value in row.report.fields.items() if name != LACKS} | message.fields
    bare = replace(row, report=replace(row.report, fields=told, reporter=author.id if author else ""))
    reporters = [
        (bare, author) if one[0].report.id == bare.report.id else one for one in ground.store.reporters(case.code)
    ]
    addition = replace(amending.followed(message), is_instead=True)
    now, settlement = ground.now, ground.settlement
    return amending.add(ground.rules, case, reporters, bare.report.id, addition, now, settlement, EVENT)


def _acknowledge(
    ground: Ground, case: CaseRow, row: ReportRow, contact: Contact, message: Message, language: str
) -> None:
    """Nobody was, as long as nobody was known to have said it."""
    said = Acknowledged(
        report=row.report,
        case=case,
        contact=contact.id,
        conversation=row.report.conversation,
        verdict=Kind.NEW,
        language=row.report.language or language,
        now=ground.now,
        state=ReplyState.DUE,
        is_public=filing.is_public(row.report),
        in_reply_to=message.replaces or message.id,
    )
    if said.is_public and not filing.is_unanswered(row.report):
        ground.settlement.replies.append(filing.answered(ground.rules, said, None))
