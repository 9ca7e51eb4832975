"""How a case went, as citizens may know it. Pure."""

from collections.abc import Iterator, Sequence

from gateway import cases
from gateway.amending import CITIZEN
from gateway.cases import Status
from gateway.filing import Rules
from gateway.store.contract import CaseRow, HistoryRow
from normalizer.message import Discreet

#: The five words of status on their way; a report that is refused ends otherwise.
WAY = ("status_received", "status_forwarded", "status_working", "status_checking", "status_done")


class Event(Discreet, frozen=True, kw_only=True):
    """A change of status: `word` is the name of the citizens' word for it; `unit` and `note`, which is masked, are for
    who has the PIN. `disputed`: somebody who reported it said that it is not done."""

    at: float
    word: str
    unit: str = ""
    note: str = ""
    disputed: bool = False

    shown = ("word",)


def story(rules: Rules, root: CaseRow, history: Sequence[HistoryRow]) -> list[Event]:
    """Oldest first; what changes nothing in the citizens' words and says nothing more is left out."""
    events = [Event(at=root.opened_at, word=cases.citizens_word(Status.MENUNGGU))]
    for event in _moves(rules, history):
        if event.word != events[-1].word or event.unit or event.note or event.disputed:
            events.append(event)
    return events


def openly(events: Sequence[Event]) -> list[Event]:
    """What the code alone tells."""
    told: list[Event] = []
    for event in events:
        if not told or event.word != told[-1].word:
            told.append(Event(at=event.at, word=event.word))
    return told


def _moves(rules: Rules, history: Sequence[HistoryRow]) -> Iterator[Event]:
    for one in history:
        if one.event == "moved" and one.detail.get("to") in set(Status):
            yield Event(
                at=one.at,
                word=cases.citizens_word(one.detail["to"]),
                unit=rules.routing.name(one.detail.get("unit", "")),
                note=one.detail.get("note", ""),
                disputed=one.actor == CITIZEN,
            )
