"""The tables of the SQLite store, as migrations: each runs once, in order, in a transaction of its own.

Between those that add the columns for what is sealed and those that drop the same in clear, `gateway.store.sealing`
seals what an older Kanal left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

#: sqlite-utils keeps what was applied under this name.
SET = "kanal"
NOTHING_IN_CLEAR = "m005_nothing_in_clear"


def m001_intake(db: Database) -> None:
    db.create_table(
        "deliveries",
        {
            "seq": int,
            "channel": str,
            "id": str,
            "received_at": float,
            "content_type": str,
            "headers": str,
            "size": int,
            "body": bytes,
            "blob": str,
            "state": str,
            "tries": int,
            "stage": str,
            "reason": str,
            "settled_at": float,
        },
        pk="seq",
        not_null={"channel", "id", "received_at", "content_type", "headers", "size", "state", "tries"},
        defaults={"state": "received", "tries": 0},
    )
    db.execute("CREATE UNIQUE INDEX deliveries_id ON deliveries(channel, id)")
    db.execute("CREATE INDEX deliveries_waiting ON deliveries(channel, seq) WHERE state = 'received'")
    db.execute("CREATE INDEX deliveries_quarantined ON deliveries(seq) WHERE state = 'quarantined'")
    db.create_table("cursors", {"channel": str, "cursor": str}, pk="channel")
    db.create_table("timers", {"id": str, "channel": str, "due_at": float, "body": bytes}, pk="id")
    db.execute("CREATE INDEX timers_due ON timers(due_at)")
    db.create_table(
        "parts",
        {
            "channel": str,
            "reference": str,
            "number": int,
            "of": int,
            "seq": int,
            "message": bytes,
            "at": float,
        },
        pk=("channel", "reference", "number"),
    )
    db.create_table("messages", {"channel": str, "id": str, "seq": int, "report": str}, pk=("channel", "id"))


def m002_cases(db: Database) -> None:
    db.create_table("contacts", {"id": str, "kind": str, "value": str, "name": str}, pk="id")
    db.create_table(
        "cases",
        {
            "seq": int,
            "code": str,
            "status": str,
            "opened_at": float,
            "due_at": float,
            "what": str,
            "where": str,
            "unit": str,
            "joined_into": str,
            "closed_at": float,
        },
        pk="seq",
        not_null={"code", "status", "opened_at", "due_at"},
    )
    db.execute("CREATE UNIQUE INDEX cases_code ON cases(code)")
    db.execute("CREATE INDEX cases_joined ON cases(joined_into) WHERE joined_into IS NOT NULL")
    db.create_table(
        "reports",
        {
            "seq": int,
            "id": str,
            "channel": str,
            "contact": str,
            "case": str,
            "received_at": float,
            "version": int,
            "judged_version": int,
            "pin_hash": str,
            "data": str,
            "fingerprint": bytes,
        },
        pk="seq",
        not_null={"id", "channel", "contact", "case", "received_at", "version", "judged_version", "data"},
    )
    db.execute("CREATE UNIQUE INDEX reports_id ON reports(id)")
    db.execute('CREATE INDEX reports_case ON reports("case")')
    db.execute("CREATE INDEX reports_contact ON reports(contact)")
    db.execute("CREATE INDEX reports_unjudged ON reports(seq) WHERE judged_version < version")
    db.create_table(
        "links",
        {
            "seq": int,
            "report": str,
            "kind": str,
            "other": str,
            "score": float,
            "reasons": str,
            "actor": str,
            "at": float,
        },
        pk="seq",
    )
    db.execute("CREATE INDEX links_report ON links(report)")
    db.create_table(
        "history",
        {"seq": int, "case": str, "at": float, "event": str, "actor": str, "detail": str},
        pk="seq",
    )
    db.execute('CREATE INDEX history_case ON history("case")')


def m003_replies(db: Database) -> None:
    db.create_table(
        "replies",
        {
            "seq": int,
            "id": str,
            "channel": str,
            "contact": str,
            "case": str,
            "about": str,
            "text": str,
            "state": str,
            "created_at": float,
            "due_at": float,
            "conversation": str,
            "subject": str,
            "in_reply_to": str,
            "references": str,
            "public": int,
            "tries": int,
            "external_id": str,
            "cost": int,
            "error": str,
            "settled_at": float,
        },
        pk="seq",
        not_null={"id", "channel", "contact", "about", "text", "state", "created_at", "due_at"},
    )
    db.execute("CREATE UNIQUE INDEX replies_id ON replies(id)")
    db.execute("CREATE INDEX replies_due ON replies(channel, due_at) WHERE state = 'due'")
    db.execute("CREATE INDEX replies_sending ON replies(channel) WHERE state = 'sending'")
    db.execute("CREATE INDEX replies_external ON replies(channel, external_id) WHERE external_id IS NOT NULL")
    db.execute("CREATE INDEX replies_contact ON replies(contact, created_at)")
    db.execute('CREATE INDEX replies_case ON replies("case") WHERE "case" IS NOT NULL')
    db.create_table(
        "statuses",
        {"seq": int, "channel": str, "reply": str, "state": str, "reason": str},
        pk="seq",
    )
    db.execute("CREATE INDEX statuses_reply ON statuses(channel, reply)")


def m004_sealed(db: Database) -> None:
    """What tells who or in which words is sealed from now on: `key` is its own key, wrapped (see gateway.vault)."""
    db.create_table("keyring", {"name": str, "wrapped": bytes, "made_at": float}, pk="name", not_null={"wrapped"})
    for table in ("deliveries", "timers", "parts", "contacts", "reports", "replies"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN key BLOB")
        db.execute(f"ALTER TABLE {table} ADD COLUMN sealed BLOB")
    db.execute("ALTER TABLE messages ADD COLUMN contact TEXT")
    db.execute("CREATE INDEX messages_contact ON messages(contact) WHERE contact IS NOT NULL")
    db.execute("CREATE INDEX messages_report ON messages(report) WHERE report IS NOT NULL")


def m005_nothing_in_clear(db: Database) -> None:
    in_clear = {
        "deliveries": ("content_type", "headers", "body"),
        "timers": ("body",),
        "parts": ("message",),
        "contacts": ("kind", "value", "name"),
        "replies": ("text", "conversation", "subject", "in_reply_to", "references"),
    }
    for table, columns in in_clear.items():
        for column in columns:
            db.execute(f'ALTER TABLE {table} DROP COLUMN "{column}"')


def m006_way_out(db: Database) -> None:
    """Since when timers and statuses are there (those timers all wait ten minutes for the parts of an SMS), and who
    has replies waiting."""
    db.execute("ALTER TABLE timers ADD COLUMN set_at REAL")
    db.execute("UPDATE timers SET set_at = due_at - 600")
    db.execute("ALTER TABLE statuses ADD COLUMN at REAL")
    db.execute("UPDATE statuses SET at = CAST(strftime('%s', 'now') AS REAL)")
    db.execute("CREATE INDEX statuses_at ON statuses(at)")
    db.execute("CREATE INDEX replies_waiting ON replies(contact, channel) WHERE state IN ('due', 'sending')")


def m007_audit(db: Database) -> None:
    db.execute(
        "CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, actor TEXT NOT NULL,"
        " action TEXT NOT NULL, about TEXT NOT NULL, why BLOB NOT NULL, chain TEXT NOT NULL)"
    )
    db.create_table("audit_keys", {"seq": int, "key": bytes}, pk="seq")
    replaces = "WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)"  # is hidden from triggers of deletion
    for trigger in ("UPDATE ON audit", "DELETE ON audit", f"INSERT ON audit {replaces}"):
        db.execute(
            f"CREATE TRIGGER audit_no_{trigger[:6].lower()} BEFORE {trigger}"
            " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
        )


def m008_clock(db: Database) -> None:
    db.execute("CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), seen_at REAL, steady_at REAL)")


def m009_receipts(db: Database) -> None:
    """A channel's own id of a reply may hold its recipient's number: from now on it is a keyed hash, and sealed."""
    db.execute("ALTER TABLE replies ADD COLUMN receipt BLOB")
    db.execute("UPDATE replies SET external_id = NULL WHERE external_id IS NOT NULL")
    db.execute("DELETE FROM statuses")


def m010_proofs(db: Database) -> None:
    """Which cases were moved with a proof is asked whenever one is."""
    db.execute("CREATE INDEX history_proof ON history(json_extract(detail, '$.proof')) WHERE event = 'moved'")


def m011_forgetting(db: Database) -> None:
    """What was told to people who are not kept any more goes with them, also what was left behind."""
    db.execute("CREATE INDEX messages_seq ON messages(seq)")
    db.execute("UPDATE replies SET key = NULL, sealed = NULL WHERE contact = ''")
    waiting = "'due', 'sending', 'kept', 'uncertain'"
    db.execute(f"UPDATE replies SET state = 'withheld' WHERE contact = '' AND state IN ({waiting})")


def m012_applications(db: Database) -> None:
    """The keys of applications, which reports came by one, and what may be told to anybody: so far, nothing."""
    db.execute(
        "CREATE TABLE api_keys (seq INTEGER PRIMARY KEY, app TEXT NOT NULL, channel TEXT, digest TEXT NOT NULL,"
        " per_minute INTEGER NOT NULL, per_day INTEGER NOT NULL, made_at REAL NOT NULL, revoked_at REAL)"
    )
    db.execute("CREATE UNIQUE INDEX api_keys_in_force ON api_keys(app) WHERE revoked_at IS NULL")
    db.execute("ALTER TABLE reports ADD COLUMN app TEXT")
    db.execute("ALTER TABLE reports ADD COLUMN public INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX reports_shown ON reports(received_at, public, channel, app)")
    db.execute("CREATE INDEX history_moved ON history(at) WHERE event = 'moved'")


def m013_filings(db: Database) -> None:
    """How each case stands with each outside case store, and the numbers that it has there."""
    db.execute(
        'CREATE TABLE filings (seq INTEGER PRIMARY KEY, "case" TEXT NOT NULL, store TEXT NOT NULL, state TEXT NOT NULL,'
        " version INTEGER NOT NULL DEFAULT 1, filed_version INTEGER NOT NULL DEFAULT 0, number TEXT, token TEXT,"
        " told TEXT NOT NULL DEFAULT '{}', sent TEXT NOT NULL DEFAULT '', forget TEXT NOT NULL DEFAULT 'nothing',"
        " tries INTEGER NOT NULL DEFAULT 0, losses INTEGER NOT NULL DEFAULT 0, since REAL NOT NULL,"
        " due_at REAL NOT NULL, filed_at REAL, confirm_at REAL, stamp REAL, error TEXT,"
        " timed_out INTEGER NOT NULL DEFAULT 0)"
    )
    db.execute('CREATE UNIQUE INDEX filings_case ON filings("case", store)')
    db.execute("CREATE INDEX filings_due ON filings(store, due_at) WHERE state = 'due'")
    db.execute("CREATE INDEX filings_under_way ON filings(store) WHERE state = 'filing'")
    db.execute("CREATE INDEX filings_aside ON filings(store) WHERE state = 'aside'")
    db.execute("CREATE INDEX filings_unconfirmed ON filings(store, confirm_at) WHERE confirm_at IS NOT NULL")
    db.execute(
        'CREATE TABLE numbers (alias TEXT NOT NULL, store TEXT NOT NULL, "case" TEXT NOT NULL, number TEXT NOT NULL,'
        ' at REAL NOT NULL, PRIMARY KEY (alias, store, "case")) WITHOUT ROWID'
    )
    db.execute('CREATE INDEX numbers_case ON numbers("case")')


def m014_news(db: Database) -> None:
    """News of outside case stores: sealed until they are taken over, then known by their ids alone."""
    db.execute(
        "CREATE TABLE news (seq INTEGER PRIMARY KEY, store TEXT NOT NULL, id TEXT NOT NULL, alias TEXT NOT NULL,"
        " state TEXT NOT NULL, at REAL NOT NULL, key BLOB, sealed BLOB)"
    )
    db.execute("CREATE UNIQUE INDEX news_id ON news(store, id)")
    db.execute("CREATE INDEX news_new ON news(store, seq) WHERE state = 'new'")
    db.execute("CREATE INDEX news_unknown ON news(store, alias) WHERE state = 'unknown'")
    db.execute("CREATE TABLE news_cursors (store TEXT PRIMARY KEY, cursor TEXT NOT NULL) WITHOUT ROWID")


def m015_sorted(db: Database) -> None:
    """What a case is about and where, for lists and for those who handle it."""
    db.execute("ALTER TABLE cases ADD COLUMN category TEXT")
    db.execute("ALTER TABLE cases ADD COLUMN area TEXT")


def m016_notices(db: Database) -> None:
    """What units are told of cases: of a citizen's nothing stands here."""
    db.execute(
        'CREATE TABLE notices (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "case" TEXT NOT NULL,'
        " unit TEXT NOT NULL, way TEXT NOT NULL, about TEXT NOT NULL, created_at REAL NOT NULL, due_at REAL NOT NULL,"
        ' step TEXT NOT NULL, "by" REAL, state TEXT NOT NULL, tries INTEGER NOT NULL, error TEXT, settled_at REAL)'
    )
    db.execute("CREATE INDEX notices_due ON notices(way, unit) WHERE state = 'due'")
    db.execute("CREATE INDEX notices_sent ON notices(way, unit, settled_at) WHERE state = 'sent'")
    db.execute('CREATE INDEX notices_case ON notices("case")')


