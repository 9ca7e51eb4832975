"""Which files and words of reports lie with a provider still. Pure."""

from collections.abc import Iterable, Iterator

from adapters import LACKS, Attachment
from gateway.naming import fetch_id
from gateway.store.contract import ReportRow, Settlement
from gateway.store.settlement import FetchDue
from normalizer.report import Report

#: The doubt of a file that cannot be had.
LOST = "lost"


def due(key: bytes, channel: str, settlement: Settlement, now: float) -> list[FetchDue]:
    """Those of what a settlement writes, to be fetched by way of this channel; what waits already is among them."""
    new = (*settlement.reports, *(one.row for one in settlement.amended))
    return [FetchDue(name, channel, row.report.id, now) for row in new for name in _names(key, row)]


def _names(key: bytes, row: ReportRow) -> Iterator[str]:
    for one in row.report.attachments:
        if one.reference and is_wanted(one):
            yield fetch_id(key, row.report.id, one.reference)
    if lacks(row.report):
        yield words_id(key, row.report)


def lacks(report: Report) -> str:
    """By what the words can be asked for that the provider left out; "" if it has them."""
    return report.fields.get(LACKS, "")


def words_id(key: bytes, report: Report) -> str:
    """Of the fetch of its words."""
    return fetch_id(key, report.id, f"{LACKS}:{lacks(report)}")


def is_wanted(attachment: Attachment) -> bool:
    return attachment.reference is not None and attachment.digest is None and LOST not in attachment.doubts


def find(key: bytes, report: str, attachments: Iterable[Attachment], identity: str) -> Attachment | None:
    """The file of a report that this is the fetch of, also one that was lost and is asked for again; None if the
    report has it, or does not tell any more."""
    lacking = ((one, one.reference) for one in attachments if one.reference and one.digest is None)
    return next((one for one, reference in lacking if fetch_id(key, report, reference) == identity), None)
