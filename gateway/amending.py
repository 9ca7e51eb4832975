"""How a citizen's later words change a report that is filed, and the case that it opened. Pure.

An answer or a further message makes a new version of the report: its words are read again as one, and what the citizen
chose is laid on top. The version is judged later, by the sweep. What an officer said of the case stays.
"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from adapters import Address, Attachment, Message, Place
from dedupe.fingerprint import fingerprint, hashes
from gateway import cases, excerpts, filing
from gateway.bot.engine import Amends
from gateway.bot.state import Place as Answered
from gateway.consequences import alarm, follow
from gateway.filed import Filed
from gateway.filing import Rules, confiding
from gateway.naming import named
from gateway.store.contract import Amended, CaseRow, HistoryRow, ReportRow, Settlement
from gateway.telling import Reporter
from normalizer.normalize import CATEGORY, VIOLATION, normalize
from normalizer.persons.masking import masked
from normalizer.places.areas import area_name
from normalizer.places.pins import Assigned, assign
from normalizer.places.typed import around
from normalizer.report import Candidate, Report, ReportPlace
from normalizer.words.text import clean

#: Who changed it, in a case's history.
CITIZEN = "pelapor"
EVENT, EDITED = "amended", "edited"
#: The reason of an area or a category that the citizen chose.
CHOSEN = "dipilih pelapor"
#: What is found anew each time that a report is read; all else in its triage was told to us and stays.
_FOUND_ANEW = frozenset({"empty", "no-sender", VIOLATION, "unknown-category", "odd-pin", "pin-differs"})


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen adds to a report of theirs; `category` is the code of the one that they chose. `is_instead`: the
    text is said instead of the report's; `instead_of`: of these words in it, if they are there."""

    text: str = ""
    is_instead: bool = False
    instead_of: str = ""
    place: Answered | None = None
    category: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """What it adds to, by name."""
        said = {"text": self.text, "place": self.place, "category": self.category, "photo": self.attachments}
        return tuple(name for name, value in said.items() if value)


def answered(amends: Iterable[Amends], message: Message) -> Addition:
    """What answers add, and the files and the pin of the message that they came in."""
    values = {one.field: one.value for one in amends}
    said = [str(values["text"])] if values.get("text") else []
    if "photo" in values and message.text:
        said.append(message.text)
    return Addition(
        text="\n".join(said),
        place=values.get("place") or _pinned(message),
        category=values.get("category"),
        attachments=message.attachments,
    )


def followed(message: Message) -> Addition:
    """What a message adds that went on where the one before left off."""
    return Addition(text=message.text, place=_pinned(message), attachments=message.attachments)


def edited(message: Message, is_alone: bool, before: str) -> Addition:
    """What a message says now that was sent before: `is_alone` in its report, or among others, with what it said
    `before`."""
    return Addition(
        text=message.text,
        is_instead=is_alone and bool(message.text),
        instead_of=before if message.text else "",
        place=_pinned(message),
        attachments=message.attachments,
    )


def brought(message: Message) -> Addition:
    """What a message adds beside its words."""
    return Addition(place=_pinned(message), attachments=message.attachments)


def _pinned(message: Message) -> Answered | None:
    place = message.place
    if place is None or not (place.words or place.latitude is not None):
        return None
    return Answered(
        words=place.words or "", latitude=place.latitude, longitude=place.longitude, accuracy_m=place.accuracy_m
    )


def add(
    rules: Rules,
    case: CaseRow,
    reporters: Sequence[Reporter],
    report: str,
    addition: Addition,
    now: float,
    settlement: Settlement,
    event: str = EVENT,
) -> ReportRow:
    """Put the next version of a report into the settlement, and what follows for its case. `reporters` are all of the
    case, oldest first, and this report is among them, as it is kept, with all its words. Returns the new version: the
    old one, if nothing is added."""
    old, contact = next(one for one in reporters if one[0].report.id == report)
    if not addition.fields:
        return old
    new = amended(rules, old, addition, case.category)
    settlement.amended.append(_amendment(case, old, new))
    detail = {"report": report, "version": str(new.report.version), "fields": ", ".join(addition.fields)}
    if reporters[0][0].report.id == report and cases.is_open(case):
        others = [(new, contact), *reporters[1:]]
        detail |= follow(rules, case, old, others, now, settlement)
    settlement.history.append(HistoryRow(case=case.code, at=now, event=event, actor=CITIZEN, detail=detail))
    settlement.notices += alarm(rules, case, old, new, now)
    return new


def supplemented(rules: Rules, case: CaseRow, old: ReportRow, report: Report) -> Amended:
    """The next version of a report, of which only the files are others."""
    return _amendment(case, old, _row(rules, old, replace(report, version=old.report.version + 1)))


def _amendment(case: CaseRow, old: ReportRow, new: ReportRow) -> Amended:
    clear = new.masked or new.report
    return Amended(new, excerpts.what(clear), excerpts.where(clear, _decided(case, old, new)))