def m017_case_clock(db: Database) -> None:
    """By when a case is to be taken up, worked on and closed, and when it was. Open ones are given the usual limits."""
    steps = ("coordinate_by", "act_by", "last_by", "coordinated_at", "acted_at")
    for column in ("first_due_at", "estimate_at", *steps, "counted_from", "remind_at"):
        db.execute(f"ALTER TABLE cases ADD COLUMN {column} REAL")
    db.execute("ALTER TABLE cases ADD COLUMN estimate_reason TEXT")
    moved = "SELECT min(at) FROM history h WHERE h.\"case\" = cases.code AND h.event = 'moved'"
    acting = "'proses', 'estimasi', 'selesai-diusulkan', 'selesai', 'ditolak'"
    db.execute(
        "UPDATE cases SET coordinate_by = opened_at + 6 * 3600, act_by = opened_at + 24 * 3600,"
        " last_by = CAST(strftime('%s', opened_at, 'unixepoch', '+1 month') AS REAL),"
        f" coordinated_at = ({moved}), acted_at = ({moved} AND json_extract(h.detail, '$.to') IN ({acting})),"
        " remind_at = iif(closed_at IS NULL, opened_at, NULL)"
    )
    is_open = "closed_at IS NULL AND joined_into IS NULL"
    counted = "due_at, last_by, coordinated_at, coordinate_by, acted_at, act_by, closed_at, joined_into"
    db.execute(f"CREATE INDEX cases_open ON cases(unit, {counted}) WHERE {is_open}")
    for column in ("acted_at", "closed_at"):
        db.execute(f"CREATE INDEX cases_{column} ON cases({column}) WHERE {column} IS NOT NULL")
    db.execute(f"CREATE INDEX cases_remind ON cases(remind_at) WHERE {is_open} AND remind_at IS NOT NULL")
    db.execute(
        'CREATE TABLE reminders ("case" TEXT NOT NULL, reminder TEXT NOT NULL, "by" REAL NOT NULL, at REAL NOT NULL,'
        ' PRIMARY KEY ("case", reminder, "by"))'
    )
    db.execute('CREATE TABLE reminding (id INTEGER PRIMARY KEY CHECK (id = 1), "table" TEXT NOT NULL)')


