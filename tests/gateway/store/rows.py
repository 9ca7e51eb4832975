"""Rows to give to a store, and a way to run one for the length of a test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters import Delivery
from gateway.store.contract import (
    CaseRow,
    Claimed,
    Contact,
    HistoryRow,
    MessageRow,
    ReplyRow,
    ReplyState,
    ReportRow,
    Settlement,
    Store,
)
from normalizer.report import Report

CHANNEL = "sms"
NOW = 1_793_500_000.0
AT = datetime.fromtimestamp(NOW, UTC)
PLENTY = 1 << 30
MASTER = bytes(range(32))
WARGA = Contact("p-warga", "phone", "+6281110000001", "Warga")
TETANGGA = Contact("p-tetangga", "phone", "+6281110000002")

Open = Callable[[Path], Store]
Reopen = Callable[[], Awaitable[Store]]


@asynccontextmanager
async def opened(open_store: Open, folder: Path) -> AsyncIterator[Store]:
    store = open_store(folder)
    try:
        yield store
    finally:
        await store.close()


def delivery(identity: str, body: bytes = b"Banjir", **changes: Any) -> Delivery:
    values: dict[str, Any] = {"id": identity, "channel": CHANNEL, "received_at": AT, "body": body}
    return Delivery(**{**values, **changes})


def case(code: str, **changes: Any) -> CaseRow:
    values: dict[str, Any] = {"status": "menunggu", "opened_at": NOW, "due_at": NOW + 7, "what": "Banjir", "where": ""}
    return CaseRow(code=code, **{**values, **changes})


def report(identity: str, code: str, reporter: str = "", pin_hash: str | None = None, **changes: Any) -> ReportRow:
    values: dict[str, Any] = {"channel": CHANNEL, "received_at": AT, "text": "Banjir", "judged_version": 1}
    made = Report(id=identity, reporter=reporter, **{**values, **changes})
    return ReportRow(report=made, case=code, fingerprint=identity.encode(), pin_hash=pin_hash)


def reply(identity: str, **changes: Any) -> ReplyRow:
    values: dict[str, Any] = {
        "channel": CHANNEL,
        "contact": WARGA.id,
        "case": "KNL-1",
        "about": "received",
        "text": "Kode KNL-1",
        "state": ReplyState.DUE,
        "created_at": NOW,
        "due_at": NOW,
    }
    return ReplyRow(id=identity, **{**values, **changes})


def history(code: str, event: str, **detail: str) -> HistoryRow:
    return HistoryRow(case=code, at=NOW, event=event, actor="camat", detail=detail)


def moved(code: str, **detail: str) -> HistoryRow:
    return history(code, "moved", **detail)


def opening(number: int, **report_changes: Any) -> Settlement:
    """What the delivery with this number leads to: a message, its case, report and reply."""
    code, identity = f"KNL-{number}", f"r-{number}"
    return Settlement(
        done=[number],
        contacts=[WARGA],
        messages=[MessageRow(CHANNEL, f"m{number}", number, identity)],
        cases=[case(code)],
        reports=[report(identity, code, WARGA.id, **report_changes)],
        replies=[reply(f"a-{number}", case=code)],
    )


async def claim_all(store: Store, channel: str = CHANNEL) -> list[Claimed]:
    return await store.claim(channel, 10_000, PLENTY)


async def bodies_by_id(store: Store, channel: str = CHANNEL) -> dict[str, bytes]:
    return {one.delivery.id: one.delivery.body for one in await claim_all(store, channel)}
