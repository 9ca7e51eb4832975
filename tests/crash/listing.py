"""python -m tests.crash.listing deliveries|reports|replies SETTINGS: what a gateway holds, for a crash test tool.

A line a delivery: what came in, and its SHA-256. A line a report: what it says. A line a reply: what the report says
that it answers. Of reports and replies there are all only once every delivery is settled, which is waited for.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.end_to_end.citizens import answered
from tests.end_to_end.kanal import COMMAND

Row = dict[str, Any]
SETTLED_SECONDS = 120.0


class Gateway:
    def __init__(self, config: str) -> None:
        self._config = config

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

    def _said(self) -> dict[str, str]:
        """What each report says, by its id."""
        return {row["id"]: json.dumps([row["subject"], row["text"]]) for row in self._rows("reports")}

    def _settled(self) -> None:
        until = time.monotonic() + SETTLED_SECONDS
        while self._rows("deliveries", "--state", "received"):
            if time.monotonic() > until:
                sys.exit("deliveries are not settled")
            time.sleep(1)

    def _rows(self, what: str, *options: str) -> list[Row]:
        command = [*COMMAND, what, "list", "--all", "--json", *options, "--config", self._config]
        listed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        return [json.loads(line) for line in listed.splitlines()]


def main(what: str, config: str) -> None:
    gateway = Gateway(config)
    listing: dict[str, Callable[[], Iterator[str]]] = {
        "deliveries": gateway.deliveries,
        "reports": gateway.reports,
        "replies": gateway.replies,
    }
    for line in listing[what]():
        print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