def m018_also(db: Database) -> None:
    """Further addresses that a report's sender gave, in the order in which they were; all people by their reports."""
    db.execute("CREATE TABLE also (report TEXT NOT NULL, contact TEXT NOT NULL, UNIQUE (report, contact))")
    db.execute("CREATE INDEX also_contact ON also(contact)")
    db.execute(
        "CREATE VIEW people AS SELECT id AS report, contact FROM reports WHERE contact <> ''"
        " UNION ALL SELECT report, contact FROM also"
    )
    for column in ("report", "instead_of", "passed_on"):
        db.execute(f"ALTER TABLE replies ADD COLUMN {column} TEXT")
    db.execute("CREATE UNIQUE INDEX replies_instead ON replies(instead_of) WHERE instead_of IS NOT NULL")
    db.execute(
        "CREATE INDEX replies_astray ON replies(coalesce(settled_at, created_at)) WHERE state IN ('failed', 'kept')"
        " AND passed_on IS NULL AND report IS NOT NULL AND instead_of IS NULL"
    )


def m019_files(db: Database) -> None:
    """Files that came with reports, one row for each content: its copy for viewing, and what a scanner said of it."""
    db.execute(
        "CREATE TABLE files (name TEXT PRIMARY KEY, state TEXT NOT NULL, due_at REAL, tries INTEGER NOT NULL DEFAULT 0,"
        " key BLOB, blob TEXT, size INTEGER, scan TEXT, signature TEXT) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX files_due ON files(due_at) WHERE due_at IS NOT NULL")
    db.execute(
        "CREATE TABLE file_owners (file TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (file, report)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX file_owners_report ON file_owners(report)")


