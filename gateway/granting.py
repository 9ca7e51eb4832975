"""Grants what dialogues wish for: finds out by the store, and adds what follows to a settlement. It writes nothing.

What is unknown and what is wrong are told in the same way, and wrong PINs are limited as on the web.
"""

import time
from hashlib import sha256
from typing import Any

import msgspec

from adapters import Address
from gateway import adopting, disputing, families, uniting
from gateway.amending import CITIZEN
from gateway.bot.state import State
from gateway.bot.steps import (
    Adopt,
    Case,
    Dispute,
    FindCase,
    Join,
    Keep,
    Language,
    MayTry,
    MyCases,
    News,
    Part,
    Rate,
    Remember,
    Wish,
)
from gateway.citizen_cases import Citizen, CitizenCases, meant, opened_by, root_of
from gateway.contacts import contact_of
from gateway.filing import Rules
from gateway.lookup import Attempts
from gateway.store.contract import Also, AnswersRow, CaseRow, HistoryRow, Link, ReportRow, Settlement, Store
from gateway.telling import Telling
from normalizer.persons.masking import mask

MOST_CASES = 5
RATED = "rated"


class Granting:
    """For one turn of one citizen's talk. `settlement` is filled; `language` is what they chose, if they did, and
    `adopted` the dialogue that was under way elsewhere and goes on here."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        telling: Telling,
        attempts: Attempts,
        citizen: Citizen,
        now: float,
        settlement: Settlement,
    ) -> None:
        self._store = store
        self._rules = rules
        self._telling = telling
        self._attempts = attempts
        self._citizen = citizen
        self._now = now
        self._cases = CitizenCases(store, rules, citizen, now)
        self.settlement = settlement
        self.language: str | None = None
        self.adopted: State | None = None

    def grant(self, wish: Wish) -> Any:
        match wish:
            case FindCase():
                return self._find(wish)
            case MayTry():
                return self._may_guess(self._guarded(self._cases.named(wish.code)))
            case MyCases():
                return self._cases.all_own(MOST_CASES)
            case Dispute():
                return self._dispute(wish)
            case Rate():
                return self._rate(wish)
            case Part():
                return self._part()
            case Join():
                return self._join(wish)
            case Remember():
                return self._remember(wish)
            case Adopt():
                return self._adopt(wish)
            case News():
                return self._news(wish)
            case Keep():
                self._keep(wish)
            case Language():
                self.language = wish.code
        return None  # a HandOver's caller sees to it

    def _find(self, wish: FindCase) -> Case | None:
        code = self._cases.named(wish.code)
        opened = self._opened(code, wish.pin) if wish.pin else None
        root = root_of(self._store, self._case(opened.case)) if opened else self._cases.root(code)
        if root is None or (wish.pin and opened is None):
            return None
        return self._cases.shown(code, root, opened or self._cases.own(root))

    def _case(self, code: str) -> CaseRow:
        found = self._store.case(code)
        assert found is not None
        return found

    def _opened(self, code: str, pin: str) -> ReportRow | None:
        """The report that this PIN opens, unless too many were tried; none where everybody reads along."""
        if self._citizen.public:
            return None
        found, guarded = meant(self._store, code), self._guarded(code)
        if not self._may_guess(guarded):
            return None
        opened = opened_by(pin, [row for case in found for row in self._store.pins(case.code)], self._rules.key)
        if opened is None:
            for one in guarded:
                self._attempts.guessed(one, self._source, time.monotonic())
        return opened

    def _guarded(self, code: str) -> list[str]:
        """By whatever name a case is asked for, its guesses are one."""
        return [case.code for case in meant(self._store, code)] or [code]

    def _may_guess(self, guarded: list[str]) -> bool:
        return all(self._attempts.may_guess(one, self._source, time.monotonic()) for one in guarded)

    @property
    def _source(self) -> str:
        return f"talk {self._citizen.contact.id}"

    def _dispute(self, wish: Dispute) -> bool:
        """Who disputes is told in the talk."""
        root = self._cases.root(wish.code)
        row = self._cases.own(root) if root else None
        if root is None or row is None or not disputing.may(root, self._store.history(root.code)):
            return False
        family = self._store.joined_into(root.code)
        reporters = [one for case in (root, *family) for one in self._store.reporters(case.code)]
        self.settlement.add(
            disputing.settlement(
                root,
                family,
                reporters,
                row.report.id,
                wish.reason,
                now=self._now,
                rules=self._rules,
                telling=self._telling,
            )
        )
        return True

    def _rate(self, wish: Rate) -> bool:
        root = self._cases.root(wish.code)
        row = self._cases.own(root) if root else None
        if root is None or row is None or self._is_rated(root, row.report.id, bool(wish.why)):
            return False
        why = mask(wish.why, self._rules.book.areas)
        detail = {"report": row.report.id, "score": str(wish.score)} | ({"why": why} if why else {})
        self._note(root.code, RATED, detail)
        return True

    def _is_rated(self, root: CaseRow, report: str, says_why: bool) -> bool:
        """Why is said after the score, and kept beside it."""
        rated = [one.detail for one in self._store.history(root.code) if one.event == RATED]
        return any(one.get("report") == report and ("why" in one or not says_why) for one in rated)

    def _note(self, code: str, event: str, detail: dict[str, str]) -> None:
        row = HistoryRow(case=code, at=self._now, event=event, actor=CITIZEN, detail=detail)
        self.settlement.history.append(row)

    def _part(self) -> str:
        """One whose case was joined as a whole stands for itself again."""
        case = self._store.case_of(self._citizen.report)
        if case is None:
            return ""
        reporters = self._store.reporters(case.code)
        if len(reporters) == 1 and case.joined_into:
            followers = families.followers(self._store, case)
            self.settlement.add(uniting.parted(case, followers, actor=CITIZEN, now=self._now))
            self.settlement.links += self._apart(case)
            return case.code
        try:
            new, settlement = uniting.report_parted(
                case,
                reporters,
                self._citizen.report,
                actor=CITIZEN,
                now=self._now,
                rules=self._rules,
                telling=self._telling,
                asked=True,
            )
        except uniting.UnitingRefused:
            return ""
        self.settlement.add(settlement)
        return new.code

    def _apart(self, case: CaseRow) -> list[Link]:
        """Their word that it is of another incident, so that it is not joined again."""
        other = self._store.first_report(case.joined_into or "")
        return [uniting.link(self._citizen.report, other, CITIZEN, self._now)] if other else []

    def _join(self, wish: Join) -> bool:
        """A case is joined by a citizen's word only while nobody else is in it."""
        own, greater = self._store.case_of(self._citizen.report), self._cases.root(wish.code)
        if own is None or own.joined_into or greater is None or len(self._store.reporters(own.code)) > 1:
            return False
        family = self._store.joined_into(own.code)
        if family:
            return False
        try:
            settlement = uniting.joined(
                own, greater, family, (), actor=CITIZEN, now=self._now, rules=self._rules, telling=self._telling
            )
        except uniting.UnitingRefused:
            return False
        self.settlement.add(settlement)
        return True

    def _remember(self, wish: Remember) -> None:
        other = contact_of(self._rules.key, Address(wish.kind, wish.value))
        self.settlement.contacts.append(other)
        if self._citizen.report and other.id != self._citizen.contact.id:
            self.settlement.also.append(Also(self._citizen.report, other.id))

    def _keep(self, wish: Keep) -> None:
        citizen = self._citizen
        named = "\0".join((citizen.contact.id, citizen.channel, citizen.dialogue, wish.name, str(self._now)))
        row = AnswersRow(
            id="k-" + sha256(named.encode()).hexdigest()[:20],
            dialogue=citizen.dialogue,
            channel=citizen.channel,
            contact=citizen.contact.id,
            at=self._now,
            answers=msgspec.to_builtins(wish.answers),
        )
        self.settlement.answers.append(row)

    def _adopt(self, wish: Adopt) -> bool:
        row = self._opened(self._cases.named(wish.code), wish.pin)
        if row is None:
            return False
        self.adopted = adopting.adopt(self._store, self._rules.key, self._citizen, row, self._now, self.settlement)
        return True

    def _news(self, wish: News) -> None:
        (self.settlement.started if wish.wanted else self.settlement.stopped).append(self._citizen.contact.id)
