"""Which files the rows of a store name."""

import sqlite3

_FILES = "SELECT 1 FROM sqlite_master WHERE name = 'files'"
_OF_FILES = "SELECT blob FROM files WHERE blob IS NOT NULL UNION"
_SQL = """
    SELECT blob FROM deliveries WHERE blob IS NOT NULL
    UNION SELECT json_extract(detail, '$.proof') FROM history
    WHERE event = 'moved' AND json_extract(detail, '$.proof') IS NOT NULL
"""


def blobs(connection: sqlite3.Connection) -> list[str]:
    """Bodies too large for a row, copies for viewing and proofs, by their names in the folder of blobs; also of a store
    that an older Kanal left."""
    of_files = _OF_FILES if connection.execute(_FILES).fetchone() else ""
    return [row[0] for row in connection.execute(f"{of_files} {_SQL}")]