def m020_talks(db: Database) -> None:
    """Talks with the bot, one for each conversation, and who wants to be told nothing unasked."""
    db.execute(
        "CREATE TABLE talks (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL,"
        " contact TEXT NOT NULL, mode TEXT NOT NULL, since REAL NOT NULL, heard_at REAL NOT NULL,"
        ' version INTEGER NOT NULL, dialogue TEXT, asked TEXT, "case" TEXT, report TEXT, why TEXT NOT NULL,'
        " key BLOB NOT NULL, sealed BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX talks_contact ON talks(contact)")
    for column in ("case", "report"):
        db.execute(f'CREATE INDEX talks_{column} ON talks("{column}") WHERE "{column}" IS NOT NULL')
    db.execute("CREATE INDEX talks_heard ON talks(channel, heard_at)")
    db.execute("CREATE INDEX talks_over ON talks(channel, heard_at) WHERE mode = 'ended' AND \"case\" IS NULL")
    db.execute("CREATE INDEX talks_handed_over ON talks(since) WHERE mode = 'person'")
    db.execute("CREATE TABLE stopped (contact TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID")
    for column in ("talk", "template"):
        db.execute(f"ALTER TABLE replies ADD COLUMN {column} TEXT")
    db.execute("DROP INDEX replies_astray")
    for state in ("failed", "kept"):
        db.execute(
            f"CREATE INDEX replies_{state} ON replies(coalesce(settled_at, created_at)) WHERE state = '{state}'"
            " AND passed_on IS NULL AND report IS NOT NULL"
        )


