"""Opening a delivery, wherever its body is kept."""

import sqlite3

from adapters import Delivery
from gateway.store import rows
from gateway.store.blobs import Blobs
from gateway.vault import CannotOpen, Vault


def opened(connection: sqlite3.Connection, vault: Vault, blobs: Blobs, seq: int) -> Delivery:
    """A delivery with all that is sealed of it. Raises `CannotOpen` if that is gone."""
    row = connection.execute(f"SELECT {rows.DELIVERY_COLUMNS} FROM deliveries WHERE seq = ?", (seq,)).fetchone()
    *_, key, _, _, blob = row
    if key is None:
        raise CannotOpen("its key was destroyed")
    try:
        bodies = {blob: blobs.get(blob)} if blob else {}
    except FileNotFoundError:
        raise CannotOpen("its body is missing from the disk") from None
    return rows.opened_delivery(vault, row, bodies)
