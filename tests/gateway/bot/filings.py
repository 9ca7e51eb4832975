"""Reports in a real store, filed as a gateway files them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters import Address, Delivery, Message
from dedupe.verdict import NEW, Kind, Verdict
from gateway import filing
from gateway.app import rules_of
from gateway.filed import file
from gateway.filing import Intent, Rules
from gateway.naming import named, report_id
from gateway.store.contract import CaseRow, Contact, ReplyRow, ReportRow, Settlement
from gateway.store.sqlite import SqliteStore
from tests.gateway.store.begun import begun
from tests.gateway.support import BUDI, settings_in

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
AT = NOW.timestamp()
KEY = bytes(range(32))


class Filings:
    """What was filed. Channels are called as their kinds."""

    def __init__(self, folder: Path, store: SqliteStore, rules: Rules) -> None:
        self.store = store
        self.folder = folder
        self.rules = rules
        self.told: list[ReplyRow] = []
        self._count = 0

    async def file(self, text: str, sender: str = BUDI, into: CaseRow | None = None, **values: Any) -> ReportRow:
        """Have a message filed, as of a new incident or into a case."""
        settlement = Settlement()
        row = self.add(settlement, self.message(text, sender, **values), into)
        await self.store.settle(settlement)
        self.told += settlement.replies
        return row

    def message(self, text: str, sender: str = BUDI, **values: Any) -> Message:
        self._count += 1
        made: dict[str, Any] = {"id": f"m{self._count}", "channel": "sms", "sender": Address("phone", sender)} | values
        return Message(text=text, **made)

    def add(self, settlement: Settlement, message: Message, into: CaseRow | None = None) -> ReportRow:
        delivery = Delivery(id=message.id, channel=message.channel, received_at=NOW, body=b"")
        filed = named(
            self.rules.key,
            file(message, delivery, self.rules.book),
            report_id(self.rules.key, message.channel, message.id),
        )
        first = self.store.first_report(into.code) if into else None
        intent = Intent(
            message=message,
            contact=filing.reporter(self.rules, message),
            filed=filed,
            seq=self._count,
            verdict=Verdict(Kind.SAME, first, 1.0, ()) if into else NEW,
            case=into,
            judged=True,
            can_send=True,
            answers_left=True,
            language="id",
            now=AT,
        )
        filing.add(self.rules, intent, settlement)
        return settlement.reports[-1]

    def contact(self, sender: str = BUDI) -> Contact:
        found = filing.reporter(self.rules, self.message("", sender))
        assert found
        return found

    def case(self, code: str) -> CaseRow:
        found = self.store.case(code)
        assert found
        return found

    def report(self, identity: str) -> ReportRow:
        found = self.store.report(identity)
        assert found
        return found


@asynccontextmanager
async def filings(folder: Path, **settings: Any) -> AsyncIterator[Filings]:
    deaths: list[BaseException] = []
    loaded = settings_in(folder, **settings)
    store = SqliteStore(begun(loaded.gateway.data), KEY, deaths.append)
    try:
        yield Filings(loaded.gateway.data, store, rules_of(loaded, KEY))
    finally:
        await store.close()
        assert deaths == []