def m021_answers(db: Database) -> None:
    """What people answered in dialogues, to be counted."""
    db.execute(
        "CREATE TABLE answers (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, dialogue TEXT NOT NULL,"
        " channel TEXT NOT NULL, contact TEXT NOT NULL, at REAL NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX answers_dialogue ON answers(dialogue, at)")
    db.execute("CREATE INDEX answers_channel ON answers(channel, at)")
    db.execute("CREATE INDEX answers_contact ON answers(contact)")


def m022_accounts(db: Database) -> None:
    """Who may come in to the pages of officers: their accounts, where they are logged in, and links by which they come
    in once. Sessions and links are known by their hashes alone."""
    db.execute(
        "CREATE TABLE users (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,"
        " role TEXT NOT NULL, office TEXT, unit TEXT, language TEXT NOT NULL, made_at REAL NOT NULL, disabled_at REAL,"
        " version INTEGER NOT NULL, totp_step INTEGER NOT NULL, mail TEXT UNIQUE, subject TEXT UNIQUE,"
        " key BLOB NOT NULL, sealed BLOB NOT NULL)"
    )
    db.execute(
        "CREATE TABLE sessions (digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL,"
        " stage TEXT NOT NULL, made_at REAL NOT NULL, seen_at REAL NOT NULL, ends_at REAL NOT NULL,"
        " key BLOB NOT NULL, sealed BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX sessions_user ON sessions(user)")
    db.execute("CREATE TABLE entrances (digest TEXT PRIMARY KEY, user TEXT, ends_at REAL NOT NULL) WITHOUT ROWID")


def m023_notes(db: Database) -> None:
    """What those who work on a case write for themselves, and who sees to it."""
    db.execute(
        'CREATE TABLE notes (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "case" TEXT NOT NULL,'
        " at REAL NOT NULL, actor TEXT NOT NULL, draft TEXT, key BLOB NOT NULL, sealed BLOB NOT NULL)"
    )
    db.execute('CREATE INDEX notes_case ON notes("case")')
    db.execute("CREATE INDEX notes_draft ON notes(at) WHERE draft IS NOT NULL")
    db.execute("ALTER TABLE cases ADD COLUMN assignee TEXT")
    db.execute("CREATE INDEX cases_assignee ON cases(assignee) WHERE assignee IS NOT NULL")


