"""Is the clock right, as far as it can be told from here?"""

import ctypes
import time
from pathlib import Path

from gateway.doctor.finding import Findings, Patient, fail, ok, warn
from gateway.doctor.opening import opened
from gateway.doctor.words import DAY, duration
from gateway.store.connecting import FILE
from gateway.store.standing import standing

WATCHED_SECONDS = 0.1
STEP_SECONDS = 0.05
READINGS = 5
TOLERATED_SECONDS = 120.0
UNSYNCHRONIZED = 0x40


class _Timex(ctypes.Structure):
    """adjtimex(2), as far as it is read here."""

    _fields_ = [
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 512),
    ]


def check(patient: Patient) -> Findings:
    wrong = [*_earlier_than_this_program(), *_being_set(), *_later_rows(patient)]
    yield from wrong
    if not is_synchronized():
        yield warn("clock", "nothing keeps it right", "let chrony, ntpd or systemd-timesyncd run on this machine")
    elif not wrong:
        yield ok("clock", "it is kept right (NTP)")


def is_synchronized() -> bool:
    """What the kernel was told by whoever keeps its clock; asks, and sets nothing."""
    state = _Timex()
    failed = ctypes.CDLL(None).adjtimex(ctypes.byref(state)) == -1
    return not failed and not state.status & UNSYNCHRONIZED


def _earlier_than_this_program() -> Findings:
    installed = Path(__file__).stat().st_mtime
    if time.time() < installed - DAY:
        said = f"it is {duration(installed - time.time())} before this program was installed"
        yield fail("clock", said, "set it: deadlines and limits are wrong")


def _being_set() -> Findings:
    """The monotonic clock never is."""
    before = _ahead()
    time.sleep(WATCHED_SECONDS)
    if abs(_ahead() - before) > STEP_SECONDS:
        yield warn("clock", "it is being set just now", "look again; if that goes on, see to what sets it")


def _ahead() -> float:
    """Of the monotonic clock. On a busy machine it may take long from reading the one to reading the other: of some
    readings the quickest."""
    return min(_read() for _ in range(READINGS))[1]


def _read() -> tuple[float, float]:
    began, now = time.monotonic(), time.time()
    return time.monotonic() - began, now - began


def _later_rows(patient: Patient) -> Findings:
    if not (patient.folder / FILE).exists():
        return
    with opened(patient.folder) as connection:
        latest = standing(connection).latest
    if latest is not None and latest > time.time() + TOLERATED_SECONDS:
        said = f"deliveries came in {duration(latest - time.time())} from now: it was ahead, or is behind"
        yield warn("clock", said, "is it right now?")
