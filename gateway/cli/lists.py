"""`kanal reports|deliveries|replies|quarantine`: looking at what is kept."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from gateway.cli import looks, options
from gateway.cli.looking import Look, looking
from gateway.cli.looks import WhyOption
from gateway.cli.options import AllOption, ConfigOption, DataOption, JsonOption, LimitOption
from gateway.cli.printing import Column, Row, print_done, print_fields, print_rows
from gateway.store import full
from gateway.store.contract import DeliveryState, ReplyState
from gateway.vault import CannotOpen

reports = typer.Typer(no_args_is_help=True, help="Reports: what citizens said, in one schema.")
deliveries = typer.Typer(no_args_is_help=True, help="Deliveries: what came in, byte for byte.")
replies = typer.Typer(no_args_is_help=True, help="Replies: what citizens were told, and what became of it.")
quarantine = typer.Typer(no_args_is_help=True, help="Deliveries that could not be processed, and why.")

ChannelOption = Annotated[str | None, typer.Option("--channel", help="Only of this channel.")]
DeliveryStateOption = Annotated[
    str | None, typer.Option("--state", help=f"Only those in this state: {', '.join(DeliveryState)}.")
]
ReplyStateOption = Annotated[
    str | None, typer.Option("--state", help=f"Only those in this state: {', '.join(ReplyState)}.")
]
BodyOption = Annotated[
    bool,
    typer.Option("--body", help="With --json: the body as text, which shows who wrote, and its SHA-256; needs --why."),
]
HeadersOption = Annotated[
    bool, typer.Option("--body", help="Also headers and body as text, which show who wrote, and SHA-256; needs --why.")
]
SeqArgument = Annotated[int, typer.Argument(help="Its number in the list.")]
RawOption = Annotated[
    bool, typer.Option("--raw", help="Only the body, byte for byte, which shows who wrote; needs --why.")
]
FullOption = Annotated[bool, typer.Option("--full", help="Also all its words and who reported; needs --why.")]
CHANNEL = Column("CHANNEL", "channel")
TEXT = Column("TEXT", "text", elastic=True)
REPORTS = (Column("REPORT", "id"), Column("WHEN", "received_at"), CHANNEL, Column("CASE", "case"), TEXT)
REPLIES = (Column("REPLY", "id"), Column("WHEN", "created_at"), CHANNEL, Column("STATE", "state"), TEXT)
DELIVERIES = (
    Column("SEQ", "seq"),
    Column("WHEN", "received_at"),
    CHANNEL,
    Column("STATE", "state"),
    Column("SIZE", "size"),
    Column("TRIES", "tries"),
)
QUARANTINED = (
    Column("SEQ", "seq"),
    CHANNEL,
    Column("WHEN", "received_at"),
    Column("STAGE", "stage"),
    Column("REASON", "reason", elastic=True),
)


@reports.command("list")
def list_reports(
    channel: ChannelOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List reports, newest first."""
    with looking(config, data) as look:
        found = look.views.reports(look.channel(channel), options.most(limit, everything), newest=not everything)
        print_rows(found if as_json else map(_in_words, found), REPORTS, as_json, look.zone)


def _in_words(report: Row) -> Row:
    """Mail may say all in its subject."""
    return report | {"text": report["text"] or report["subject"]}


