"""Goes on here with a report that was made elsewhere."""

import msgspec
from msgspec.structs import replace

from gateway.bot.opening import REPORT
from gateway.bot.state import Memory, State
from gateway.citizen_cases import Citizen
from gateway.naming import talk_id
from gateway.store.contract import Also, ReportRow, Settlement, Store, TalkMode, TalkRow

_memory = msgspec.msgpack.Decoder(Memory)


def adopt(
    store: Store, key: bytes, citizen: Citizen, row: ReportRow, now: float, settlement: Settlement
) -> State | None:
    """The citizen can be reached here about this report, too. What was being asked about it elsewhere is asked there no
    more: it is returned."""
    contact = citizen.contact
    settlement.contacts.append(contact)
    if row.report.reporter != contact.id:
        settlement.also.append(Also(row.report.id, contact.id))
    talk = _elsewhere(store, key, citizen, row)
    memory = _memory.decode(talk.memory) if talk else None
    if talk is None or memory is None or not _is_about(memory.state, row):
        return None
    settlement.talks.append(_ended(talk, memory, now))
    return memory.state


def _is_about(state: State | None, row: ReportRow) -> bool:
    """Is nothing but the report talked about? Other dialogues tell of all that its reporter reported."""
    return state is not None and state.dialogue == REPORT and state.talk.report == row.report.id


def _elsewhere(store: Store, key: bytes, citizen: Citizen, row: ReportRow) -> TalkRow | None:
    """The open talk about the report, if that is another one than this."""
    report = row.report
    there = talk_id(key, report.channel, report.reporter, report.conversation)
    here = talk_id(key, citizen.channel, citizen.contact.id, citizen.conversation)
    talk = store.talk(there) if there != here else None
    if talk is None or talk.mode is not TalkMode.OPEN or talk.report != report.id or not talk.memory:
        return None
    return talk


def _ended(talk: TalkRow, memory: Memory, now: float) -> TalkRow:
    return replace(
        talk,
        mode=TalkMode.ENDED,
        since=now,
        dialogue=None,
        asked=None,
        memory=msgspec.msgpack.encode(replace(memory, state=None, last=None)),
        version=talk.version + 1,
    )
