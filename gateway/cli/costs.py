"""`kanal channels costs`: what the use of channels cost in a month."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from msgspec.structs import fields

from adapters import Costs
from gateway import money, registry, settings, spending
from gateway.cli import options
from gateway.cli.looking import Look, looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_rows
from gateway.errors import ConfigError
from gateway.fieldtypes import bare

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
#: Of everything that was charged for together.
ALL = "all"
COSTS = (
    Column("CHANNEL", "channel"),
    Column("FOR", "unit"),
    Column("COUNT", "count"),
    Column("COST", "told"),
    Column("OF", "of", optional=True),
)


def costs(
    name: Annotated[str | None, typer.Argument(help="Only of this channel.", metavar="[NAME]")] = None,
    month: Annotated[str | None, typer.Option(help="Of this month, as in 2026-11; this one if left out.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """What providers charged for in a month (of UTC), by channel, and how much of its cap that is."""
    if month and not _MONTH.fullmatch(month):
        options.fail(f"{month!r} is no month: write it like 2026-11", 2)
    with looking(config, data) as look:
        look.channel(name)
        found = of_month(look, config, month or spending.month(time.time()))
        rows = (row for row in found if name in (None, row["channel"]))
        shown = rows if as_json else (row | {"told": _told(row["cost"], row), "of": _cap(row)} for row in rows)
        print_rows(shown, COSTS, as_json, look.zone)


def in_short(look: Look, config: Path | None) -> Mapping[str, str]:
    """What each channel cost this month, as in "$41.20 of $150.00"."""
    totals = [row for row in of_month(look, config, spending.month(time.time())) if row["unit"] == ALL]
    return {row["channel"]: " of ".join(filter(None, (_told(row["cost"], row), _cap(row)))) for row in totals}


def of_month(look: Look, config: Path | None, month: str) -> list[Row]:
    """A row for each thing that was charged for, and one for each channel in all."""
    units: list[Row] = [
        {"channel": one.channel, "unit": one.unit, "currency": one.currency, "count": one.count, "cost": one.cost}
        for one in look.views.spent(month)
    ]
    caps = {(name, one.currency): one.monthly_cap for name, one in _costs(config) if one.monthly_cap}
    sums = defaultdict[tuple[str, str], float](float, dict.fromkeys(caps, 0.0))
    for row in units:
        sums[row["channel"], row["currency"]] += row["cost"]
    totals: list[Row] = [
        {"channel": channel, "unit": ALL, "currency": currency, "count": None, "cost": cost}
        for (channel, currency), cost in sums.items()
    ]
    rows = [
        {"month": month, **row, "monthly_cap": caps.get((row["channel"], row["currency"])) if row in totals else None}
        for row in (*units, *totals)
    ]
    return sorted(rows, key=lambda row: (row["channel"], row["currency"], row["unit"] == ALL))


def _told(amount: float | None, row: Row) -> str:
    return money.told(amount, row["currency"]) if amount is not None and row["currency"] else ""


def _cap(row: Row) -> str:
    return _told(row["monthly_cap"], row)


def _costs(config: Path | None) -> Iterator[tuple[str, Costs]]:
    """By channel, however wrong the settings are otherwise."""
    tables = settings.outline(config).get("channels")
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict) and (found := _read(str(table.get("kind")), table.get("costs", {}))):
            yield str(table.get("name")), found


def _read(kind: str, table: Any) -> Costs | None:
    try:
        known = {field.name: bare(field.type) for field in fields(registry.adapter(kind).Settings)}
        found = msgspec.convert(table, known["costs"]) if "costs" in known else None
    except (ConfigError, msgspec.ValidationError):
        return None
    return found if isinstance(found, Costs) else None
