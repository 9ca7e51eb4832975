"""A gateway that runs in the process of a test may log at any moment, also while the test reads what a command prints
that is run beside it, in another thread and with the streams of the whole process in its hands."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

import structlog
from typer.testing import CliRunner

_isolation = CliRunner.isolation
_read: set[int] = set()


def apart() -> None:
    """From now on what is logged is no part of what a command prints in another thread."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(_stream()))


@contextmanager
def _noted(runner: CliRunner, *values: Any, **options: Any) -> Iterator[Any]:
    """Whose streams they are."""
    _read.add(get_ident())
    try:
        with _isolation(runner, *values, **options) as streams:
            yield streams
    finally:
        _read.discard(get_ident())


def _stream() -> Any:
    return sys.stdout if not _read or get_ident() in _read else sys.__stdout__


CliRunner.isolation = _noted  # type: ignore[assignment,method-assign]
