"""News of outside case stores on their way to disk: a piece that can never be kept costs no other."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from gateway.casestore.contract import News
from gateway.casestore.tidying import tidied
from gateway.store.contract import BadRow
from gateway.store.filings import WholeStore

log = structlog.get_logger()


async def keep(store: WholeStore, name: str, news: Sequence[News], cursor: str | None) -> int:
    """Returns once they are on disk, and with them where to go on, if that is given: how many can be kept. Raises
    `StoreUnavailable`."""
    tidy = await asyncio.to_thread(tidied, news, datetime.now(UTC))
    count = await _kept(store, name, tidy, cursor)
    if count < len(news):
        log.error("news cannot be kept and are left out", store=name, count=len(news) - count)
    return count


async def _kept(store: WholeStore, name: str, news: Sequence[News], cursor: str | None) -> int:
    try:
        await store.keep_news(name, news, cursor, time.time())
        return len(news)
    except BadRow:
        if not news:
            raise
    count = sum([await _is_kept(store, name, one) for one in news])
    await store.keep_news(name, [], cursor, time.time())
    return count


async def _is_kept(store: WholeStore, name: str, one: News) -> bool:
    try:
        await store.keep_news(name, [one], None, time.time())
        return True
    except BadRow:
        return False
