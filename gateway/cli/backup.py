"""`kanal backup` and `kanal restore`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway import master, settings
from gateway.backup import keeping, making, record, restoring
from gateway.backup.making import Made
from gateway.backup.manifest import BackupError, Manifest
from gateway.backup.record import LastBackup
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption
from gateway.cli.printing import print_done, print_json_lines
from gateway.cli.progress import progress
from gateway.data import InUse
from gateway.errors import ConfigError
from gateway.store import upgrade
from gateway.store.connecting import FILE


def backup(
    into: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder of the backups, on another disk; each gets a folder of its own."),
    ],
    keep: Annotated[
        int | None, typer.Option(min=1, help="Then remove all but so many backups of this data folder.")
    ] = None,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Put master key and secrets in: whoever has the backup can read it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Back up the data folder, while the gateway runs or not, and check what was written.

    All that was acknowledged before it began is in it. The master key is in it only if asked for: keep it elsewhere,
    since nobody can read a backup without it.
    """
    folder = options.data_folder(config, data)
    _refuse(folder, into)
    try:
        keeping.remove_drafts(into)
        with progress() as tell, _tidy_end():
            made = making.make(folder, into, with_keys, tell)
    except BackupError as error:
        options.fail(str(error))
    _record(folder, made)
    removed = keeping.keep_newest(into, making.source_of(folder), keep, made.folder) if keep else []
    _say(made, removed, as_json)
    _warn(folder, made, config)


def _refuse(folder: Path, into: Path) -> None:
    if not (folder / FILE).exists():
        options.fail(f"there is no data in {folder} to back up")
    if not into.is_dir():
        options.fail(f"there is no folder {into}: make it first (is its disk mounted?)")
    if into.resolve().is_relative_to(folder.resolve()):
        options.fail(f"{into} is in the data folder: back up to another disk, else both are lost at once")


def _record(folder: Path, made: Made) -> None:
    last = LastBackup(made.manifest.made_at.timestamp(), str(made.folder.resolve()), made.digest, made.manifest.size)
    try:
        record.write(folder, last)
    except OSError as error:
        options.fail(f"{made.folder} is whole, but {folder / record.FILE} cannot be written: {error.strerror}")


def _say(made: Made, removed: list[Path], as_json: bool) -> None:
    told = made.manifest
    if as_json:
        row = {"backup": str(made.folder), "made_at": told.made_at, "manifest": made.digest, "size": told.size}
        lists = {"rows": told.rows, "missing": told.missing, "removed": [str(path) for path in removed]}
        print_json_lines([row | {"files": len(told.files)} | lists])
        return
    for path in removed:
        typer.echo(f"removed {path}")
    database = told.files[FILE].size
    typer.echo(
        f"{made.folder}: whole and checked: {_megabytes(told.size)}, of which the database has {_megabytes(database)},"
        f" {len(told.files) - 1} files besides; {told.rows['deliveries']:,} deliveries, {told.rows['cases']:,} cases"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _warn(folder: Path, made: Made, config: Path | None) -> None:
    if made.lost:
        typer.echo(f"warning: the data folder has lost {len(made.lost)} bodies: {', '.join(made.lost)}", err=True)
    if made.folder.stat().st_dev == folder.stat().st_dev:
        typer.echo(f"warning: {made.folder} is on the same disk as the data: copy it to another machine", err=True)
    if not upgrade.is_sealed(made.manifest.migrations):
        typer.echo("AN OLDER KANAL SEALED NOTHING OF THE DATA: whoever gets this backup can read all.", err=True)
        return
    if master.FILE in made.manifest.files:
        typer.echo("THE MASTER KEY IS IN IT: whoever gets this backup can read everything.", err=True)
        return
    where = _place(_named_key(config), folder / master.FILE)
    typer.echo(
        f"THE MASTER KEY IS NOT IN IT: it is {where}. Keep a copy of it, and of {folder / 'secrets'}, in another place:"
        " without it nobody can ever read this backup.",
        err=True,
    )


def _named_key(config: Path | None) -> Any:
    """What the settings say of the master key; a backup is made however wrong they are."""
    try:
        table = settings.outline(config).get("gateway")
    except ConfigError:
        return None
    return table.get("master_key") if isinstance(table, dict) else None


def _place(named: Any, beside_the_data: Path) -> str:
    match named:
        case {"env": name}:
            return f"in the environment variable {name}"
        case {"file": path}:
            return f"in the file {path}"
        case _:
            return str(beside_the_data)


def restore(
    source: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="One backup: a folder such as kanal-20261101T020000Z.")
    ],
    key: Annotated[
        Path | None, typer.Option(help="File with the master key, to be put in.", exists=True, dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Put a backup into a new or empty data folder, after a check of every byte; never over what is there.

    What was acknowledged after the backup began is not in it: providers that deliver again are recognised. A reply
    that was due at its time is sent, perhaps once more.
    """
    folder = options.data_folder(config, data)
    try:
        with progress() as tell, _tidy_end():
            told = restoring.restore(source, folder, tell, _key(key) if key else None)
    except (BackupError, InUse) as error:
        options.fail(str(error))
    _say_restored(source, folder, told, _needed(folder, config), as_json)


def _key(file: Path) -> bytes:
    """As Kanal makes it, or as an environment variable or file of the operator's holds it."""
    content = file.read_bytes()
    try:
        return master.decoded(content.decode("ascii"))
    except ValueError:
        pass
    if not content or len(content) % master.KEY_BYTES:  # several, if changing it was cut short
        options.fail(f"{file} does not hold a master key: {master.KEY_BYTES} bytes, or these in base64 or hex", 2)
    return content


def _say_restored(source: Path, folder: Path, told: Manifest, needed: list[str], as_json: bool) -> None:
    row = {"data": str(folder), "made_at": told.made_at, "made_by": told.made_by, "rows": told.rows}
    lists = {"missing": told.missing, "needed": needed}
    made = f"{source.name} of {told.made_at:%Y-%m-%d %H:%M} UTC by {told.made_by}"
    held = f"{told.rows['deliveries']:,} deliveries, {told.rows['cases']:,} cases"
    print_done(row | lists, f"{folder}: restored from {made}: {held}", as_json)
    for name in needed:
        typer.echo(_NEEDED[name].format(folder=folder), err=True)
    if told.missing:
        typer.echo(f"warning: {len(told.missing)} bodies were not in the data folder any more", err=True)


def _needed(folder: Path, config: Path | None) -> list[str]:
    elsewhere = {master.FILE} if _named_key(config) else set()
    return [name for name in making.KEYS if name not in elsewhere and not (folder / name).exists()]


_NEEDED = {
    "master.key": "still needed: {folder}/master.key (mode 0600): the key of the gateway that made the backup",
    "secrets": "still needed: {folder}/secrets: without it new secrets are made, which the providers must be told",
}


@contextmanager
def _tidy_end() -> Iterator[None]:
    """SIGTERM is like Ctrl-C: what was begun is removed."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
