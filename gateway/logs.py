"""Logging without personal data: an event's keys come from a list of harmless ones; everything else is dropped."""

import logging
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog

from gateway.describe import describe

#: Keys whose values are ids, counts, names of ours or states: never contents, addresses or names of people.
HARMLESS = frozenset(
    {
        "event", "level", "timestamp", "channel", "kind", "stage", "state", "count", "seconds", "tries", "reason",
        "error", "case", "report", "reply", "delivery", "where", "listens", "data", "version", "size", "signal",
        "note", "added", "removed", "changed", "kept", "keys", "way", "unit", "store", "file", "signature",
    }
)  # fmt: skip

QUIET_SECONDS = 60.0


def configure(json: bool) -> None:
    """Log to standard error. Libraries may say what is wrong, but only at WARNING and by the name of the problem."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_harmless,
            structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Bare()], force=True)
    # aiohttp quotes over-long header lines and peers in its errors, aiosmtpd whole commands: both may name a citizen.
    for name in ("aiohttp.server", "aiohttp.access", "mail.log", "mail.debug"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def only_harmless(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in HARMLESS}


class _Bare(logging.Handler):
    """Passes on that a library complains, not its words (those of our own adapters give nobody away), and not again and
    again: without file handles, for example, asyncio complains a thousand times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, int, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        error = describe(record.exc_info[1]) if record.exc_info and record.exc_info[1] else record.levelname
        if self._is_news((record.pathname, record.lineno, error)):
            words = record.getMessage() if record.name.startswith("adapters.") else "a library complains"
            structlog.get_logger().warning(words, where=record.name, error=error)

    def _is_news(self, complaint: tuple[str, int, str]) -> bool:
        now = time.monotonic()
        if complaint in self._last and now - self._last[complaint] < QUIET_SECONDS:
            return False
        self._last[complaint] = now
        return True
