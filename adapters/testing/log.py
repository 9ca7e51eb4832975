"""What code says meanwhile: to the log, and to the terminal."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

#: What servers in the same process say of a request is not the adapter's.
_OTHERS = ("aiohttp.access", "aiohttp.server", "asyncio")


class Said(logging.Handler):
    """`entries` are those that an operator sees; `everything` is what was said at any level, or printed."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.entries: list[str] = []
        self._told: list[str] = []
        self.printed = io.StringIO()

    @property
    def everything(self) -> str:
        return "\n".join([*self._told, self.printed.getvalue()])

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_OTHERS):
            return
        said = logging.Formatter().format(record)
        self._told.append(said)
        if record.levelno >= logging.INFO:
            self.entries.append(said)


@contextmanager
def heard() -> Iterator[Said]:
    """Listens to every logger, at every level."""
    said, root = Said(), logging.getLogger()
    level = root.level
    root.addHandler(said)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(said.printed), redirect_stderr(said.printed):
            yield said
    finally:
        root.removeHandler(said)
        root.setLevel(level)
