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
from gateway import joining
from gateway.filed import Filed, Reading, file
from gateway.store.contract import PartRow, ReportRow
from gateway.vault import CannotOpen
from normalizer.book import Book
from normalizer.report import Confidentiality, Report

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
    if its words were destroyed."""

    def __init__(
        self, book: Book, name: Callable[[Message, Filed], Filed], find: Callable[[str], ReportRow | None]
    ) -> None:
        self._book = book
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
                yield from _difference(known.seq, self._find(filed.report.id), filed)
        if any(isinstance(event, Message) and event.part for event in reading.events):
            return  # whether its text is complete depends on others
        for gone in known.reports - {filed.report.id for filed in found}:
            yield Difference(delivery=known.seq, kind="gone", report=gone)

    def _filed(self, seq: int, delivery: Delivery, reading: Reading) -> Iterator[Filed]:
        for event, filed in zip(reading.events, reading.filed, strict=True):
            if isinstance(event, Message) and event.part is not None:
                yield from self._joined(joining.part_row(event, seq, delivery.received_at.timestamp()), delivery)
            elif isinstance(event, Message) and filed is not None:
                yield self._name(event, filed)

    def _joined(self, piece: PartRow, delivery: Delivery) -> Iterator[Filed]:
        """The report of a text in pieces, with its last one."""
        pieces = self._pieces.setdefault(piece.reference, [])
        if piece.number in {one.number for one in pieces}:
            pieces.clear()
        pieces.append(piece)
        if joining.complete(pieces):
            message = joining.whole(pieces)
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
    compared = msgspec.structs.replace(
        filed.fingerprint, reporter=old.report.reporter, time=old.report.received_at.timestamp()
    )
    return ReportRow(
        report=msgspec.structs.replace(filed.report, **kept),
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


def _shown(report: Report, fields: tuple[str, ...]) -> Iterator[str]:
    """What may stand in clear of the fields that differ."""
    for name in fields:
        value = report.place.words if name == "place" and report.place else getattr(report, name)
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            yield " ".join(value)