def m024_lists(db: Database) -> None:
    """What lists of cases show of their reports, and the words by which cases are found; views that people keep; and
    channels that a person paused. See `gateway.store.listing`."""
    for column in ("reports", "urgency", "aside"):
        db.execute(f"ALTER TABLE cases ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE cases ADD COLUMN channels TEXT NOT NULL DEFAULT ''")
    for column in ("marked", "sorted"):
        db.execute(f"ALTER TABLE cases ADD COLUMN {column} TEXT")
    counted = (
        "SELECT count(*), coalesce(max(CASE iif(json_valid(r.data), r.data ->> '$.urgency.level', '')"
        " WHEN 'emergency' THEN 2 WHEN 'urgent' THEN 1 ELSE 0 END), 0),"
        " coalesce(',' || group_concat(DISTINCT r.channel) || ',', '') FROM reports r WHERE r.\"case\" = cases.code"
        ' OR r."case" IN (SELECT j.code FROM cases j WHERE j.joined_into = cases.code)'
    )
    db.execute(f"UPDATE cases SET (reports, urgency, channels) = ({counted})")
    listed = "closed_at IS NULL AND joined_into IS NULL AND aside = 0"
    late = "coordinated_at, coordinate_by, acted_at, act_by, last_by"
    db.execute(f"CREATE INDEX cases_listed ON cases(due_at, unit, category, {late}) WHERE {listed}")
    waits = "marked IS NOT NULL AND sorted IS NULL AND closed_at IS NULL AND joined_into IS NULL"
    db.execute(f"CREATE INDEX cases_marked ON cases(marked, category) WHERE {waits}")
    db.execute("CREATE INDEX links_unsure ON links(report, other) WHERE kind = 'unsure'")
    db.execute("CREATE INDEX links_different ON links(report, other) WHERE kind = 'different'")
    db.execute("CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'unicode61 remove_diacritics 2')")
    words = ("subject", "text", "place.words", "place.area.name")
    said = " || ' ' || ".join(f"coalesce(data ->> '$.{name}', '')" for name in words)
    db.execute(f"INSERT INTO search(rowid, words) SELECT seq, {said} FROM reports WHERE json_valid(data)")
    db.execute(
        "CREATE TABLE saved_views (id TEXT PRIMARY KEY, owner TEXT NOT NULL, shared INTEGER NOT NULL,"
        " made_at REAL NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL)"
    )
    db.execute("CREATE TABLE pauses (channel TEXT PRIMARY KEY, at REAL NOT NULL, actor TEXT NOT NULL)")


def m025_desks(db: Database) -> None:
    """What each office took down is asked for when somebody comes back to it."""
    office = "iif(json_valid(data), data ->> '$.desk.office', NULL)"
    db.execute(f"CREATE INDEX reports_desk ON reports({office}, seq) WHERE {office} IS NOT NULL")


def m026_imports(db: Database) -> None:
    """Tables of reports that are imported on a page, and how far that has come."""
    db.execute(
        "CREATE TABLE imports (id TEXT PRIMARY KEY, account TEXT NOT NULL, channel TEXT NOT NULL,"
        ' made_at REAL NOT NULL, changed_at REAL NOT NULL, "rows" INTEGER NOT NULL, state TEXT NOT NULL,'
        " started_at REAL NOT NULL, began INTEGER NOT NULL, done INTEGER NOT NULL, taken INTEGER NOT NULL,"
        " known INTEGER NOT NULL, refused INTEGER NOT NULL, problem TEXT NOT NULL) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX imports_account ON imports(account, made_at)")
    db.execute("CREATE INDEX imports_running ON imports(started_at) WHERE state = 'running'")
    db.execute("CREATE TABLE import_tables (id TEXT PRIMARY KEY, key BLOB NOT NULL, sealed BLOB NOT NULL)")


def m027_traffic(db: Database) -> None:
    """What comes and goes by each channel is counted by these alone."""
    db.execute("CREATE INDEX deliveries_heard ON deliveries(channel, received_at)")
    db.execute("CREATE INDEX replies_settled ON replies(channel, settled_at, state) WHERE settled_at IS NOT NULL")
    standing = "state IN ('due', 'kept', 'failed', 'uncertain')"
    db.execute(f"CREATE INDEX replies_standing ON replies(channel, state) WHERE {standing}")


def m028_emergencies(db: Database) -> None:
    """Open ones come first in lists: they are found by this alone, the newest last."""
    is_open = "closed_at IS NULL AND joined_into IS NULL AND urgency = 2"
    db.execute(f"CREATE INDEX cases_emergency ON cases(urgency) WHERE {is_open}")


