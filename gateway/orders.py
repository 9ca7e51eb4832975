"""What commands ask, over the control socket, of the lineup in force."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Any

from gateway import vitals
from gateway.channels import ChannelStatus
from gateway.control import Verb
from gateway.judging import Judging
from gateway.lineup import Lineup
from gateway.store.sqlite import SqliteStore


class Orders:
    """`lineup` gives the one in force, `listens` where connections are taken."""

    def __init__(
        self,
        lineup: Callable[[], Lineup],
        store: SqliteStore,
        judging: Judging,
        listens: Callable[[], Sequence[str]],
    ) -> None:
        self._lineup = lineup
        self._store = store
        self._judging = judging
        self._listens = listens

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {
            "move": self._move,
            "place": self._in_turn("place"),
            "join": self._in_turn("join"),
            "part": self._in_turn("part"),
            "category": self._in_turn("category"),
            "resend": self._resend,
            "channels": self._statuses,
            "vitals": self._vitals,
        }

    async def _move(self, proof: str | None = None, **values: Any) -> object:
        """Bytes come through the control socket in base64."""
        return await self._in_turn("move")(**values, proof=b64decode(proof) if proof else None)

    def _in_turn(self, name: str) -> Verb:
        async def run(**values: object) -> object:
            async with self._judging.turn:
                lineup = self._lineup()
                done: object = await getattr(lineup.operations, name)(**values)
            self._lineup().wake_replies(lineup.channels)
            return done

        return run

    async def _resend(self, reply: str) -> object:
        done = await self._lineup().operations.resend(reply)
        self._lineup().replies.hurry([self._store.channel_of(reply) or ""])
        return done

    async def _statuses(self) -> list[ChannelStatus]:
        return [ChannelStatus(one.name, one.state, one.note) for one in self._lineup().channels.values()]

    async def _vitals(self) -> vitals.Vitals:
        return await vitals.told(self._store, self._listens())
