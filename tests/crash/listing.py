"""python -m tests.crash.listing deliveries|reports|replies|filed SETTINGS HELD: what a gateway holds, for a crash test
tool.

A line a delivery: what came in, and its SHA-256. A line a report: what it says. A line a reply: what the report says
that it answers. A line of what is filed: what the file HELD of an outside case store has. Of reports and replies there
are all only once every delivery is settled, and of what is filed once no case waits: that is waited for.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from gateway.settings import data_folder
from gateway.store.connecting import FILE
from tests.end_to_end.citizens import answered
from tests.end_to_end.kanal import COMMAND

Row = dict[str, Any]
SETTLED_SECONDS = 300.0


class Gateway:
    def __init__(self, config: str, held: str) -> None:
        self._config = config
        self._held = Path(held)

    def deliveries(self) -> Iterator[str]:
        for row in self._rows("deliveries", "--body", "--why", "the crash test compares"):
            yield f"{' '.join(row['body'].split())}\t{row['sha256']}"

    def reports(self) -> Iterator[str]:
        self._settled()
        yield from self._said().values()

    def replies(self) -> Iterator[str]:
        self._settled()
        said = self._said()
        return (said[report] for report in answered(self._rows("replies")).elements())

    def filed(self) -> Iterator[str]:
        self._settled()
        _until(lambda: not self._unfiled(), "cases are not filed", self._unfiled)
        yield from self._held.read_text().splitlines()

    def _unfiled(self) -> list[Any]:
        file = data_folder(Path(self._config)) / FILE
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT * FROM filings WHERE state IN ('due', 'filing')").fetchall()

    def _said(self) -> dict[str, str]:
        """What each report says, by its id."""
        return {row["id"]: json.dumps([row["subject"], row["text"]]) for row in self._rows("reports")}

    def _settled(self) -> None:
        _until(lambda: not self._rows("deliveries", "--state", "received"), "deliveries are not settled")

    def _rows(self, what: str, *options: str) -> list[Row]:
        command = [*COMMAND, what, "list", "--all", "--json", *options, "--config", self._config]
        listed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        return [json.loads(line) for line in listed.splitlines()]


def _until(look: Callable[[], bool], otherwise: str, left: Callable[[], object] = str) -> None:
    until = time.monotonic() + SETTLED_SECONDS
    while not look():
        if time.monotonic() > until:
            sys.exit(f"{otherwise} {left()}")
        time.sleep(1)


def main(what: str, config: str, held: str) -> None:
    gateway = Gateway(config, held)
    listing: dict[str, Callable[[], Iterator[str]]] = {
        "deliveries": gateway.deliveries,
        "reports": gateway.reports,
        "replies": gateway.replies,
        "filed": gateway.filed,
    }
    for line in listing[what]():
        print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
