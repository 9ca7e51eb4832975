"""The half of the SQLite store that serves outside case stores; see `gateway.store.filings.Filings`."""

import sqlite3
from collections.abc import Mapping, Sequence

from gateway.casestore.contract import News
from gateway.store import handover, newsrows, rows
from gateway.store.contract import CaseRow, Contact, HistoryRow
from gateway.store.filings import Filing, FilingOutcome, NewsRow, Waiting, alias
from gateway.store.reads import ADDRESSES
from gateway.store.viewing import Viewing
from gateway.vault import CannotOpen

#: By the indexes of those states: what is filed may be millions.
_WAITING = (
    "WITH waits AS (SELECT store, since, 0 AS aside FROM filings WHERE state = 'due'"
    " UNION ALL SELECT store, since, 0 FROM filings WHERE state = 'filing'"
    " UNION ALL SELECT store, NULL, 1 FROM filings WHERE state = 'aside')"
    " SELECT store, sum(1 - aside), min(since), sum(aside) FROM waits GROUP BY store"
)


class Outbox(Viewing):
    async def claim_filings(self, store: str, now: float, limit: int) -> list[Filing]:
        return await self._writer.run(lambda connection: handover.claim(connection, store, now, limit))

    async def settle_filings(self, outcomes: Sequence[FilingOutcome]) -> None:
        await self._writer.run(lambda connection: handover.settle(connection, outcomes))

    async def recover_filings(self, store: str, now: float) -> int:
        return await self._writer.run(lambda connection: handover.recover(connection, store, now))

    async def hasten_filings(self, store: str, now: float) -> int:
        return await self._writer.run(lambda connection: handover.hasten(connection, store, now))

    async def give_up_filings(self, store: str, before: float, error: str) -> int:
        return await self._writer.run(lambda connection: handover.give_up(connection, store, before, error))

    async def retry_filings(self, store: str | None, case: str | None, now: float) -> list[str]:
        return await self._writer.run(lambda connection: handover.retry(connection, store, case, now))

    async def cancel_filing(self, store: str, case: str) -> bool:
        return await self._writer.run(lambda connection: handover.cancel(connection, store, case))

    def next_filing(self, store: str) -> float | None:
        return self._time("SELECT min(due_at) FROM filings WHERE state = 'due' AND store = ?", store)

    def unconfirmed(self, store: str, now: float, limit: int) -> list[Filing]:
        sql = (
            f"SELECT {handover.FILING_COLUMNS} FROM filings WHERE store = ? AND confirm_at <= ? AND filed_version > 0"
            " ORDER BY confirm_at LIMIT ?"
        )
        return [handover.filing(row) for row in self._reader.execute(sql, (store, now, limit))]

    async def confirm_filings(self, store: str, known: Sequence[str], lost: Sequence[str], now: float) -> None:
        await self._writer.run(lambda connection: handover.confirm(connection, store, known, lost, now))

    async def keep_news(self, store: str, news: Sequence[News], cursor: str | None, now: float) -> int:
        def work(connection: sqlite3.Connection) -> int:
            return newsrows.keep(connection, self.vault, store, news, cursor, now)

        return await self._writer.run(work)

    def news_cursor(self, store: str) -> str | None:
        row = self._reader.execute("SELECT cursor FROM news_cursors WHERE store = ?", (store,)).fetchone()
        return row[0] if row else None

    async def due_news(self, store: str, limit: int) -> list[NewsRow]:
        sql = "SELECT seq, store, id, at, key, sealed FROM news WHERE store = ? AND state = 'new' ORDER BY seq LIMIT ?"
        opened: list[NewsRow] = []
        damaged: list[int] = []
        for row in self._reader.execute(sql, (store, limit)).fetchall():
            try:
                opened.append(newsrows.opened(self.vault, row))
            except CannotOpen:
                damaged.append(row[0])
        if damaged:
            await self._writer.run(lambda connection: newsrows.drop(connection, damaged))
        return opened

    async def set_news_aside(self, seqs: Sequence[int]) -> None:
        await self._writer.run(lambda connection: newsrows.set_aside(connection, seqs))

    async def forget_news(self, before: float) -> int:
        return await self._writer.run(lambda connection: newsrows.forget(connection, before))

    def numbered(self, number: str, store: str | None = None) -> list[CaseRow]:
        sql = (
            f'SELECT DISTINCT {rows.CASE_COLUMNS} FROM numbers n JOIN cases c ON c.code = n."case"'
            " WHERE n.alias = ? AND (? IS NULL OR n.store = ?)"
        )
        return [rows.case(row) for row in self._reader.execute(sql, (rows.text(alias(number)), store, store))]

    def numbers_of(self, code: str) -> Mapping[str, str]:
        sql = 'SELECT store, number FROM filings WHERE "case" = ? AND number IS NOT NULL AND filed_version > 0'
        return dict(self._reader.execute(sql, (code,)).fetchall())

    def filed_in(self, store: str, code: str) -> bool:
        sql = 'SELECT 1 FROM filings WHERE "case" = ? AND store = ?'
        return self._reader.execute(sql, (code, store)).fetchone() is not None

    def stamp(self, store: str, code: str) -> float | None:
        sql = 'SELECT stamp FROM filings WHERE "case" = ? AND store = ?'
        row = self._reader.execute(sql, (code, store)).fetchone()
        return row[0] if row else None

    def moves_beside(self, store: str, code: str) -> list[HistoryRow]:
        columns = ", ".join(f'"{name}"' for name in rows.HISTORY)
        sql = f"SELECT {columns} FROM history WHERE \"case\" = ? AND event = 'moved' AND actor <> ?"
        return [rows.past(row) for row in self._reader.execute(sql, (code, store))]

    def addresses_of(self, report: str) -> list[Contact]:
        found = self._reader.execute(ADDRESSES, (report,)).fetchall()
        known = (rows.readable_contact(self.vault, row[:3]) for row in found)
        return [contact for contact in known if contact]

    async def waiting_filings(self) -> Mapping[str, Waiting]:
        return await self.read(waiting_filings)


def waiting_filings(connection: sqlite3.Connection) -> dict[str, Waiting]:
    """What each case store was not given yet."""
    found = connection.execute(_WAITING)
    return {store: Waiting(due, oldest, aside) for store, due, oldest, aside in found}
