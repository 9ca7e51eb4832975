"""Runs all tests, and the few that fail once more, alone: `python -m tests.whole`, what `make test` runs.

Many tests talk to real servers, browsers and processes that are killed, on a machine that does other things too. What
fails twice is broken. What fails once is named at the end, as it is a fault in the test or in the product either way.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

_PYTEST = (sys.executable, "-m", "pytest")
#: Three at a time on two cores, as many of them wait.
_TOGETHER = ("--cache-clear", "--numprocesses=3", "--dist=loadfile", "--no-loadscope-reorder")
#: More than so many are no accident.
MOST = 3


def main(options: Sequence[str]) -> int:
    """pytest's exit status."""
    status = _run(*_TOGETHER, *options)
    failed = _failed()
    if status != pytest.ExitCode.TESTS_FAILED or not 0 < len(failed) <= MOST:
        return status
    print(f"\n{_count(failed)} failed, and is run once more, alone.", flush=True)
    status = _run("--last-failed", *options)
    if status == pytest.ExitCode.OK:
        print("\nUNSTEADY, passed only alone:", *failed, sep="\n  ", flush=True)
    return status


def _run(*options: str) -> int:
    return subprocess.run([*_PYTEST, *options], check=False).returncode


def _failed() -> Sequence[str]:
    """What failed last, as pytest's own cache has it."""
    kept = Path(".pytest_cache/v/cache/lastfailed")
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


def _count(tests: Sequence[str]) -> str:
    return "One test" if len(tests) == 1 else f"Each of {len(tests)} tests"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
