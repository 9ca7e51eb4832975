"""`kanal replay`: what a repaired parser makes of what was settled before; with --apply, put it in place.

Deliveries are read here, by this program's parsers, in worker processes of its own: an older gateway may be running.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from adapters import Delivery, Message
from gateway import categories, settings, triage
from gateway.atlases import keeping
from gateway.cli import options
from gateway.cli.looking import Look, looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, print_rows
from gateway.filed import Filed, Reading
from gateway.naming import named, report_id
from gateway.replay import Comparison, Difference, Known
from gateway.settings import Settings
from gateway.store.contract import DeliveryState
from gateway.store.rows import INTERNAL
from gateway.store.views import Views
from gateway.vault import CannotOpen
from gateway.workers import ChildLost, Workers
from gateway.workorders import Setup
from normalizer.book import Book

AT_ONCE = 32
READ_SECONDS = 20.0
COLUMNS = (
    Column("SEQ", "delivery"),
    Column("REPORT", "report"),
    Column("WHAT", "kind"),
    Column("FIELDS", "fields"),
    Column("BEFORE", "before", elastic=True),
    Column("AFTER", "after", elastic=True),
)
RELEASED = (
    Column("SEQ", "seq"),
    Column("CHANNEL", "channel"),
    Column("STATE", "state"),
    Column("REASON", "reason", elastic=True),
)
Opened = list[tuple[Known, Delivery]]


def replay(
    channel: Annotated[str, typer.Option("--channel", help="Which channel's deliveries.")],
    since: Annotated[str, typer.Option("--since", help="From when they came in, as 2026-11-20 or 2026-11-20T16:00.")],
    apply: Annotated[bool, typer.Option("--apply", help="Put the changes in place.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Read again what was settled, after a parser was repaired, and show what would change.

    With --apply changed reports get a new version in their place, reports that are found only now are filed, and
    quarantined deliveries that can be read now are processed. Nobody is told twice: only those from quarantine are
    answered, since they never were. A report that would not be found any more stays.
    """
    with looking(config, data) as look:
        name = look.channel(channel)
        loaded = settings.load(config, data=look.folder)
        if name not in {one.name for one in loaded.channels}:
            options.fail(f"the channel {name} is no longer in the settings: nothing can read its deliveries", 2)
        read = len(look.views.to_replay(str(name), _time(since, look.zone)))
        found = asyncio.run(_compare(look, loaded, str(name), _time(since, look.zone)))
        print_rows(map(_row, found), COLUMNS, as_json, look.zone)
    if apply and found:
        typer.echo(_in_words(_apply(config, data, found)), err=True)
    elif found:
        typer.echo(f"{len(found)} differences: add --apply to put them in place", err=True)
    else:
        typer.echo(f"nothing would change in {read} deliveries that were read again", err=True)


def replay_quarantined(
    seqs: Annotated[list[int] | None, typer.Argument(help="Numbers in the list.", metavar="SEQ…")] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="Only of this channel.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All there are, or all of --channel.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Have deliveries that could not be processed tried again, for example after a parser was repaired."""
    if bool(seqs) == everything:
        options.fail("say which ones by their numbers, or --all", 2)
    with looking(config, data) as look:
        every = look.views.deliveries(
            look.channel(channel), DeliveryState.QUARANTINED, options.EVERYTHING, newest=False
        )
        known = [row["seq"] for row in every]
        if unknown := set(seqs or ()) - set(known):
            options.fail(f"not in quarantine: {', '.join(map(str, sorted(unknown)))}: see `kanal quarantine list`")
        wanted = seqs or known
        done = (
            options.change(config, data, "release", {"deliveries": wanted, "actor": options.actor()}) if wanted else []
        )
        print_rows(done, RELEASED, as_json, look.zone)
    if any(row["state"] == DeliveryState.QUARANTINED for row in done):
        options.fail("not all of them can be processed: see the reasons")
    if any(row["state"] == DeliveryState.RECEIVED for row in done):
        typer.echo("they are processed when the gateway runs, or has come to them", err=True)


def _time(typed: str, zone: ZoneInfo) -> float:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        options.fail(f"'{typed}' is no time: write it as 2026-11-20 or 2026-11-20T16:00", 2)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()


async def _compare(look: Look, loaded: Settings, channel: str, since: float) -> list[Difference]:
    from rich.console import Console  # noqa: PLC0415 only here
    from rich.progress import Progress  # noqa: PLC0415

    wanted = look.views.to_replay(channel, since)
    folder, areas = look.folder, loaded.gateway.areas
    book = Book(areas, categories.load(folder), atlas=keeping.load(folder, areas), signs=triage.load(folder))
    workers = Workers(Setup(loaded.source, str(loaded.base), str(look.folder), book), loaded.gateway.workers)
    comparison = Comparison(book, partial(_named, look.views), look.views.report_row, look.views.is_talk)
    found: list[Difference] = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("reading again", total=len(wanted))
        try:
            async for known, delivery, reading in _readings(look.views, workers, channel, wanted):
                found += comparison.compare(known, delivery, reading)
                bars.advance(bar)
        finally:
            await workers.close()
    return found


def _named(views: Views, message: Message, filed: Filed) -> Filed:
    """A report that is kept has the id that it was given then, which in older stores no key made."""
    key = views.vault.lookup
    kept = views.report_of(message.channel, message.id)
    return named(key, filed, kept or report_id(key, message.channel, message.id))


async def _readings(
    views: Views, workers: Workers, channel: str, wanted: list[tuple[int, bool]]
) -> AsyncIterator[tuple[Known, Delivery, Reading]]:
    for start in range(0, len(wanted), AT_ONCE):
        some = list(_opened(views, wanted[start : start + AT_ONCE]))
        for (known, delivery), reading in zip(some, await _read(workers, channel, some), strict=True):
            yield known, delivery, reading


def _opened(views: Views, wanted: list[tuple[int, bool]]) -> Iterator[tuple[Known, Delivery]]:
    for seq, quarantined in wanted:
        try:
            delivery = views.opened(seq)
        except CannotOpen:
            continue
        if delivery.content_type not in INTERNAL:
            yield Known(seq, quarantined, views.reports_of(seq)), delivery


async def _read(workers: Workers, channel: str, some: Opened) -> list[Reading]:
    """What ends its reader is found by reading each alone."""
    try:
        return await workers.read(channel, [delivery for _, delivery in some], READ_SECONDS) if some else []
    except ChildLost as loss:
        if len(some) == 1:
            return [Reading(error=f"the reading process ended or took too long: {loss}")]
    return [reading for one in some for reading in await _read(workers, channel, [one])]


def _apply(config: Path | None, data: Path | None, found: list[Difference]) -> dict[str, int]:
    changed = [one.filed for one in found if one.filed]
    done = {"changed": 0, "processed again": 0}
    for start in range(0, len(changed), AT_ONCE):
        packed = base64.b64encode(msgspec.msgpack.encode(changed[start : start + AT_ONCE])).decode()
        values = {"filed": packed, "actor": options.actor()}
        done["changed"] += options.change(config, data, "amend", values)["changed"]
    again = sorted({one.delivery for one in found if one.kind in {"new", "readable"}})
    if again:
        options.change(config, data, "release", {"deliveries": again, "actor": options.actor()})
        done["processed again"] = len(again)
    return done


def _row(one: Difference) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(one, filed=None))
    row.pop("filed")
    return row


def _in_words(done: dict[str, int]) -> str:
    return f"{done['changed']} reports changed, {done['processed again']} deliveries are processed again"
