"""What lists of cases show of the reports in them, and the words by which cases are found: kept beside them within the
transaction that changes the reports.

`cases.reports` counts those of a case and of the cases joined into it, but for what a client only sent again, and
`reminders` those by which somebody came back to it; `urgency` is the rank of the most urgent one,
`channels` holds where they came from, as in ",sms,mail,". `marked` is what the triage takes a case for that may be no
report at all, None where any of its reports is one; `aside` ones are in no list of cases until a person has looked.
`search` has the words that may stand in clear, a row for each report.
"""

import sqlite3
from collections.abc import Iterable

from dedupe.verdict import Kind as VerdictKind
from gateway.store.records import ReportRow
from gateway.store.rows import json
from gateway.store.settlement import Settlement, Sorted
from normalizer.persons.masking import masked
from normalizer.report import RETRACTED, Kind, Level, Report, ReportPlace

RANK = {Level.NORMAL: 0, Level.URGENT: 1, Level.EMERGENCY: 2}
#: Doubts under which a report may be none; see `normalizer.normalize`. What a form took without proof that a person
#: filled it in is "unproven".
DOUBTS = ("spam", "forged-sender", "automatic", "unproven", RETRACTED)
#: What is kept out of lists: nobody has to act on it, and it may be a lot.
ASIDE = frozenset({*DOUBTS, Kind.ADVERTISING, Kind.PRANK}) - {RETRACTED}
#: What is no report, once a person has said so.
NOISE = ASIDE | {RETRACTED}

_FAMILY = 'r."case" = cases.code OR r."case" IN (SELECT j.code FROM cases j WHERE j.joined_into = cases.code)'
_RANKED = (
    "CASE iif(json_valid(r.data), r.data ->> '$.urgency.level', '') WHEN 'emergency' THEN 2 WHEN 'urgent' THEN 1"
    " ELSE 0 END"
)
_SAID = (
    'EXISTS (SELECT 1 FROM links l JOIN reports o ON o.id = l.other JOIN cases k ON k.code = o."case"'
    " WHERE l.report = r.id AND l.kind = '{0}' AND coalesce(k.joined_into, k.code) = cases.code)"
)
COUNTED = (
    f"SELECT count(*) FILTER (WHERE NOT {_SAID.format(VerdictKind.RETRY)}),"
    f" count(*) FILTER (WHERE {_SAID.format(VerdictKind.AGAIN)}),"
    f" coalesce(max({_RANKED}), 0), coalesce(',' || group_concat(DISTINCT r.channel) || ',', '')"
    f" FROM reports r WHERE {_FAMILY}"
)
_COUNT = f"UPDATE cases SET (reports, reminders, urgency, channels) = ({COUNTED}) WHERE code = ?"
_ADD = (
    "UPDATE cases SET reports = reports + :counts, reminders = reminders + :reminds, urgency = max(urgency, :urgency),"
    " channels = iif(instr(channels, :comma || :channel || :comma), channels,"
    " iif(channels = '', :comma, channels) || :channel || :comma)"
    " WHERE code = :case OR code = (SELECT joined_into FROM cases WHERE code = :case)"
)
_MARK = (
    "UPDATE cases SET marked = :mark, aside = :aside WHERE code = :case AND sorted IS NULL"
    " AND (:mark IS NULL OR reports = 1)"
)
_SORT = (
    "UPDATE cases SET sorted = nullif(:sort, ''), aside = iif(:sort = '' AND urgency = 0 AND marked IN"
    " (SELECT value FROM json_each(:noise)), 1, 0) WHERE code = :case"
)


_COUNTED_BY = frozenset({VerdictKind.RETRY, VerdictKind.AGAIN})
_ROOT = 'SELECT coalesce(c.joined_into, c.code) FROM reports r JOIN cases c ON c.code = r."case" WHERE r.id = ?'


def mark(report: Report) -> str | None:
    """What it may be instead of a report: a doubt, or a code of `Kind`."""
    doubt = next((one for one in DOUBTS if one in report.triage), None)
    best = report.kinds[0].code if report.kinds else Kind.REPORT
    return doubt or (None if best == Kind.REPORT else best)


def words(report: Report) -> str:
    """What a report, as it may stand in clear, is found by."""
    place = report.place or ReportPlace()
    said = (report.subject, report.text, place.words, place.area.name if place.area else None)
    return " ".join(filter(None, said))


def before(connection: sqlite3.Connection, what: Settlement) -> set[str]:
    """The cases that a settlement will take reports from: asked before it is written."""
    parted = [change.code for change in what.changes if change.joined_into == ""]
    found = [('SELECT "case" FROM reports WHERE id = ?', move.report) for move in what.moved]
    found += [("SELECT joined_into FROM cases WHERE code = ?", code) for code in parted]
    rows = (connection.execute(sql, (name,)).fetchone() for sql, name in found)
    return {row[0] for row in rows if row and row[0]}


def after(connection: sqlite3.Connection, what: Settlement, left: Iterable[str]) -> None:
    """Everything that a settlement changed of this, which has just been written; `left` is what `before` said."""
    kinds = {link.report: link.kind for link in what.links if link.kind in _COUNTED_BY}
    for row in what.reports:
        _add(connection, row, kinds.pop(row.report.id, ""))
    for amended in what.amended:
        clear = amended.row.masked or masked(amended.row.report)
        _mark(connection, clear, amended.row.case)
        find_by(connection, clear)
    connection.executemany(_SORT, [_sorting(one) for one in what.sorted])
    into = {change.joined_into for change in what.changes if change.joined_into}
    later = (connection.execute(_ROOT, (report,)).fetchone() for report in kinds)
    changed = {*left, *into, *(row[0] for row in later if row)}
    changed |= {*(move.case for move in what.moved), *(one.row.case for one in what.amended)}
    sql = "SELECT joined_into FROM cases WHERE joined_into IS NOT NULL AND code = ?"
    within = [found[0] for code in changed if (found := connection.execute(sql, (code,)).fetchone())]
    connection.executemany(_COUNT, [(code,) for code in {*changed, *within}])


def _add(connection: sqlite3.Connection, row: ReportRow, kind: str) -> None:
    report, clear = row.report, row.masked or masked(row.report)
    values = {"case": row.case, "urgency": RANK[report.urgency.level], "channel": report.channel, "comma": ","}
    values |= {"counts": kind != VerdictKind.RETRY, "reminds": kind == VerdictKind.AGAIN}
    connection.execute(_ADD, values)
    _mark(connection, clear, row.case)
    sql = "INSERT INTO search(rowid, words) SELECT seq, ? FROM reports WHERE id = ?"
    connection.execute(sql, (words(clear), report.id))


def _mark(connection: sqlite3.Connection, report: Report, case: str) -> None:
    """A case is what its only report is; one with several is marked while none of them was a report."""
    found = mark(report)
    aside = found in ASIDE and report.urgency.level is Level.NORMAL
    connection.execute(_MARK, {"mark": found, "aside": aside, "case": case})


def _sorting(one: Sorted) -> dict[str, str]:
    return {"case": one.case, "sort": one.sort, "noise": json(sorted(ASIDE))}


def find_by(connection: sqlite3.Connection, report: Report) -> None:
    """A report is found by what it says now, and by nothing that it said before."""
    sql = "UPDATE search SET words = ? WHERE rowid = (SELECT seq FROM reports WHERE id = ?)"
    connection.execute(sql, (words(report), report.id))


def drop_old_words(connection: sqlite3.Connection) -> None:
    """What is found no more leaves the index for good: until then it is only marked as gone."""
    connection.execute("INSERT INTO search(search) VALUES ('optimize')")
