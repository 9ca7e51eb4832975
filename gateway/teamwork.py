"""What people who work on a case do for each other: notes, drafts, and who sees to it. No citizen is told of any."""

import secrets
import time
from collections.abc import Callable, Iterable

from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.store.contract import CaseChange, CaseRow, Conflict, HistoryRow, NoteRow, Settlement, Store

#: Characters of a note.
LONGEST = 4000
ASSIGNED = "assigned"
NOTE, ANSWER = "note", "answer"
#: What a machine does on the side: nobody who works on a case need look again for it.
_ASIDE = frozenset({"filed", "lost", "reminded", "passed_on"})


def changes(events: Iterable[str]) -> int:
    """How many of a history's events somebody who works on the case should know of."""
    return sum(event not in _ASIDE for event in events)


class Teamwork:
    """`root` finds the case that a code stands for now. All refuse with `OperationRefused`."""

    def __init__(self, store: Store, root: Callable[[str], CaseRow]) -> None:
        self._store = store
        self._root = root

    def verbs(self) -> dict[str, Verb]:
        """What pages may ask for, by name."""
        return {"note": self.note, "draft": self.draft, "assign": self.assign}

    async def note(self, code: str, text: str, actor: str) -> dict[str, object]:
        """Write something for colleagues; the draft of it goes."""
        words = text.strip()
        if not 0 < len(words) <= LONGEST:
            raise OperationRefused(f"a note has 1 to {LONGEST} characters; this one has {len(words)}")
        case, now = self._root(code), time.time()
        new = NoteRow(id=f"c-{secrets.token_hex(10)}", case=case.code, at=now, actor=actor, text=words)
        await self._store.settle(Settlement(notes=[new, draft_of(case.code, actor, NOTE, "", now)]))
        return {"code": case.code, "note": new.id}

    async def draft(self, code: str, of: str, text: str, actor: str) -> dict[str, object]:
        """Keep what somebody is writing, `of` a note or an answer; without words there is none any more."""
        if of not in {NOTE, ANSWER}:
            raise OperationRefused(f"a draft is of a {NOTE} or an {ANSWER}, and of no '{of}'")
        case = self._root(code)
        kept = draft_of(case.code, actor, of, text[:LONGEST], time.time())
        await self._store.settle(Settlement(notes=[kept]))
        return {"code": case.code}

    async def assign(self, code: str, to: str, actor: str) -> dict[str, object]:
        """Say which colleague sees to a case, by the name of the account; "" for nobody any more."""
        case = self._root(code)
        if to == (case.assignee or ""):
            raise OperationRefused(f"{case.code} is assigned so already", "assigned")
        detail = {"from": case.assignee or "", "to": to}
        settlement = Settlement(
            changes=[CaseChange(code=case.code, expected=case.status, assignee=to)],
            history=[HistoryRow(case=case.code, at=time.time(), event=ASSIGNED, actor=actor, detail=detail)],
        )
        try:
            await self._store.settle(settlement)
        except Conflict:
            raise OperationRefused("somebody else changed the case just now: look at it again", "changed") from None
        return {"code": case.code, "assignee": to}


def draft_of(code: str, actor: str, of: str, text: str, now: float) -> NoteRow:
    """One for each person, case and purpose."""
    return NoteRow(id=f"d-{code}-{of}-{actor}", case=code, at=now, actor=actor, text=text.strip() and text, draft=of)
