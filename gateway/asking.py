"""Asks the server of a channel or a case store whether it can be used, without sending anything to a citizen."""

import asyncio
from collections.abc import Iterable

from adapters.contract import Adapter, Checks, Opens
from adapters.errors import ChannelError
from gateway.casestore.contract import CaseStore, CaseStoreError

TIMEOUT_SECONDS = 15.0


async def ask_all(adapters: Iterable[Adapter | CaseStore]) -> list[str | None]:
    """For each: None if it has nothing to ask, "" if all is well, else what is wrong."""
    return await asyncio.gather(*(_ask(adapter) for adapter in adapters))


async def _ask(adapter: Adapter | CaseStore) -> str | None:
    if not isinstance(adapter, Checks):
        return None
    try:
        await asyncio.wait_for(_ask_open(adapter), TIMEOUT_SECONDS)
    except TimeoutError:
        return f"no answer within {TIMEOUT_SECONDS:.0f} seconds"
    except (ChannelError, CaseStoreError) as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:  # an adapter's own fault; its message might hold a secret
        return f"the adapter failed with {type(error).__name__}"
    return ""


async def _ask_open(adapter: Checks) -> None:
    if not isinstance(adapter, Opens):
        return await adapter.check()
    await adapter.open()
    try:
        await adapter.check()
    finally:
        await adapter.close()
