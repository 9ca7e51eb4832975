"""Adapters of a third party, installed for the tests: `fax` has a setting of every sort, `pager` has no way in."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from adapters import Accept, Batch, Bind, ChannelSettings, Delivery, Event, Problem, Secret, Unauthorized


class Tray(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sheets: int
    key: Secret | None = None


class FaxSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    number: Annotated[str, Meta(description="The number that is dialled.", min_length=3)]
    token: Annotated[Secret, Meta(description="Proof that a page comes from our provider.")]
    spare: Secret | None = None
    pages: Annotated[int, Meta(ge=1, le=9)] = 3
    speed: float = 9.6
    colour: bool = False
    paper: Literal["a4", "f4"] = "a4"
    cover: Path | None = None
    notes: str | None = None
    trays: tuple[Tray, ...] = ()
    listen: str = ""

    def problems(self) -> Sequence[Problem]:
        needed = self.pages > 5 and not self.cover
        return [Problem("cover", "is missing", "more than five pages need one")] if needed else []


class Fax:
    kind: ClassVar[str] = "fax"
    Settings: ClassVar[type[ChannelSettings]] = FaxSettings

    def __init__(self, settings: FaxSettings) -> None:
        self._settings = settings

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return ()

    def addresses(self) -> Sequence[str]:
        return (f"fax://{self._settings.listen}",) if self._settings.listen else ()

    async def listen(self, bind: Bind, accept: Accept, ready: Callable[[], None]) -> None:
        ready()

    async def check(self) -> None:
        token = self._settings.token.reveal()
        if token == "slow":
            await asyncio.sleep(60)
        if token == "broken":
            raise KeyError(token)
        if token != "good":
            raise Unauthorized("the provider does not know us")


class Pager:
    kind: ClassVar[str] = "pager"
    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return ()

    async def poll(self, cursor: str | None) -> Batch:
        """Nobody could say what is asked, so it is no way in."""
        return Batch((), cursor)
