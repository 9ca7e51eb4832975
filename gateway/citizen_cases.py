"""What may be told of cases to the citizen who talks with us: to whoever has the code the status; to who reported it
over this address, or has the PIN, more."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import ceil

from gateway import cases, excerpts
from gateway.bot.steps import Case
from gateway.cases import Status
from gateway.clock import DAY
from gateway.filing import Rules
from gateway.store.contract import CaseRow, Contact, HistoryRow, ReportRow, Store
from normalizer.message import Discreet

#: So many reports of theirs are looked at.
MOST_REPORTS = 100
MOST_LINES = 6
NO_PIN = "0" * 64


class Citizen(Discreet, frozen=True, kw_only=True):
    """Who talks with us, and where. `report` is the one of theirs that the talk is about; where it is `public`,
    everybody reads along, and nobody's own cases are told of. `dialogue` is the one that wishes for something."""

    contact: Contact
    channel: str
    conversation: str = ""
    language: str = "id"
    report: str = ""
    public: bool = False
    dialogue: str = ""

    shown = ("channel",)


class CitizenCases:
    def __init__(self, store: Store, rules: Rules, citizen: Citizen, now: float) -> None:
        self._store = store
        self._rules = rules
        self._citizen = citizen
        self._now = now

    def named(self, code: str) -> str:
        """The code in these words, or the number."""
        found = cases.codes_in(code, self._rules.code_prefix)
        return found[0] if found else code.strip().upper()[:40]

    def root(self, code: str) -> CaseRow | None:
        """The case that stands for this code, or for this number if that is of one only."""
        roots = {one.code: one for one in map(self._root, meant(self._store, self.named(code)))}
        return next(iter(roots.values())) if len(roots) == 1 else None

    def _root(self, case: CaseRow) -> CaseRow:
        return root_of(self._store, case)

    def own(self, root: CaseRow) -> ReportRow | None:
        """Their report in this case, the newest."""
        return next((row for case, row in self._reported() if case.code == root.code), None)

    def _reported(self) -> Iterator[tuple[CaseRow, ReportRow]]:
        """Their reports, each with the case that stands for its own now."""
        found = [] if self._citizen.public else self._store.cases_of(self._citizen.contact.id, MOST_REPORTS)
        return ((self._root(case), row) for case, row in found)

    def all_own(self, most: int) -> list[Case]:
        """Those that are open first, then the newest."""
        known: dict[str, Case] = {}
        for root, row in self._reported():
            if root.code not in known and len(known) < most:
                known[root.code] = self.shown(row.case, root, row)
        return list(known.values())

    def shown(self, code: str, root: CaseRow, row: ReportRow | None) -> Case:
        """`row` is their report in it, if they may know that."""
        status, is_open = cases.citizens_word(root.status), cases.is_open(root)
        word = self._text(status)
        if row is None:
            return Case(code=code, status=status, is_open=is_open, word=word)
        clear = row.masked or row.report
        history = self._store.history(root.code)
        until = self._date(root.estimate_at) if is_open and root.estimate_at else ""
        return Case(
            code=code,
            status=status,
            is_open=is_open,
            word=word,
            what=excerpts.excerpt(excerpts.what(clear), 40),
            where=excerpts.where(clear, root.area),
            days=max(0, ceil(round((root.due_at - self._now) / DAY, 3))) if is_open else None,
            own=True,
            until=until,
            why=_why(root, history) if until or not is_open else "",
            unit=self._rules.routing.name(root.unit or ""),
            history=tuple(self._lines(root, history))[-MOST_LINES:],
            report=row.report.id,
            people=len(self._people(root)),
        )

    def _people(self, root: CaseRow) -> set[str]:
        family = [root, *self._store.joined_into(root.code)]
        return {row.report.reporter for case in family for row, _ in self._store.reporters(case.code)}

    def _lines(self, root: CaseRow, history: Sequence[HistoryRow]) -> Iterator[str]:
        yield self._line(root.opened_at, Status.MENUNGGU, "")
        for one in history:
            if one.event == "moved" and (to := one.detail.get("to")):
                yield self._line(one.at, to, self._rules.routing.name(one.detail.get("unit", "")))

    def _line(self, at: float, status: str, unit: str) -> str:
        said = f"{self._date(at)} {self._text(cases.citizens_word(status))}"
        return f"{said}, {unit}" if unit else said

    def _text(self, name: str) -> str:
        return self._rules.text(name, self._citizen.language)

    def _date(self, at: float) -> str:
        return datetime.fromtimestamp(at, self._rules.clock.zone).strftime("%d/%m/%Y")


def _why(root: CaseRow, history: Sequence[HistoryRow]) -> str:
    """The reason of the estimate; of what is closed the last note."""
    if cases.is_open(root):
        return (root.estimate_reason or "").rstrip(". ")
    notes = [one.detail.get("note", "") for one in history if one.event == "moved"]
    return notes[-1].rstrip(". ") if notes else ""


def meant(store: Store, code: str) -> list[CaseRow]:
    """The case of this code, else those of this number."""
    case = store.case(code)
    return [case] if case else store.numbered(code)


def root_of(store: Store, case: CaseRow) -> CaseRow:
    """The case that stands for this one now."""
    while case.joined_into and (into := store.case(case.joined_into)):
        case = into
    return case


def opened_by(pin: str, reports: Iterable[ReportRow], key: bytes) -> ReportRow | None:
    """The report that this PIN opens; every one is tried, so that the time tells nothing."""
    opened = None
    for row in reports:
        given = cases.pin_hash(key, row.report.id, pin)
        if hmac.compare_digest(given, row.pin_hash or NO_PIN):
            opened = row
    return opened
