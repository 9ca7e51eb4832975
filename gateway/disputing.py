"""A citizen says that what is called done is not: the case is opened again. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from gateway import cases, moving
from gateway.amending import CITIZEN
from gateway.cases import Status
from gateway.filing import Rules
from gateway.moving import Wanted
from gateway.store.contract import CaseRow, HistoryRow, Settlement
from gateway.telling import Reporter, Telling
from normalizer.persons.masking import mask

#: A case is opened again by citizens so often; then a person has to look at it.
MOST = 3


def may(root: CaseRow, history: Sequence[HistoryRow]) -> bool:
    """Is it called done, and was that not disputed too often?"""
    disputes = sum(one.event == "moved" and one.actor == CITIZEN for one in history)
    return _reopened(root) is not None and disputes < MOST


def settlement(
    root: CaseRow,
    family: Sequence[CaseRow],
    reporters: Sequence[Reporter],
    report: str,
    reason: str,
    *,
    now: float,
    rules: Rules,
    telling: Telling,
) -> Settlement:
    """What opens a case again that `may` be, as who made this report says; the other `reporters` are told."""
    status = _reopened(root)
    assert status is not None
    who = next((contact.id for row, contact in reporters if contact and row.report.id == report), None)
    others = [one for one in reporters if one[1] is None or one[1].id != who]
    made = moving.settlement(
        root,
        family,
        others,
        Wanted(status=status),
        actor=CITIZEN,
        now=now,
        rules=rules,
        telling=telling,
    )
    detail = {"report": report, "disputed": mask(reason, rules.book.areas)}
    made.history = [_disputed(one, detail) for one in made.history]
    return made


def _disputed(moved: HistoryRow, detail: dict[str, str]) -> HistoryRow:
    """The citizen's words are told to no other; what stands in clear is masked."""
    return replace(moved, detail=moved.detail | {name: value for name, value in detail.items() if value})


def _reopened(root: CaseRow) -> Status | None:
    """Where a case goes that a citizen says is not done; None if nobody says that it is."""
    if cases.is_open(root):
        return Status.PROSES if root.status == Status.SELESAI_DIUSULKAN else None
    return Status.MENUNGGU
