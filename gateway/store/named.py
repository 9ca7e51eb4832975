"""Which files the rows of a store name."""

import sqlite3

_SQL = """
    SELECT blob FROM deliveries WHERE blob IS NOT NULL
    UNION SELECT blob FROM files WHERE blob IS NOT NULL
    UNION SELECT json_extract(detail, '$.proof') FROM history
    WHERE event = 'moved' AND json_extract(detail, '$.proof') IS NOT NULL
"""


def blobs(connection: sqlite3.Connection) -> list[str]:
    """Bodies too large for a row, copies for viewing and proofs, by their names in the folder of blobs."""
    return [row[0] for row in connection.execute(_SQL)]
