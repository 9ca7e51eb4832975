"""What pages work with: they read the store, ask for the same acts as commands, and take reports in as channels do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from adapters import Accept
from dedupe.fingerprint import Fingerprint
from dedupe.verdict import Verdict
from gateway.accounts.door import Door
from gateway.accounts.own import Own
from gateway.console.case.presence import Presence
from gateway.console.form.gate import Gate
from gateway.console.looks import Looks
from gateway.console.wording import Wording
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.filing import Rules
from gateway.lineup import Lineup
from gateway.settings import Settings
from gateway.store.contract import Entry
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from gateway.transfer.running import Imports

T = TypeVar("T")
#: The open reports that are most like one that is being written, at most so many.
Alike = Callable[[Fingerprint, int], Awaitable[Sequence[Verdict]]]


class Means:
    """`lineup` gives the one in force; `verbs` are those of the control socket, by name; `alike` asks the judge;
    who comes in and what they do with their own account goes by `door` and `own`."""

    def __init__(
        self,
        store: SqliteStore,
        looks: Looks,
        lineup: Callable[[], Lineup],
        accept: Accept,
        verbs: Mapping[str, Verb],
        alike: Alike,
        door: Door,
        imports: Imports,
    ) -> None:
        self.store = store
        self.imports = imports
        self.accept = accept
        self.alike = alike
        self.door = door
        self.own = Own(store, door)
        self.gate = Gate()
        self.presence = Presence()
        self._looks = looks
        self._lineup = lineup
        self._verbs = verbs
        self.wording = Wording.load(self.settings.gateway.data)

    @property
    def lineup(self) -> Lineup:
        return self._lineup()

    @property
    def settings(self) -> Settings:
        return self.lineup.settings

    @property
    def rules(self) -> Rules:
        return self.lineup.rules

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.gateway.timezone)

    async def look(self, look: Callable[[Views], T]) -> T:
        """What is found in the store, read in another thread. Raises `StoreUnavailable`."""
        return await self._looks.look(look)

    async def ask(self, verb: str, **values: Any) -> Any:
        """Have something done, in builtin types, as over the control socket. Raises `OperationRefused`."""
        return msgspec.to_builtins(await self._verbs[verb](**values))

    async def record(self, actor: str, action: str, about: Sequence[str], why: str = "") -> None:
        """Put a look into the audit log, before anything is shown. Raises `OperationRefused` if that cannot be done."""
        entry = Entry(actor=actor, action=action, about=tuple(about), why=why)
        await self.ask("record", **msgspec.to_builtins(entry))


__all__ = ["Means", "OperationRefused"]
