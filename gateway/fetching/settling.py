"""A fetched file on its way to its report: what its delivery leads to."""

from gateway.amending import supplemented
from gateway.fetching import media
from gateway.fetching.amending import with_file, without_file
from gateway.fetching.wanted import find
from gateway.filed import LookedAt
from gateway.filing import Rules
from gateway.store.contract import Claimed, HistoryRow, MessageRow, ReportRow, Settlement
from gateway.store.fetches import Fetch
from gateway.store.filings import WholeStore
from gateway.store.settlement import FetchLost
from normalizer.report import Report

#: Of a case's history.
EVENT, ACTOR = "file-lost", "kanal"


def settle(
    rules: Rules, store: WholeStore, claimed: Claimed, found: LookedAt | None, now: float, settlement: Settlement
) -> None:
    """Put into the settlement what a delivery of the gateway's own leads to. What nobody waits for any more, since its
    report was erased meanwhile, is destroyed."""
    delivery = claimed.delivery
    fetch = store.fetch(media.fetch_of(delivery))
    if fetch is None or fetch.channel != delivery.channel:
        if not store.known_messages(delivery.channel, [delivery.id]):
            settlement.forgotten.append(claimed.seq)
        return
    settlement.messages.append(MessageRow(delivery.channel, delivery.id, claimed.seq, fetch.report, is_file=True))
    why = media.why_lost(delivery)
    if why is not None:
        settlement.lost.append(FetchLost(fetch.id, why))
    else:
        settlement.fetched.append(fetch.id)
    _amend(rules, store, fetch, found, why, now, settlement)


def _amend(
    rules: Rules,
    store: WholeStore,
    fetch: Fetch,
    found: LookedAt | None,
    why: str | None,
    now: float,
    settlement: Settlement,
) -> None:
    row, case = store.report(fetch.report), store.case_of(fetch.report)
    changed = _changed(rules.key, row, fetch, found, why) if row else None
    if row is None or case is None or changed is None:
        return
    settlement.amended.append(supplemented(rules, case, row, changed))
    if why is not None:
        detail = {"report": fetch.report, "reason": why}
        settlement.history.append(HistoryRow(case=row.case, at=now, event=EVENT, actor=ACTOR, detail=detail))


def _changed(key: bytes, row: ReportRow, fetch: Fetch, found: LookedAt | None, why: str | None) -> Report | None:
    """None if the report has the file, or cannot be read any more."""
    wanted = find(key, fetch.report, row.report.attachments, fetch.id)
    if wanted is None:
        return None
    if why is not None:
        return without_file(row.report, wanted)
    return with_file(row.report, wanted, found) if found else None
