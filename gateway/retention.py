"""What has been kept for as long as the settings say is forgotten, each day and when somebody asks for it."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

import structlog

from adapters import ChannelSettings
from gateway.store import withdraw
from gateway.store.contract import Entry
from gateway.store.purge import AT_ONCE, DAY, Overdue, Retention
from gateway.store.sqlite import SqliteStore

EVERYTHING = 1 << 62
COUNTED = ("deliveries", "reports", "replies", "contacts", "talks", "answers")
#: For channels that are in the data and no longer in the settings.
GONE = ChannelSettings(name="gone", kind="gone")

log = structlog.get_logger()


class Forgetting:
    """`channels` gives the settings that are in force, `log_days` how long the channel log is kept (0: for ever)."""

    def __init__(
        self, store: SqliteStore, channels: Callable[[], Iterable[ChannelSettings]], log_days: Callable[[], int]
    ) -> None:
        self._store = store
        self._log_days = log_days
        self._channels = channels

    def verbs(self) -> dict[str, Callable[..., Awaitable[object]]]:
        """What commands may ask for, by name."""
        return {"purge": self.purge}

    async def run(self) -> None:
        """Forget what is overdue, each day; not by a clock that has just leapt."""
        while True:
            if await self._store.clock_is_steady(time.time()):
                await self._purge_by_itself()
            else:
                log.warning("the gateway stood still or the clock was set: for a week, nothing is forgotten by itself")
            await asyncio.sleep(DAY)

    async def _purge_by_itself(self) -> None:
        done = await self.purge(actor="kanal")
        if any(done.values()):
            log.info("what was kept for long enough is forgotten", count=sum(done.values()))

    async def purge(self, actor: str, dry_run: bool = False) -> dict[str, int]:
        """Forget what has been kept for long enough; how many of each."""
        now = time.time()
        done: Counter[str] = Counter()
        rules = {one.name: one for one in self._channels()}
        for channel in self._store.known_channels():
            rule = rules.get(channel, GONE)
            done += await self._forget(channel, Retention(rule.keep_raw_days, rule.keep_person_days), now, dry_run)
        files = await self._store.orphans(now, remove=not dry_run)
        counted = {name: done[name] for name in COUNTED} | {"files": files}
        if not dry_run:
            await self._forget_log(now)
            await self._store.destroy(lambda connection: withdraw.drop_old_words(connection, now - 2 * DAY))
        if any(counted.values()) and not dry_run:
            await self._store.empty_log()
            await self._store.record(Entry(actor=actor, action="purge", about=(), why=_in_words(counted)))
        return counted

    async def _forget_log(self, now: float) -> None:
        if days := self._log_days():
            await self._store.forget_exchanges(now - days * DAY)

    async def _forget(self, channel: str, kept: Retention, now: float, dry_run: bool) -> Counter[str]:
        if dry_run:
            return _counted(await self._store.overdue(channel, kept, now, EVERYTHING))
        done: Counter[str] = Counter()
        while found := await self._store.overdue(channel, kept, now, AT_ONCE):
            done += _counted(await self._store.forget(channel, kept, now, found))
        return done


def _in_words(counted: dict[str, int]) -> str:
    return "kept for long enough: " + ", ".join(f"{count} {name}" for name, count in counted.items())


def _counted(found: Overdue) -> Counter[str]:
    return Counter({name: len(getattr(found, name)) for name in COUNTED})
