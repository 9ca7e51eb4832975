"""The outside case stores of a running gateway: each with its settings and how it fares."""

from collections.abc import Mapping

import structlog

from adapters import Opens
from gateway import registry
from gateway.casestore.contract import CaseStore, CaseStoreSettings
from gateway.channels import mark_of
from gateway.describe import describe
from gateway.health.condition import State
from gateway.settings import Settings

log = structlog.get_logger()


class Outside:
    """One case store, alive. `note` says in words what is wrong, without personal data."""

    def __init__(self, settings: CaseStoreSettings, client: CaseStore, mark: bytes = b"") -> None:
        self.settings = settings
        self.client = client
        self.mark = mark
        self.state = State.STARTING
        self.note = ""
        self._was_opened = False

    @property
    def name(self) -> str:
        return self.settings.name

    def is_now(self, state: State, note: str = "") -> bool:
        """Take on a state; whether that is a change, so that an outage is logged once and its end once."""
        changed = state is not self.state
        self.state, self.note = state, note
        return changed

    async def open(self) -> None:
        """What cannot be opened is down, and keeps nothing else from starting."""
        self._was_opened = True
        try:
            if isinstance(self.client, Opens):
                await self.client.open()
            self.is_now(State.OK)
        except Exception as error:
            self.is_now(State.DOWN, describe(error))
            log.error("a case store could not be opened", store=self.name, error=describe(error))

    async def close(self) -> None:
        """Once only, and only if it was opened."""
        if not self._was_opened or not isinstance(self.client, Opens):
            return
        self._was_opened = False
        try:
            await self.client.close()
        except Exception as error:
            log.error("a case store could not be closed", store=self.name, error=describe(error))


def build(settings: Settings, before: Mapping[str, Outside] | None = None) -> dict[str, Outside]:
    """Case stores by name; those of `before` that are wanted just as they are. Nothing outside is touched.

    Raises `ConfigError`.
    """
    return {one.name: _outside(one, (before or {}).get(one.name)) for one in settings.case_stores}


def _outside(settings: CaseStoreSettings, before: Outside | None) -> Outside:
    mark = mark_of(settings)
    unchanged = before is not None and before.mark == mark
    return before if before and unchanged else Outside(settings, built(settings), mark)


def built(settings: CaseStoreSettings) -> CaseStore:
    """The case store's client; building it touches nothing outside."""
    return registry.case_store(settings.kind)(settings)
