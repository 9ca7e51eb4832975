"""Searches for input that a parser fails over or dawdles with, led by what it covers.

python -m tests.fuzz TARGET FOLDER [options of libFuzzer, such as -max_total_time=600]

It takes atheris, which is no dependency: pip install atheris. FOLDER keeps what was found to reach new code, and is
gone on from. A find is written to the current folder; put it among the cases of the parser's test.
"""

import sys
from importlib import import_module
from typing import Any

from tests.fuzz.targets import TARGETS


def main(target: str, *options: str) -> None:
    atheris: Any = import_module("atheris")

    run = TARGETS[target]
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *options], run)
    atheris.Fuzz()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"python -m tests.fuzz {'|'.join(TARGETS)} FOLDER [options of libFuzzer]")
    main(*sys.argv[1:])
