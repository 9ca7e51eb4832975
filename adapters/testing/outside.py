"""Notices what code does to the world outside, by Python's audit events (PEP 578)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_OUTSIDE = ("open", "os.", "socket.", "sqlite3.", "subprocess.")
_watchers: list[list[str]] = []


@contextmanager
def watched() -> Iterator[list[str]]:
    """The names of what is opened, connected to or started meanwhile."""
    _listen()
    touched: list[str] = []
    _watchers.append(touched)
    try:
        yield touched
    finally:
        _watchers.remove(touched)


@cache
def _listen() -> None:
    """An audit hook cannot be taken away, so there is only ever one."""
    sys.addaudithook(_note)


def _note(event: str, _: object) -> None:
    if _watchers and event.startswith(_OUTSIDE):
        for touched in _watchers:
            touched.append(event)
