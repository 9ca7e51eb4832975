"""What an outside case store is given of a case: made from the store when it is sent, so that nothing of it is kept."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

import msgspec

from adapters import Address, Attachment
from gateway.cases import Status
from gateway.casestore.choosing import names_reporter, takes
from gateway.casestore.contract import (
    Amendment,
    CaseStoreDown,
    CaseStoreSettings,
    Forget,
    OutgoingCase,
    OutgoingFile,
    OutgoingReport,
    Reporter,
)
from gateway.files import Files
from gateway.store.contract import CaseRow, ReportRow, StoreUnavailable
from gateway.store.filings import Filing, Sent, WholeStore
from gateway.workers import NoWorker
from normalizer.persons.masking import without_hint
from normalizer.report import Report, ReportPlace

#: What may be a photo, whatever its sender calls it: see `gateway.photos`.
PHOTOS = ("image/", "application/octet-stream")
NOT_ANY_MORE = "its rules send nothing of this case any more"
JOINED = "it was joined into another case"
UNSCANNED = "a file of it is not scanned yet"
NOT_YET = "the case that it was joined into is not filed yet"


class Package(msgspec.Struct, frozen=True):
    """What to send: a case to file, or an amendment; with the reports `told` of, by id, and the most that is in it."""

    content: OutgoingCase | Amendment
    told: dict[str, int]
    sent: Sent


class Nothing(msgspec.Struct, frozen=True):
    """There is nothing to send, and why; `later`: not yet."""

    reason: str
    later: bool = False


class Packing:
    """For one case store, by its rules."""

    def __init__(self, store: WholeStore, files: Files, rule: CaseStoreSettings) -> None:
        self._store = store
        self._files = files
        self._rule = rule

    def pack(self, filing: Filing) -> Package | Nothing:
        case = self._store.case(filing.case)
        assert case is not None
        if case.joined_into and not filing.filed_version:
            return Nothing(JOINED)
        found = self._reports(case)
        if not found and not filing.filed_version:
            return Nothing(NOT_ANY_MORE)
        if any(self._files.waits(file) for row in found for file in row.report.attachments):
            return Nothing(UNSCANNED, later=True)
        if not filing.filed_version or filing.number is None:
            return self._package(filing, self._case(filing, case, found), found)
        return self._amended(filing, filing.number, case, found)

    def _amended(self, filing: Filing, number: str, case: CaseRow, found: list[ReportRow]) -> Package | Nothing:
        into = self._root(case) if case.joined_into else None
        elsewhere = self._store.numbers_of(into.code).get(filing.store) if into else None
        if into and elsewhere is None and self._store.filed_in(filing.store, into.code):
            return Nothing(NOT_YET, later=True)
        if filing.forget is Forget.EVERYTHING:
            found = []
        whole = self._case(filing, case, found)
        new = [report for one, report in zip(found, whole.reports, strict=True) if _is_new(one, filing.told)]
        amendment = Amendment(
            key=f"{case.code}.{filing.version}",
            number=number,
            case=whole,
            new=tuple(new),
            joined_into=elsewhere,
            forget=filing.forget,
        )
        return self._package(filing, amendment, found)

    def _package(self, filing: Filing, content: OutgoingCase | Amendment, found: Sequence[ReportRow]) -> Package:
        whole = content.case if isinstance(content, Amendment) else content
        if any(report.reporter for report in whole.reports):
            sent = Sent.IDENTITY
        else:
            sent = Sent.WORDS if self._rule.full_words else Sent.MASKED
        return Package(content, filing.told | {one.report.id: one.report.version for one in found}, sent)

    def _root(self, case: CaseRow) -> CaseRow:
        while case.joined_into and (into := self._store.case(case.joined_into)):
            case = into
        return case

    def _reports(self, case: CaseRow) -> list[ReportRow]:
        """Those that its rules send there: the case's own, and of cases joined into it that are not filed by
        themselves."""
        family = [one for one in self._store.joined_into(case.code) if not self._store.numbers_of(one.code)]
        return [
            row
            for one in (case, *family)
            for row, _ in self._store.reporters(one.code)
            if takes(self._rule, case, row.report)
        ]

    def _case(self, filing: Filing, case: CaseRow, found: Sequence[ReportRow]) -> OutgoingCase:
        return OutgoingCase(
            key=case.code,
            code=case.code,
            version=filing.version,
            status=Status(case.status),
            opened_at=_time(case.opened_at),
            due_at=_time(case.due_at),
            reports=tuple(map(self._report, found)),
            category=case.category,
            area=case.area,
            unit=case.unit,
            place=_place([self._words(one).place for one in found]),
            token=filing.token,
        )

    def _report(self, row: ReportRow) -> OutgoingReport:
        words, promised = self._words(row), row.report.confidentiality
        return OutgoingReport(
            key=f"{words.id}.{words.version}",
            channel=words.channel,
            text=words.text,
            received_at=words.received_at,
            reported_at=words.reported_at,
            subject=words.subject,
            language=words.language,
            place=words.place,
            files=tuple(self._photos(row.report)),
            reporter=self._reporter(row.report),
            anonymous=promised.anonymous,
            confidential=promised.confidential,
            private=promised.private,
        )

    def _words(self, row: ReportRow) -> Report:
        words = row.report if self._rule.full_words or row.masked is None else row.masked
        return msgspec.structs.replace(words, place=without_hint(words.place))

    def _reporter(self, report: Report) -> Reporter | None:
        if not names_reporter(self._rule, report.confidentiality):
            return None
        known = self._store.addresses_of(report.id)
        addresses = tuple(Address(one.kind, one.value, one.name) for one in known)
        return Reporter(addresses=addresses, name=addresses[0].name) if addresses else None

    def _photos(self, report: Report) -> Iterator[OutgoingFile]:
        photos = (one for one in report.attachments if one.media_type.startswith(PHOTOS))
        for number, photo in enumerate(photos, 1):
            read = partial(self._read, report.id, photo)
            yield OutgoingFile(name=f"foto-{number}.jpg", media_type="image/jpeg", read=read)

    async def _read(self, report: str, photo: Attachment) -> bytes:
        """Raises `LookupError` if it is gone, and `CaseStoreDown` if it cannot be read now."""
        try:
            content = await self._files.photo(report, photo)
        except (NoWorker, StoreUnavailable) as error:
            raise CaseStoreDown(f"a photo cannot be read now: {error}") from error
        if content is None:
            raise LookupError("the photo is not kept any more")
        return content


def _is_new(row: ReportRow, told: dict[str, int]) -> bool:
    return row.report.version > told.get(row.report.id, 0)


def _place(places: Sequence[ReportPlace | None]) -> ReportPlace | None:
    known = [place for place in places if place]
    return next((place for place in known if place.latitude is not None), known[0] if known else None)


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
