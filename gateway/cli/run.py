"""`kanal run`: the gateway in the foreground."""

import asyncio
from typing import Annotated

import typer

from adapters import ChannelError
from gateway import handles, lasting, logs, settings
from gateway.cli import options
from gateway.data import DataDirectory, InUse
from gateway.errors import ConfigError, NotAvailable
from gateway.store.contract import StoreUnavailable


def run(
    config: options.ConfigArgument = None,
    data: options.DataOption = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log JSON lines to standard error.")] = False,
) -> None:
    """Run the gateway until SIGTERM or Ctrl-C, which drain it; at SIGHUP it reads its settings again.

    Exit codes: 0 stopped; 1 it cannot start; 2 the settings are wrong; 74 the data cannot be written any more.
    """
    from gateway.serving import serve  # noqa: PLC0415 half a second that no other command should wait

    logs.configure(json_logs)
    try:
        loaded = settings.load(config, data=data, make_secrets=True)
        handles.provide(loaded)
        with DataDirectory(loaded.gateway.data) as directory:
            lasting.keep()
            asyncio.run(serve(loaded, directory))
    except NotAvailable as error:
        options.fail(f"cannot start: {error}")
    except ConfigError as error:
        options.fail(str(error), 2)
    except OSError as error:
        options.fail(f"cannot start: {error.strerror or error}")
    except (InUse, StoreUnavailable, ChannelError, ValueError) as error:
        options.fail(f"cannot start: {error}")