@reports.command("show")
def show_report(
    report: Annotated[str, typer.Argument(help="Its id, as in r-…")],
    all_words: FullOption = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one report, with what it was linked to and why."""
    said = looks.reason(why) if all_words else ""
    with looking(config, data) as look:
        row = look.views.report(report)
        if row and all_words:
            looks.record(look, "look at a report", [report, full.reporter(look.views.connection, report)], said)
            row |= full.report(look.views.connection, look.views.vault, report)
        _show(look, row, f"there is no report {report}", as_json)


@deliveries.command("list")
def list_deliveries(
    channel: ChannelOption = None,
    state: DeliveryStateOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    body: BodyOption = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List deliveries, newest first."""
    said = looks.reason(why) if body else ""
    options.refuse_unknown("state", state, DeliveryState)
    with looking(config, data) as look:
        most = options.most(limit, everything)
        found = look.views.deliveries(look.channel(channel), state, most, newest=not everything)
        print_rows(_with_bodies(look, list(found), said) if body else found, DELIVERIES, as_json, look.zone)


@deliveries.command("show")
def show_delivery(
    seq: SeqArgument,
    raw: RawOption = False,
    body: HeadersOption = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one delivery."""
    said = looks.reason(why) if raw or body else ""
    with looking(config, data) as look:
        _show_delivery(look, look.views.delivery(seq), f"there is no delivery {seq}", raw, said, as_json)


@quarantine.command("list")
def list_quarantine(
    channel: ChannelOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List deliveries that could not be processed, newest first."""
    with looking(config, data) as look:
        most = options.most(limit, everything)
        found = look.views.deliveries(look.channel(channel), DeliveryState.QUARANTINED, most, newest=not everything)
        print_rows(found, QUARANTINED, as_json, look.zone)


@quarantine.command("show")
def show_quarantined(
    seq: SeqArgument,
    raw: RawOption = False,
    body: HeadersOption = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one delivery that could not be processed."""
    said = looks.reason(why) if raw or body else ""
    with looking(config, data) as look:
        row = look.views.delivery(seq)
        quarantined = row if row and row["state"] == DeliveryState.QUARANTINED else None
        _show_delivery(look, quarantined, f"there is no delivery {seq} in quarantine", raw, said, as_json)


@replies.command("list")
def list_replies(
    channel: ChannelOption = None,
    state: ReplyStateOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List replies, newest first."""
    options.refuse_unknown("state", state, ReplyState)
    with looking(config, data) as look:
        most = options.most(limit, everything)
        found = look.views.replies(look.channel(channel), state, most, newest=not everything)
        print_rows(found if as_json else map(_with_fate, found), REPLIES, as_json, look.zone)


def _with_fate(row: Row) -> Row:
    """What became of a reply that went astray, beside its state."""
    return row | {"state": f"{row['state']}, passed on"} if row["passed_on"] else row


@replies.command("show")
def show_reply(
    reply: Annotated[str, typer.Argument(help="Its id, as in a-…")],
    all_words: Annotated[
        bool, typer.Option("--full", help="Also whom it is for and, if it was kept, its PIN; needs --why.")
    ] = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one reply."""
    said = looks.reason(why) if all_words else ""
    with looking(config, data) as look:
        row = look.views.reply(reply)
        if row and all_words:
            looks.record(look, "look at a reply", [reply, full.addressee(look.views.connection, reply)], said)
            row |= full.reply(look.views.connection, look.views.vault, reply)
        _show(look, row, f"there is no reply {reply}", as_json)


@replies.command("resend")
def resend(
    reply: Annotated[str, typer.Argument(help="Its id, as in a-…")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Send a reply again that failed, was kept, or may not have been sent; one that waits is tried at once."""
    done = options.change(config, data, "resend", {"reply": reply})
    print_done(done, f"{reply} is due again", as_json)


def _show(look: Look, row: Row | None, missing: str, as_json: bool) -> None:
    if row is None:
        options.fail(missing)
    print_fields(row, as_json, look.zone)


def _with_bodies(look: Look, found: list[Row], why: str) -> Iterator[Row]:
    looks.record(look, "look at deliveries", looks.numbers(row["seq"] for row in found), why)
    return map(look.views.with_body, found)


def _show_delivery(look: Look, row: Row | None, missing: str, raw: bool, why: str, as_json: bool) -> None:
    """What is sealed of it only with a reason."""
    if row and why:
        looks.record(look, "look at a delivery", looks.numbers([row["seq"]]), why)
    if row and raw:
        _write_body(look, row["seq"])
    else:
        _show(look, look.views.with_body(row) if row and why else row, missing, as_json)


def _write_body(look: Look, seq: int) -> None:
    try:
        sys.stdout.buffer.write(look.views.body(seq))
    except CannotOpen as gone:
        options.fail(f"delivery {seq} cannot be shown: {gone}")
