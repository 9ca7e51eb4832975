"""Cases and those that were joined into them, and how reports stand to the cases of others."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import Kind, Verdict
from gateway import cases
from gateway.clock import DAY
from gateway.store.contract import CaseRow, Store

#: What puts a report into the case of another.
JOINS = frozenset({Kind.RETRY, Kind.AGAIN, Kind.SAME})
#: Kinds of links beside those verdicts: like a report of a case that was closed before; put into a case by the machine
#: that what was added to it contradicts.
AFTER_CLOSING, MISFIT = "after-closing", "misfit"

_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


def root_of_report(store: Store, report: str) -> CaseRow | None:
    """The case that stands for a report's own now."""
    return _root(store, store.case_of(report))


def open_root(store: Store, case: CaseRow | None) -> CaseRow | None:
    """The case that stands for this one now, if it is open."""
    root = _root(store, case)
    return root if root is not None and cases.is_open(root) else None


def _root(store: Store, case: CaseRow | None) -> CaseRow | None:
    while case is not None and case.joined_into:
        case = store.case(case.joined_into)
    return case


def closed_lately(store: Store, found: Verdict, days: float, now: float, opened_at: float = 0.0) -> CaseRow | None:
    """The case of the report that was found, if it was closed in these days, and before `opened_at` where that is
    told."""
    case = root_of_report(store, found.same_as or "")
    if case is None or cases.is_open(case) or case.closed_at is None:
        return None
    is_before = not opened_at or case.closed_at <= opened_at
    return case if is_before and case.closed_at > now - days * DAY else None


def readable(compared: Iterable[bytes]) -> Sequence[Fingerprint]:
    """Without what the disk damaged."""
    found: list[Fingerprint] = []
    for one in compared:
        with suppress(msgspec.DecodeError):
            found.append(_fingerprint.decode(one))
    return found


def followers(store: Store, case: CaseRow) -> list[CaseRow]:
    """The cases that had been joined into this one before it was joined itself."""
    family = {one.code: one for one in store.joined_into(case.joined_into or "")}
    into = {code: _into(store, code) for code in family}
    return [one for code, one in family.items() if case.code in _way(code, into)]


def _into(store: Store, code: str) -> str:
    """Where it was joined into last."""
    joins = [one.detail.get("into", "") for one in store.history(code) if one.event == "joined"]
    return next(filter(None, reversed(joins)), "")


def _way(code: str, into: dict[str, str]) -> Iterator[str]:
    """The cases that it went into, one after the other; each once, should they be in a circle."""
    passed: set[str] = {code}
    while (code := into.get(code, "")) and code not in passed:
        passed.add(code)
        yield code