def amended(rules: Rules, old: ReportRow, addition: Addition, category: str | None = None) -> ReportRow:
    """The next version of a report in a case of this category, read as one with what is added."""
    message = _as_message(old.report, addition)
    read = _laid(normalize(message, old.report.received_at, rules.book), old.report, addition, rules)
    report = replace(
        confiding(read, category, rules.book.categories),
        id=old.report.id,
        reporter=old.report.reporter,
        desk=old.report.desk,
        language=old.report.language or read.language,
        version=old.report.version + 1,
        judged_version=old.report.judged_version,
    )
    return _row(rules, old, report)


def _row(rules: Rules, old: ReportRow, report: Report) -> ReportRow:
    clear = masked(report, rules.book.areas)
    compared = fingerprint(clear, around(rules.book.areas), hashes(report))
    if is_chosen(report.categories[:1]):
        compared = replace(compared, category=report.categories[0].code)
    filed = named(rules.key, Filed(report, clear, compared), report.id)
    return replace(old, report=filed.report, masked=filed.masked, fingerprint=msgspec.msgpack.encode(filed.fingerprint))


def is_chosen(candidates: Iterable[Candidate]) -> bool:
    """Did the citizen choose the first of them?"""
    return any(CHOSEN in one.reasons for one in candidates)


def _as_message(old: Report, addition: Addition) -> Message:
    """The whole as if it had been said at once."""
    chosen = {CATEGORY: addition.category} if addition.category else {}
    return Message(
        id=old.id,
        channel=old.channel,
        sender=Address("reporter", old.reporter) if old.reporter else None,
        text=_text(old.text, addition),
        conversation=old.conversation,
        sent_at=old.reported_at,
        subject=old.subject,
        place=_place(old, addition.place),
        attachments=_attachments(old, addition),
        fields=old.fields | chosen,
        public=not old.confidentiality.private,
        anonymous=old.confidentiality.anonymous,
        confidential=old.confidentiality.confidential,
        doubts=tuple(doubt for doubt in old.triage if doubt not in _FOUND_ANEW),
        asides=old.asides,
    )


def _text(old: str, addition: Addition) -> str:
    if addition.is_instead:
        return addition.text
    lines, gone = old.split("\n"), clean(addition.instead_of).split("\n")
    for start in range(len(lines) - len(gone) + 1 if addition.instead_of else 0):
        if lines[start : start + len(gone)] == gone:
            return "\n".join((*lines[:start], addition.text, *lines[start + len(gone) :]))
    return "\n".join(filter(None, (old, addition.text)))


def _attachments(old: Report, addition: Addition) -> tuple[Attachment, ...]:
    """Those that are not fetched yet have no digest, and are known by their reference."""
    known = {one.digest for one in old.attachments if one.digest}
    named = {one.reference for one in old.attachments if one.reference}
    new = (one for one in addition.attachments if (one.digest or one.reference) not in known | named)
    return (*old.attachments, *new)


def _place(old: Report, new: Answered | None) -> Place:
    """The pin, the newest one, and the words that were said of the place beside those of the text."""
    known = old.place or ReportPlace()
    told = known.words if known.words and known.words not in f"{old.subject}\n{old.text}" else None
    words = _both(told or "", new.words if new else "")
    pin = new if new and new.latitude is not None else known
    return Place(pin.latitude, pin.longitude, pin.accuracy_m, words or None)


def _both(told: str, new: str) -> str:
    """What goes on with what was told before says that, too."""
    if told in new or new in told:
        return max(told, new, key=len)
    return f"{told}, {new}"


def _laid(read: Report, old: Report, addition: Addition, rules: Rules) -> Report:
    """With what the citizen chose, now or before, on top of what their words say."""
    ranked = read.categories
    chosen = addition.category or (old.categories[0].code if is_chosen(old.categories[:1]) else None)
    if chosen and (known := rules.book.categories.get(chosen)):
        first = Candidate(code=known.code, name=known.name.id, score=1.0, reasons=(CHOSEN,))
        ranked = (first, *(one for one in ranked if one.code != chosen))
    return replace(read, categories=ranked, place=_assigned(read.place, old.place, addition.place))


def _assigned(read: ReportPlace | None, old: ReportPlace | None, new: Answered | None) -> ReportPlace | None:
    """A pin has the last word, unless no border tells where it lies."""
    place = replace(read or ReportPlace(), hint=old.hint) if old and old.hint else read
    if place and place.area:
        return place
    if new and new.area:
        return assign(place, Assigned(new.area, new.area_name or area_name(new.area) or new.area, None, CHOSEN))
    is_moved = new is not None and new.latitude is not None
    if old and old.area and not is_moved:
        return replace(place or ReportPlace(), area=old.area, outcome=old.outcome)
    return place


def _decided(case: CaseRow, old: ReportRow, new: ReportRow) -> str | None:
    """The case's area, unless it follows the report."""
    before, after = filing.area(old.masked or old.report), filing.area(new.masked or new.report)
    return after if case.area == before else case.area
