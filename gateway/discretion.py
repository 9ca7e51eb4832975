"""What a process of ours leaves behind that nobody asked for gives no citizen away."""

import logging
import os
import resource
import sys
import threading
import traceback
from types import TracebackType

from gateway.describe import describe

#: Too small for any file, and to Linux the sign to pipe no core to a program either (do_coredump in fs/coredump.c).
NO_CORE = 1


def begin() -> None:
    """First of all: files for their owner alone, no memory image after a crash, and on standard error no words of an
    exception, a warning or a library, which may quote what came in."""
    os.umask(0o077)
    if resource.getrlimit(resource.RLIMIT_CORE)[1] != 0:
        resource.setrlimit(resource.RLIMIT_CORE, (NO_CORE, NO_CORE))
    sys.excepthook = lambda _, error, trace: _told(error, trace)
    sys.unraisablehook = lambda about: _told(about.exc_value, about.exc_traceback)
    threading.excepthook = lambda about: _told(about.exc_value, about.exc_traceback)
    logging.captureWarnings(True)
    logging.getLogger().addHandler(logging.NullHandler())  # without any, Python prints them


def _told(error: BaseException | None, trace: TracebackType | None) -> None:
    where = "".join(traceback.format_tb(trace))
    print(f"Traceback (most recent call last):\n{where}{describe(error) if error else ''}", file=sys.stderr)
