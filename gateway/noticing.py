"""Which notices a case leads to, and what they say. Pure.

A notice tells a unit what it needs to act: code, category, place and deadline, the masked words of the first report,
and how many reported it. Nothing in it tells who.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from gateway import cases
from gateway.clock import Step
from gateway.reminding import pending
from gateway.routing import Routing, Unit
from gateway.store.contract import About, CaseRow, NoticeRow
from gateway.store.notices import Known
from gateway.tables import NoticeSettings

#: Notices that one message tells of, each with what may be told of its case.
Told = Sequence[tuple[NoticeRow, Known]]

MAIL, WEBHOOK, TELEGRAM = "mail", "webhook", "telegram"
#: Of a report's words a notice shows so many characters.
MOST_WORDS = 500


class Noticing(msgspec.Struct, frozen=True):
    """`ways` are those that the settings give us the means for."""

    routing: Routing
    ways: frozenset[str] = frozenset()

    def rows(
        self,
        case: CaseRow,
        about: About,
        now: float,
        *,
        unit: str = "",
        step: str = "",
        by: float | None = None,
        due_at: float | None = None,
    ) -> list[NoticeRow]:
        """A notice of a case for its unit, or for another: of one that there is in each area, the office in the case's.
        One for each way that the unit can be reached, and of an emergency only once; none of a case that the unit may
        not know of. It is sent at once, or not before `due_at`."""
        known = self.routing.unit(unit or case.unit or "", case.area or "")
        if known is None or not self.routing.may_have(known.code, case.category):
            return []
        return [
            NoticeRow(
                id=_id(case.code, known.code, way, about, step, "" if about is About.EMERGENCY else now),
                case=case.code,
                unit=known.code,
                way=way,
                about=about,
                created_at=now,
                due_at=due_at or now,
                step=step,
                by=by,
            )
            for way in ways_of(known)
            if way in self.ways
        ]

    def is_out_of_date(self, notice: NoticeRow, told: Known | None) -> str:
        """Why it is not to be sent any more; "" if it is."""
        if told is None or told.case.joined_into:
            return "the case is part of another by now"
        if not cases.is_open(told.case):
            return "the case is closed by now"
        if notice.about is not About.ESCALATION and told.case.unit != notice.unit:
            return "another unit has the case by now"
        if notice.by is not None and pending(told.case).get(Step(notice.step)) != notice.by:
            return "the step was taken, or is to be taken at another time"
        if not self.routing.may_have(notice.unit, told.case.category):
            return "the unit may not know of this case"
        return ""


def noticing(routing: Routing, settings: NoticeSettings) -> Noticing:
    """With the ways that the settings give us the means for."""
    means = {
        MAIL: settings.mail_channel,
        WEBHOOK: settings.webhook_secret is not None,
        TELEGRAM: settings.telegram_token is not None,
    }
    return Noticing(routing, frozenset(way for way, given in means.items() if given))


class Letter(NamedTuple):
    """A notice, or several as one, in words."""

    subject: str
    text: str


class Wording(msgspec.Struct, frozen=True):
    """`text(name, language, **values)` is the catalogue."""

    text: Callable[..., str]
    language: str
    zone: ZoneInfo
    routing: Routing

    def letter(self, unit: Unit, notices: Told, most: int) -> Letter:
        """At most so many of them are told one by one, and how many there are besides."""
        said = [self._said(notice, told) for notice, told in notices[:most]]
        if more := len(notices) - len(said):
            said.append(self._text("notice_more", count=more))
        whole = [self._text("notice_for", unit=unit.name), *said, self._text("notice_end")]
        return Letter(self._subject(unit, notices), "\n\n".join(whole))

    def payload(self, unit: Unit, notices: Told) -> dict[str, Any]:
        """The same for programs."""
        return {
            "unit": {"code": unit.code, "name": unit.name},
            "notices": [self._item(notice, told) for notice, told in notices],
        }

    def _subject(self, unit: Unit, notices: Told) -> str:
        if len(notices) > 1:
            return self._text("notice_subject_many", count=len(notices), unit=unit.name)
        case = notices[0][1].case
        return self._text("notice_subject", code=case.code, category=self._category(case))

    def _said(self, notice: NoticeRow, told: Known) -> str:
        case = told.case
        values = {
            "code": case.code,
            "unit": self.routing.name(case.unit or ""),
            "deadline": self._date(notice.by or case.due_at),
            "step": self._text(f"notice_step_{notice.step}") if notice.step else "",
        }
        about = self._text("notice_about", category=self._category(case), where=case.where, reporters=told.reporters)
        return "\n".join(filter(None, (self._text(f"notice_{notice.about}", **values), about, _words(told))))

    def _item(self, notice: NoticeRow, told: Known) -> dict[str, Any]:
        case = told.case
        return {
            "id": notice.id,
            "about": notice.about,
            "step": notice.step or None,
            "by": self._time(notice.by),
            "case": case.code,
            "status": case.status,
            "category": {"code": case.category, "name": self._category(case)} if case.category else None,
            "area": case.area,
            "where": case.where,
            "words": _words(told),
            "reporters": told.reporters,
            "opened_at": self._time(case.opened_at),
            "due_at": self._time(case.due_at),
        }

    def _category(self, case: CaseRow) -> str:
        return self.routing.categories.name(case.category, self.language)

    def _text(self, name: str, **values: object) -> str:
        return self.text(name, self.language, **values)

    def _date(self, at: float) -> str:
        return datetime.fromtimestamp(at, self.zone).strftime("%d/%m/%Y %H.%M")

    def _time(self, at: float | None) -> str | None:
        return datetime.fromtimestamp(at, self.zone).isoformat(timespec="seconds") if at is not None else None


def ways_of(unit: Unit) -> list[str]:
    """The ways in which a unit can be reached."""
    ways = {MAIL: unit.mail, WEBHOOK: unit.webhook, TELEGRAM: unit.telegram}
    return [way for way, where in ways.items() if where]


def _words(told: Known) -> str:
    words = told.words.strip()
    return words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1]}…"


def _id(*values: object) -> str:
    """The same for the same reason at the same time."""
    return "t-" + sha256("\0".join(map(str, values)).encode()).hexdigest()[:20]
