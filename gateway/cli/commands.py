"""All verbs of the `kanal` command."""

import sqlite3
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gateway.cli import (
    access,
    adding,
    areas,
    audit,
    backfill,
    backup,
    bursts,
    cases,
    categories,
    channel_log,
    channels,
    chat,
    check,
    costs,
    demo,
    dialogues,
    doctor,
    duplicates,
    erase,
    explaining,
    export,
    files,
    filings,
    import_,
    keys,
    learn,
    learning_duplicates,
    lists,
    new,
    notices,
    options,
    purge,
    reload,
    replay,
    route,
    run,
    schema,
    secret,
    talks,
    texts,
    trying,
    user,
)
from gateway.errors import ConfigError
from gateway.store.contract import StoreUnavailable


class Commands(TyperGroup):
    """End with a sentence where the settings, the data or the machine are at fault; our own faults keep their trace."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, sqlite3.ProgrammingError):  # a reader who has seen enough, which Typer knows; and us
            raise
        except ConfigError as error:
            options.fail(str(error), 2)
        except StoreUnavailable as error:
            options.fail(str(error))
        except sqlite3.DatabaseError as error:
            options.fail(f"kanal.db cannot be read: {error}: is it whole, and of this version of Kanal?")
        except OSError as error:
            said = f"{error.filename}: {error.strerror}" if error.filename else str(error) or repr(error)
            options.fail(f"{said}: {options.AS_THE_OWNER}" if isinstance(error, PermissionError) else said)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kanal takes citizens' reports in over every channel, keeps each one safe, and answers.",
)
app.command("run")(run.run)
app.command("reload")(reload.reload)
app.command("check")(check.check)
app.command("demo")(demo.demo)
app.command("chat")(chat.chat)
app.add_typer(cases.app, name="cases")
app.add_typer(categories.app, name="categories")
app.add_typer(learn.app, name="learn")
app.add_typer(duplicates.app, name="duplicates")
app.add_typer(texts.app, name="texts")
app.add_typer(lists.reports, name="reports")
app.add_typer(lists.deliveries, name="deliveries")
app.add_typer(files.app, name="files")
app.add_typer(lists.replies, name="replies")
app.add_typer(filings.app, name="filings")
app.add_typer(notices.app, name="notices")
app.add_typer(lists.quarantine, name="quarantine")
app.add_typer(channels.app, name="channels")
app.add_typer(dialogues.app, name="dialogues")
app.add_typer(talks.app, name="talks")
app.add_typer(areas.app, name="areas")
app.add_typer(keys.app, name="keys")
app.add_typer(user.app, name="user")
app.add_typer(secret.app, name="secret")
app.command("access")(access.access)
app.command("audit")(audit.audit)
app.command("erase")(erase.erase)
app.command("replay")(replay.replay)
lists.quarantine.command("replay")(replay.replay_quarantined)
cases.app.command("bursts")(bursts.list_)
channels.app.command("add")(adding.add)
channels.app.command("try")(trying.try_)
channels.app.command("log")(channel_log.log)
channels.app.command("costs")(costs.costs)
channels.app.command("backfill")(backfill.backfill)
learn.app.command("duplicates")(learning_duplicates.learn_duplicates)
duplicates.app.command("explain")(explaining.explain)
app.command("route")(route.route)
app.command("purge")(purge.purge)
app.command("import")(import_.import_)
app.command("export")(export.export)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(new.app, name="new")
app.command("schema")(schema.schema)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kanal {version('kanal')}")
        raise typer.Exit


@app.callback()
def root(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Shared by all commands."""
