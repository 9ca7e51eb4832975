"""Which case a message is put to by the code or the number that it names."""

from typing import NamedTuple

from msgspec.structs import replace

from adapters import Message
from dedupe.verdict import Kind, Verdict
from gateway import bursts, cases
from gateway.families import open_root
from gateway.reportfacts import surely_about
from gateway.store.contract import CaseRow, Store
from normalizer.places.elsewhere import is_in_other_street
from normalizer.report import Report

#: So many codes, and as many numbers, of one message are looked at.
MOST_NAMED = 4
#: How likely a message is of the case that only its subject, or what it quotes, names beside another matter.
DOUBTED = 0.5


class Named(NamedTuple):
    """The open case that is named. Where it is in doubt whether it is meant, `verdict` is unsure."""

    verdict: Verdict
    case: CaseRow

    @property
    def is_sure(self) -> bool:
        return self.verdict.kind is not Kind.UNSURE


class NamedCases:
    """What stands in the sender's own words names a case. The subject of a mail and what it quotes are the client's:
    they name none for what is known to be another matter (`is_another`), and leave it in doubt where the `report` tells
    of another one than the first of the case."""

    def __init__(self, store: Store, code_prefix: str) -> None:
        self._store = store
        self._code_prefix = code_prefix

    def chosen(self, message: Message) -> Named | None:
        """The case that its sender chose of those that were shown, if it is still open."""
        codes = cases.codes_in(message.joins, self._code_prefix)[:1]
        case = open_root(self._store, self._store.case(codes[0])) if codes else None
        return self._named(case, f"pelapor ikut laporan {codes[0]}", Kind.SAME) if case else None

    def open(self, message: Message, report: Report, is_another: bool) -> Named | None:
        if own := self._open_in(message.text):
            return own
        beside = " ".join((message.subject or "", *(aside.text for aside in message.asides)))
        found = None if is_another else self._open_in(beside)
        if found is None or not self._is_another_matter(found.verdict, report):
            return found
        reasons = (*found.verdict.reasons, "hanya di judul atau kutipan")
        return found._replace(verdict=replace(found.verdict, kind=Kind.UNSURE, score=DOUBTED, reasons=reasons))

    def closed(self, message: Message, report: Report, is_another: bool) -> Verdict | None:
        """The case need not be open."""
        if own := self._any_in(message.text):
            return own
        found = None if is_another else self._any_in(message.subject or "")
        return None if found is None or self._is_another_matter(found, report) else found

    def _open_in(self, text: str) -> Named | None:
        for code in cases.codes_in(text, self._code_prefix)[:MOST_NAMED]:
            case = open_root(self._store, self._store.case(code))
            if case and (named := self._named(case, _by_code(code))):
                return named
        for number in cases.numbers_in(text)[:MOST_NAMED]:
            if case := self._numbered(number):
                return self._named(case, f"menyebut nomor {number}")
        return None

    def _any_in(self, text: str) -> Verdict | None:
        for code in cases.codes_in(text, self._code_prefix)[:MOST_NAMED]:
            case = self._store.case(code)
            if case and (named := self._named(case, _by_code(code))):
                return named.verdict
        return None

    def _named(self, case: CaseRow, why: str, kind: Kind = Kind.AGAIN) -> Named | None:
        first = self._store.first_report(case.code)
        return Named(Verdict(kind, first, 1.0, (why,)), case) if first else None

    def _numbered(self, number: str) -> CaseRow | None:
        """The open case that has this number outside, if that is one only: two case stores may give the same."""
        found = (open_root(self._store, case) for case in self._store.numbered(number))
        roots = {root.code: root for root in found if root}
        return next(iter(roots.values())) if len(roots) == 1 else None

    def _is_another_matter(self, first: Verdict, report: Report) -> bool:
        """Is it surely of something else, or in another street, than the case's first report?"""
        found = self._store.reporter(first.same_as or "")
        if found is None:
            return False
        old = found[0].report
        is_elsewhere = is_in_other_street(old.place, report.place, report.text)
        return is_elsewhere or bursts.is_another_matter(old, report) or _is_about_another(old, report)


def _is_about_another(old: Report, new: Report) -> bool:
    """Is the new one likely about something, and not at all about what the old one surely is?"""
    known, best = surely_about(old), new.categories[:1]
    is_likely = bool(best) and best[0].score >= bursts.LIKELY
    return is_likely and known is not None and known not in {one.code for one in new.categories}


def _by_code(code: str) -> str:
    return f"menyebut kode {code}"
