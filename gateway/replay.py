"""What a repaired parser makes of deliveries that were settled before: what would change, and the change itself.

Nothing is sent again: a report that changes keeps its case, its place in it and its answers, and one that is found
only now is filed unanswered. Whether a changed report is one with others is not judged again, as people would be told;
later ones are compared with it as it is now.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Literal

import msgspec

from adapters import Delivery, Message
from dedupe.fingerprint import happened_at
from gateway import joining
from gateway.fetching.amending import FILE_DOUBTS, known_files
from gateway.filed import Filed, Reading, file
from gateway.store.contract import PartRow, ReportRow
from gateway.vault import CannotOpen
from normalizer.book import Book
from normalizer.report import TAKEN_BACK, Confidentiality, Report

#: What a parser or the normaliser says of a report; all else is the gateway's.
PARSED = (
    "text",
    "subject",
    "language",
    "categories",
    "place",
    "attachments",
    "fields",
    "reported_at",
    "triage",
    "conversation",
    "asides",
)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What a delivery leads to now and did not before. `changed` reports differ in `fields`; `new` ones were not found
    before; `gone` ones would not be found any more, and stay; `readable` deliveries are in quarantine and need not be;
    `unreadable` ones were settled and could not be read again. `before` and `after` may stand in clear."""

    delivery: int
    kind: Literal["changed", "new", "gone", "readable", "unreadable"]
    report: str | None = None
    fields: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    filed: Filed | None = None


class Known(msgspec.Struct, frozen=True):
    """What is kept of a delivery that is read again: the ids of the reports that it led to."""

    seq: int
    quarantined: bool
    reports: frozenset[str]


class Comparison:
    """Deliveries of one channel, in the order in which they came in. `name` gives what is read the names that it is
    kept under, or would be; `find` a report by its id, as it is kept, None if there is none. `find` raises `CannotOpen`
    if its words were destroyed. `is_talk(message, pieces)`: it led to no report, or to one that others changed as well,
    as in a talk with the bot: that is left alone."""

    def __init__(
        self,
        book: Book,
        name: Callable[[Message, Filed], Filed],
        find: Callable[[str], ReportRow | None],
        is_talk: Callable[[Message, int], bool],
    ) -> None:
        self._book = book
        self._is_talk = is_talk
        self._name = name
        self._find = find
        self._pieces: dict[str, list[PartRow]] = {}

    def compare(self, known: Known, delivery: Delivery, reading: Reading) -> Iterator[Difference]:
        if reading.error is not None:
            if not known.quarantined:
                yield Difference(delivery=known.seq, kind="unreadable", after=reading.error)
        elif known.quarantined:
            yield Difference(delivery=known.seq, kind="readable")
        else:
            yield from self._messages(known, delivery, reading)

    def _messages(self, known: Known, delivery: Delivery, reading: Reading) -> Iterator[Difference]:
        found = list(self._filed(known.seq, delivery, reading))
        for filed in found:
            with suppress(CannotOpen):
                old = self._find(filed.report.id)
                yield from _difference(known.seq, old, _as_taken_back(old, filed) if old else filed)
        if any(isinstance(event, Message) and self._depends_on_others(event) for event in reading.events):
            return
        for gone in known.reports - {filed.report.id for filed in found}:
            yield Difference(delivery=known.seq, kind="gone", report=gone)

    def _depends_on_others(self, message: Message) -> bool:
        """Whether its text is complete, or what came of it."""
        return message.part is not None or message.overheard or self._is_talk(message, 1)

    def _filed(self, seq: int, delivery: Delivery, reading: Reading) -> Iterator[Filed]:
        for event, filed in zip(reading.events, reading.filed, strict=True):
            if isinstance(event, Message) and event.part is not None:
                yield from self._joined(joining.part_row(event, seq, delivery.received_at.timestamp()), delivery)
            elif isinstance(event, Message) and filed and not (event.overheard or self._is_talk(event, 1)):
                yield self._with_files(event, delivery, self._name(event, filed))

    def _with_files(self, message: Message, delivery: Delivery, filed: Filed) -> Filed:
        """With what was fetched for its report since: a delivery holds nothing of that."""
        old: ReportRow | None = None
        with suppress(CannotOpen):
            old = self._find(filed.report.id)
        files = known_files(old.report.attachments, message.attachments) if old else message.attachments
        if old is None or files == message.attachments:
            return filed
        doubts = tuple(one for one in FILE_DOUBTS if one in old.report.triage)
        whole = msgspec.structs.replace(message, attachments=files, doubts=(*message.doubts, *doubts))
        return self._name(whole, file(whole, delivery, self._book, old.report.place.hint if old.report.place else None))

    def _joined(self, piece: PartRow, delivery: Delivery) -> Iterator[Filed]:
        """The report of a text in pieces, with its last one."""
        pieces = self._pieces.setdefault(piece.reference, [])
        if piece.number in {one.number for one in pieces}:
            pieces.clear()
        pieces.append(piece)
        if joining.complete(pieces):
            message = joining.whole(pieces)
            if not self._is_talk(message, len(pieces) + 1):
                yield self._name(message, file(message, delivery, self._book))
            pieces.clear()


def amended(old: ReportRow, filed: Filed) -> ReportRow:
    """The next version of a report, as it is read now."""
    kept = {
        "reporter": old.report.reporter,
        "received_at": old.report.received_at,
        "confidentiality": _promised(old.report.confidentiality, filed.report.confidentiality),
        "desk": old.report.desk,
        "version": old.report.version + 1,
        "judged_version": old.report.version + 1,
    }
    report = msgspec.structs.replace(filed.report, **kept)
    compared = msgspec.structs.replace(filed.fingerprint, reporter=old.report.reporter, time=happened_at(report))
    return ReportRow(
        report=report,
        masked=msgspec.structs.replace(filed.masked, **kept),
        case=old.case,
        fingerprint=msgspec.msgpack.encode(compared),
        pin_hash=old.pin_hash,
    )


def _promised(old: Confidentiality, now: Confidentiality) -> Confidentiality:
    """As it was, but what is private as it is read now is shown to nobody any more."""
    return msgspec.structs.replace(old, private=old.private or now.private)


def _difference(seq: int, old: ReportRow | None, filed: Filed) -> Iterator[Difference]:
    if old is None:
        yield Difference(delivery=seq, kind="new", report=filed.report.id, after=filed.masked.text)
        return
    fields = tuple(name for name in PARSED if getattr(old.report, name) != getattr(filed.report, name))
    if filed.report.confidentiality.private and not old.report.confidentiality.private:
        fields += ("confidentiality",)
    if fields and old.masked:
        before, after = (", ".join(_shown(one, fields)) for one in (old.masked, filed.masked))
        yield Difference(
            delivery=seq,
            kind="changed",
            report=filed.report.id,
            fields=fields,
            before=before,
            after=after,
            filed=filed,
        )


def _as_taken_back(old: ReportRow, filed: Filed) -> Filed:
    """That its sender took it back is told by no message."""
    marks = tuple(one for one in old.report.triage if one in TAKEN_BACK)
    report, clear = (msgspec.structs.replace(one, triage=(*one.triage, *marks)) for one in (filed.report, filed.masked))
    return Filed(report, clear, filed.fingerprint) if marks else filed


def _shown(report: Report, fields: tuple[str, ...]) -> Iterator[str]:
    """What may stand in clear of the fields that differ."""
    for name in fields:
        value = report.place.words if name == "place" and report.place else getattr(report, name)
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            yield " ".join(value)
