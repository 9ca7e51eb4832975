"""`kanal cases bursts`: where the same is reported more often than usual."""

import time
from datetime import UTC, datetime

from gateway.cli.looking import looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, print_rows
from gateway.store import bursts

COLUMNS = (
    Column("AREA", "area"),
    Column("CATEGORY", "category"),
    Column("REPORTS", "reports"),
    Column("CASES", "cases"),
    Column("USUAL", "usual"),
    Column("SINCE", "since"),
)


def list_(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """List where the same was reported more often than usual in the last two hours, the most first.

    These are at least five reports of open cases of one category in one area, more than is usual there for two hours
    (USUAL, the mean of four weeks) by three times its square root.
    """
    with looking(config, data) as look:
        found = bursts.bursts(look.views.connection, time.time())
        print_rows((row | {"since": _time(row["since"])} for row in found), COLUMNS, as_json, look.zone)


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
