"""`kanal files`: what came with reports: photos, voice notes, documents."""

import asyncio
import mimetypes
import os
from pathlib import Path
from typing import Annotated

import typer

from adapters import Attachment
from gateway import settings
from gateway.cli import looks, options
from gateway.cli.looking import Look, looking
from gateway.cli.looks import WhyOption
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_done, print_rows
from gateway.naming import file_name
from gateway.pictureformats import FORMATS
from gateway.store import copies, full
from gateway.store.copies import Scan
from gateway.vault import CannotOpen
from gateway.workers import ChildLost, NoWorker, Workers
from gateway.workorders import Setup
from normalizer.book import Book

app = typer.Typer(no_args_is_help=True, help="Files: photos, voice notes and documents that came with reports.")
TAKE_SECONDS = 30.0
NO_PHOTO = "it is damaged, too large or not kept any more: add --original for its bytes, if they are"
COLUMNS = (
    Column("REPORT", "report"),
    Column("NO", "number"),
    Column("TYPE", "media_type"),
    Column("SIZE", "size"),
    Column("FETCH", "fetch"),
    Column("COPY", "copy"),
    Column("SCAN", "scan"),
    Column("REPORTS", "with_reports"),
    Column("DOUBTS", "doubts", elastic=True),
)


@app.command("list")
def list_files(
    which: Annotated[str, typer.Argument(metavar="REPORT|CASE", help="A report's id, or a tracking code.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the files of a report, or of all reports of a case: what each is by its bytes, whether it is still to be
    fetched from where it lies, or lost, whether it has a copy for viewing, what the scanner said, and with how many
    reports the very same file came."""
    with looking(config, data) as look:
        report = which if which.startswith("r-") else ""
        found = look.views.files(report, "" if report else look.code(which))
        print_rows(found, COLUMNS, as_json, look.zone)


@app.command("refetch")
def refetch(
    which: Annotated[
        str | None, typer.Argument(metavar="REPORT|CASE", help="Only of this report, or of this case's reports.")
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="Only what came by this channel.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Try again to fetch files that are lost, once what kept them from coming is mended: the limit of their size, a
    token, the list of hosts. What the provider has deleted meanwhile is lost again."""
    if which is None and channel is None:
        options.fail("name a report or a case, or a channel by --channel", 2)
    reports = None
    if which is not None:
        with looking(config, data) as look:
            reports = _reports(look, which)
    done = options.change(config, data, "refetch", {"channel": channel, "reports": reports})
    print_done(done, f"{done['refetched']} are due now", as_json)


@app.command("save")
def save(
    report: Annotated[str, typer.Argument(help="Its id, as in r-…")],
    number: Annotated[int, typer.Argument(help="The file's number in the list.", min=1)],
    path: Annotated[Path, typer.Argument(help="A new file, or a folder to put it in.")],
    original: Annotated[
        bool,
        typer.Option("--original", help="Of a photo, too, what came in: it tells where and with what it was taken."),
    ] = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Save a file to look at or listen to: of a photo its copy for viewing, of all else what came in. Needs --why.

    What the scanner found to be malware is not saved. Voice notes are as the channel gave them: Ogg, MP4, MP3 and WAV
    play in any browser, AMR in VLC.
    """
    said = looks.reason(why)
    with looking(config, data) as look:
        one = _attachment(look, report, number)
        known = copies.get(look.views.connection, file_name(look.views.vault.lookup, one.digest or ""))
        if known and known.scan is Scan.INFECTED:
            options.fail(f"it is malware ({known.signature}): it is kept only in its delivery, which came in as it is")
        looks.record(look, "look at a file", [report, full.reporter(look.views.connection, report)], said)
        is_photo = one.media_type in FORMATS and not original
        content = copies.opened(look.views.vault, look.views.blobs, known) if known and is_photo else None
        if content is None:
            content = asyncio.run(_taken(look, config, report, one, is_photo))
        if content is None:
            options.fail(NO_PHOTO if is_photo else "it is not kept any more")
        media_type = "image/jpeg" if is_photo else one.media_type
        place = _place(path, report, number, media_type)
        _write(place, content)
        done: Row = {"report": report, "number": number, "media_type": media_type, "path": str(place)}
        print_done(done, f"{place}: {media_type}, {len(content)} bytes", as_json)


def _reports(look: Look, which: str) -> list[str]:
    """A report, or all of a case."""
    if which.startswith("r-"):
        return [which]
    return [row["id"] for row in look.views.case_reports(look.code(which))]


def _attachment(look: Look, report: str, number: int) -> Attachment:
    try:
        row = look.views.report_row(report)
    except CannotOpen as gone:
        options.fail(f"the report {report} cannot be shown: {gone}")
    if row is None:
        options.fail(f"there is no report {report}")
    if number > len(row.report.attachments):
        options.fail(f"{report} has {len(row.report.attachments)} files: see `kanal files list {report}`")
    return row.report.attachments[number - 1]


async def _taken(look: Look, config: Path | None, report: str, one: Attachment, is_photo: bool) -> bytes | None:
    """Out of what came in, by a worker process, since strangers made it."""
    loaded = settings.load(config, data=look.folder)
    setup = Setup(loaded.source, str(loaded.base), str(look.folder), Book(loaded.gateway.areas))
    workers = Workers(setup, 1)
    take = workers.photo if is_photo else workers.take
    try:
        for seq in look.views.deliveries_of(report):
            if (content := await take(look.views.opened(seq), one, TAKE_SECONDS)) is not None:
                return content
    except (ChildLost, NoWorker) as error:
        options.fail(f"it cannot be read: {error}")
    finally:
        await workers.close()
    return None


def _place(path: Path, report: str, number: int, media_type: str) -> Path:
    """In a folder it has a name of ours: its sender's may be anything."""
    if not path.is_dir():
        return path
    return path / f"{report}-{number}{mimetypes.guess_extension(media_type) or '.bin'}"


def _write(path: Path, content: bytes) -> None:
    """A file that is not there yet, for its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
