"""Asks the server of a channel or a case store whether it can be used, without sending anything to a citizen."""

import asyncio
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal

from adapters.contract import Adapter, Checks, Opens
from adapters.errors import ChannelDown, ChannelError
from gateway.casestore.contract import CaseStore, CaseStoreError

TIMEOUT_SECONDS = 15.0
Noting = AbstractContextManager[Any]


async def ask_all(adapters: Iterable[Adapter | CaseStore]) -> list[str | None]:
    """For each: None if it has nothing to ask, "" if all is well, else what is wrong."""
    return await asyncio.gather(*(told(adapter) for adapter in adapters))


async def told(adapter: Adapter | CaseStore, noting: Noting | None = None) -> str | None:
    """Of one of them, as `ask_all`."""
    if not isinstance(adapter, Checks):
        return None
    match await _asked(adapter, noting):
        case False:
            return None
        case None:
            return ""
        case Silent() as fault:
            return str(fault)
        case fault:
            return f"{type(fault).__name__}: {fault}"


class Silent(ChannelDown):
    """It did not answer, or the adapter failed at it."""


async def ask(adapter: Checks, noting: Noting | None = None) -> ChannelError | CaseStoreError | None:
    """What is wrong; None if all is well. `noting` is what it is done within, and is told of errors."""
    return await _asked(adapter, noting) or None


async def _asked(adapter: Checks, noting: Noting | None) -> ChannelError | CaseStoreError | Literal[False] | None:
    """The same; False if there was nobody to ask."""
    try:
        with noting or nullcontext():
            if await asyncio.wait_for(_ask_open(adapter), TIMEOUT_SECONDS) is False:
                return False
    except TimeoutError:
        return Silent(f"no answer within {TIMEOUT_SECONDS:.0f} seconds")
    except (ChannelError, CaseStoreError) as error:
        return error
    except Exception as error:  # an adapter's own fault; its message might hold a secret
        return Silent(f"the adapter failed with {type(error).__name__}")
    return None


async def _ask_open(adapter: Checks) -> bool | None:
    if not isinstance(adapter, Opens):
        return await adapter.check()
    await adapter.open()
    try:
        return await adapter.check()
    finally:
        await adapter.close()
