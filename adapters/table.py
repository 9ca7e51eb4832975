"""Reports that were taken down elsewhere and are imported from a table, row by row: see `kanal import`.

A delivery is one row, as JSON of `TableRow`. Nobody is answered unless whoever imports asks for it: the report is old.
"""

from datetime import datetime
from typing import ClassVar

import msgspec

from adapters import Address, ChannelSettings, Delivery, Event, Message, TableRow, Unreadable
from normalizer.report import IMPORTED

CONTENT_TYPE = "application/json"

_row = msgspec.json.Decoder(TableRow)
_encode = msgspec.json.Encoder().encode


class TableSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Imported reports, as of another system or of one campaign: its name tells later where they came from."""


class Table:
    kind: ClassVar[str] = "table"
    Settings: ClassVar[type[ChannelSettings]] = TableSettings

    def __init__(self, settings: TableSettings) -> None:
        self._channel = settings.name

    def from_row(self, row: TableRow, received_at: datetime) -> Delivery:
        return Delivery(
            id=row.id, channel=self._channel, received_at=received_at, body=_encode(row), content_type=CONTENT_TYPE
        )

    def parse(self, delivery: Delivery) -> list[Event]:
        try:
            row = _row.decode(delivery.body)
        except (msgspec.DecodeError, ValueError) as error:
            raise Unreadable("it is no row of a table") from error
        return [self._message(delivery.id, row)]

    def _message(self, identity: str, row: TableRow) -> Message:
        addresses = _addresses(row)
        return Message(
            id=identity,
            channel=self._channel,
            sender=addresses[0] if addresses else None,
            text=row.text,
            subject=row.subject,
            sent_at=row.sent_at,
            place=row.place,
            fields=_fields(row, not addresses),
            doubts=() if row.told else (IMPORTED,),
            also=tuple(addresses[1:]),
        )

    def first_steps(self, web: str) -> list[str]:
        return [f"kanal import FILE.csv --channel {self._channel} --dry-run"]


def _addresses(row: TableRow) -> list[Address]:
    """By phone, then by mail. A name alone is nobody's: many have the same."""
    found = (("phone", row.phone), ("email", row.email))
    return [Address(kind, value, row.name or None) for kind, value in found if value]


def _fields(row: TableRow, is_nameless: bool) -> dict[str, str]:
    known = {"category": row.category, "number": row.number, "name": row.name if is_nameless else ""}
    more = {f"column.{heading}": cell for heading, cell in row.more.items()}
    return {name: value for name, value in (known | more).items() if value}
