"""What the navigation of the pages shows, to whom."""

from typing import NamedTuple

from gateway.accounts.account import Right


class Entry(NamedTuple):
    """`text` names its words."""

    path: str
    text: str
    right: Right


NAVIGATION: tuple[Entry, ...] = (
    Entry("/petugas", "inbox.nav", Right.CASES),
    Entry("/petugas/telat", "inbox.nav_late", Right.CASES),
    Entry("/petugas/ragu", "review.nav", Right.REVIEW),
    Entry("/petugas/pilah", "triage.nav", Right.TRIAGE),
    Entry("/petugas/karantina", "quarantine.nav", Right.QUARANTINE),
    Entry("/petugas/kanal", "channels.nav", Right.CHANNELS),
    Entry("/meja", "desk.desk", Right.DESK),
    Entry("/petugas/impor", "transfer.import", Right.IMPORT),
    Entry("/petugas/ekspor", "transfer.export", Right.EXPORT),
    Entry("/petugas/orang", "users.title", Right.PEOPLE),
)
