"""Another's judge: called in the judge's process, and neither believed nor waited for for long.

A judge is what the entry point of the group `kanal.judges` names: something that is called with a report, its
candidates and their window (see `dedupe`) and answers with a `Verdict`. It is asked one report after the other, in one
thread. What it prints is dropped: it may be of citizens' words.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import FrameType
from typing import NoReturn

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import Kind, Verdict
from dedupe.window import Window
from gateway.describe import describe

Judgement = Callable[[Fingerprint, Sequence[Fingerprint], Window], Verdict]

#: For all reports that are judged at once.
SECONDS = 2.0
MOST_REASONS, LONGEST_REASON = 20, 200


class JudgeFailed(Exception):
    """It raised, took too long or gave no verdict. The message tells nothing of any report."""


class _TooSlow(BaseException):
    """Passes what catches every `Exception`."""


class Guarded:
    """Of one batch of reports, which have so many seconds together. For the main thread only."""

    def __init__(self, judgement: Judgement, seconds: float = SECONDS) -> None:
        self._judgement = judgement
        self._until = time.monotonic() + seconds

    def judge(self, report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
        """Raises `JudgeFailed`."""
        try:
            with _alarm(self._until - time.monotonic()), _silence():
                found = self._judgement(report, candidates, window)
        except _TooSlow:
            raise JudgeFailed("it took too long") from None
        except MemoryError:
            raise
        except Exception as error:
            raise JudgeFailed(describe(error)) from None
        return _checked(found, {one.report for one in candidates} - {report.report})


def _checked(found: object, known: set[str]) -> Verdict:
    """Only what a verdict may say."""
    if not isinstance(found, Verdict):
        raise JudgeFailed("what it answers is no Verdict")
    try:
        verdict = msgspec.convert(msgspec.to_builtins(found), Verdict)
    except (msgspec.ValidationError, TypeError, RecursionError):
        raise JudgeFailed("its Verdict holds what none may hold") from None
    if verdict.kind is not Kind.NEW and verdict.same_as not in known:
        raise JudgeFailed("it names a report that was no candidate")
    if not 0 <= verdict.score <= 1:
        raise JudgeFailed("its score is no probability")
    reasons = tuple(reason[:LONGEST_REASON] for reason in verdict.reasons[:MOST_REASONS])
    other = None if verdict.kind is Kind.NEW else verdict.same_as
    return msgspec.structs.replace(verdict, same_as=other, reasons=reasons)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raises `_TooSlow` within, after so many seconds."""
    if seconds <= 0:
        raise _TooSlow
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> NoReturn:
    raise _TooSlow


@contextmanager
def _silence() -> Iterator[None]:
    """The process answers on its standard output."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):  # noqa: PTH123
        yield