def m029_taken_back(db: Database) -> None:
    """What becomes of messages after they were sent, and who is not to be reached any more."""
    db.execute("ALTER TABLE messages ADD COLUMN replaces TEXT")
    db.execute(
        "CREATE TABLE taken_back (channel TEXT NOT NULL, message TEXT NOT NULL, at REAL NOT NULL,"
        " PRIMARY KEY (channel, message)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE gone (contact TEXT NOT NULL, channel TEXT NOT NULL, at REAL NOT NULL,"
        " PRIMARY KEY (contact, channel)) WITHOUT ROWID"
    )


def m030_fetches(db: Database) -> None:
    """Files that lie with a provider, and which messages are such files."""
    db.execute(
        "CREATE TABLE fetches (id TEXT PRIMARY KEY, channel TEXT NOT NULL, report TEXT NOT NULL, state TEXT NOT NULL,"
        " since REAL NOT NULL, due_at REAL NOT NULL, tries INTEGER NOT NULL, error TEXT) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX fetches_due ON fetches(channel, due_at) WHERE state = 'due'")
    db.execute("CREATE INDEX fetches_report ON fetches(report)")
    db.execute("ALTER TABLE messages ADD COLUMN is_file INTEGER NOT NULL DEFAULT 0")


def m031_spending(db: Database) -> None:
    """What providers charge for, by channel and day of UTC."""
    db.execute(
        "CREATE TABLE spending (channel TEXT NOT NULL, day TEXT NOT NULL, unit TEXT NOT NULL, currency TEXT NOT NULL,"
        ' "count" INTEGER NOT NULL, cost REAL NOT NULL, PRIMARY KEY (channel, day, unit, currency)) WITHOUT ROWID'
    )


def m032_health(db: Database) -> None:
    """What each channel heard by the hour, as far as messages tell it already; and the gaps that outages left."""
    db.execute(
        "CREATE TABLE channel_hours (channel TEXT NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL,"
        " last REAL NOT NULL, PRIMARY KEY (channel, hour)) WITHOUT ROWID"
    )
    db.execute(
        "INSERT INTO channel_hours SELECT d.channel, CAST(d.received_at / 3600 AS INTEGER), count(DISTINCT d.seq),"
        " max(d.received_at) FROM messages m JOIN deliveries d ON d.seq = m.seq"
        " WHERE d.received_at > CAST(strftime('%s', 'now') AS INTEGER) - 5443200 GROUP BY 1, 2"
    )
    db.execute(
        "CREATE TABLE gaps (channel TEXT NOT NULL, began REAL NOT NULL, ended REAL, why TEXT NOT NULL,"
        " filled INTEGER NOT NULL, state TEXT NOT NULL, lost TEXT NOT NULL, note TEXT NOT NULL,"
        " PRIMARY KEY (channel, began)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX gaps_began ON gaps(began)")


def m033_exchanges(db: Database) -> None:
    """What was done with providers, and about which deliveries and replies of ours: of a citizen's nothing stands
    here."""
    db.execute(
        "CREATE TABLE exchanges (seq INTEGER PRIMARY KEY, channel TEXT NOT NULL, at REAL NOT NULL, verb TEXT NOT NULL,"
        ' outcome TEXT NOT NULL, seconds REAL NOT NULL, times INTEGER NOT NULL, "count" INTEGER NOT NULL,'
        " status INTEGER, request TEXT, note TEXT NOT NULL)"
    )
    db.execute("CREATE INDEX exchanges_channel ON exchanges(channel, at)")
    db.execute("CREATE INDEX exchanges_at ON exchanges(at)")
    db.execute(
        "CREATE TABLE exchanged (about TEXT NOT NULL, exchange INTEGER NOT NULL, PRIMARY KEY (about, exchange))"
        " WITHOUT ROWID"
    )
    db.execute("CREATE INDEX exchanged_in ON exchanged(exchange)")


def m034_cursors_by_source(db: Database) -> None:
    """A cursor belongs to what was asked; of those until now nobody noted it."""
    db.execute("ALTER TABLE cursors RENAME TO cursors_of_channels")
    db.execute(
        "CREATE TABLE cursors (channel TEXT NOT NULL, source TEXT NOT NULL DEFAULT '', cursor TEXT NOT NULL,"
        " PRIMARY KEY (channel, source)) WITHOUT ROWID"
    )
    db.execute("INSERT INTO cursors SELECT channel, '', cursor FROM cursors_of_channels")
    db.execute("DROP TABLE cursors_of_channels")


def m035_alarms(db: Database) -> None:
    """The channels that need a person, as `gateway.health.alarm` has them."""
    db.execute("CREATE TABLE alarms (channel TEXT PRIMARY KEY, alarm TEXT NOT NULL) WITHOUT ROWID")


def m036_images(db: Database) -> None:
    """What photos show, in bits that only the key makes of a picture: of reports' files and of what cases were moved
    with, which is to be looked at."""
    db.execute("ALTER TABLE files ADD COLUMN image TEXT")
    db.execute("CREATE TABLE proofs (digest TEXT PRIMARY KEY, image TEXT) WITHOUT ROWID")
    proof = "json_extract(detail, '$.proof')"
    proven = f"FROM history WHERE event = 'moved' AND {proof} IS NOT NULL"
    db.execute(f"INSERT INTO proofs (digest) SELECT DISTINCT {proof} {proven}")
    db.execute("CREATE INDEX proofs_unknown ON proofs(digest) WHERE image IS NULL")
    for table in ("files", "proofs"):
        for quarter in range(4):
            part = f"substr(image, {4 * quarter + 1}, 4)"
            db.execute(f"CREATE INDEX {table}_image_{quarter} ON {table}({part}) WHERE image <> ''")


def m037_after_the_verdict(db: Database) -> None:
    """How often those who reported a case came back to it, what a client sent twice counted once; what was reported
    after a case was closed, what may not be of its case any more, and how much of a kind there is in each area."""
    family = '(o."case" = cases.code OR o."case" IN (SELECT j.code FROM cases j WHERE j.joined_into = cases.code))'
    said = f"EXISTS (SELECT 1 FROM links l JOIN reports o ON o.id = l.other WHERE l.report = r.id AND {family}"
    within = 'r."case" = cases.code OR r."case" IN (SELECT j.code FROM cases j WHERE j.joined_into = cases.code)'
    counted = (
        f"SELECT count(*) FILTER (WHERE NOT {said} AND l.kind = 'retry')),"
        f" count(*) FILTER (WHERE {said} AND l.kind = 'again')) FROM reports r WHERE {within}"
    )
    db.execute("ALTER TABLE cases ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0")
    db.execute(
        f"UPDATE cases SET (reports, reminders) = ({counted}) WHERE code IN (SELECT coalesce(c.joined_into, c.code)"
        ' FROM links k JOIN reports t ON t.id = k.report JOIN cases c ON c.code = t."case"'
        " WHERE k.kind IN ('retry', 'again'))"
    )
    db.execute("CREATE INDEX links_after_closing ON links(other) WHERE kind = 'after-closing'")
    db.execute('CREATE INDEX reports_received ON reports(received_at, "case")')
    db.execute("CREATE INDEX links_misfit ON links(report) WHERE kind = 'misfit'")
    db.execute("CREATE INDEX cases_placed ON cases(area, category, opened_at, reports) WHERE area IS NOT NULL")


def m038_heard(db: Database) -> None:
    """A timer or a file that was fetched does not tell that a channel was heard."""
    db.execute("ALTER TABLE deliveries ADD COLUMN own INTEGER NOT NULL DEFAULT 0")
    db.execute("DROP INDEX deliveries_heard")
    db.execute("CREATE INDEX deliveries_heard ON deliveries(channel, received_at, own)")


#: In the order in which they run.
MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    m001_intake,
    m002_cases,
    m003_replies,
    m004_sealed,
    m005_nothing_in_clear,
    m006_way_out,
    m007_audit,
    m008_clock,
    m009_receipts,
    m010_proofs,
    m011_forgetting,
    m012_applications,
    m013_filings,
    m014_news,
    m015_sorted,
    m016_notices,
    m017_case_clock,
    m018_also,
    m019_files,
    m020_talks,
    m021_answers,
    m022_accounts,
    m023_notes,
    m024_lists,
    m025_desks,
    m026_imports,
    m027_traffic,
    m028_emergencies,
    m029_taken_back,
    m030_fetches,
    m031_spending,
    m032_health,
    m033_exchanges,
    m034_cursors_by_source,
    m035_alarms,
    m036_images,
    m037_after_the_verdict,
    m038_heard,
)
