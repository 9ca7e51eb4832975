"""What commands ask, over the control socket, of the lineup in force."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from gateway import vitals
from gateway.channels import ChannelStatus, status
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
            "reopen": self._in_turn("reopen"),
            "keep": self._in_turn("keep"),
            "category": self._in_turn("category"),
            "same": self._in_turn("same"),
            "different": self._in_turn("different"),
            "undecide": self._in_turn("undecide"),
            "sort": self._in_turn("sort"),
            "unsort": self._in_turn("unsort"),
            "dispute": self._in_turn("dispute"),
            "answer_talk": self._in_turn("answer_talk"),
            "answer_report": self._in_turn("answer_report"),
            "assign": self._in_turn("assign"),
            "note": self._at_once("note"),
            "draft": self._at_once("draft"),
            "foresee": self._at_once("foresee"),
            "give_back": self._in_turn("give_back"),
            "take_over": self._in_turn("take_over"),
            "resend": self._resend,
            "backfill": self._backfill,
            "backfilled": self._backfilled,
            "channels": self._statuses,
            "vitals": self._vitals,
            "waiting": self._waiting,
        }

    async def _move(self, proof: str | None = None, **values: Any) -> object:
        """Bytes come through the control socket in base64. What they show is looked at before anybody waits for it."""
        content = b64decode(proof) if proof else None
        image = await self._lineup().proofs.image_at_once(content) if content else None
        return await self._in_turn("move")(**values, proof=content, image=image)

    def _in_turn(self, name: str) -> Verb:
        async def run(seen: int | None = None, **values: Any) -> object:
            async with self._judging.turn:
                lineup = self._lineup()
                if seen is not None:
                    lineup.operations.refuse_changed(values["code"], seen)
                done: object = await lineup.operations.verbs()[name](**values)
            self._lineup().wake_ways(lineup.channels)
            return done

        return run

    def _at_once(self, name: str) -> Verb:
        """What changes nothing that is judged or told waits for no turn."""

        async def run(**values: object) -> object:
            done: object = await self._lineup().operations.verbs()[name](**values)
            return done

        return run

    async def _resend(self, reply: str) -> object:
        done = await self._lineup().operations.resend(reply)
        self._lineup().replies.hurry([self._store.channel_of(reply) or ""])
        return done

    async def _backfill(self, channel: str, since: str) -> object:
        """`since` is a time with its offset."""
        return await self._lineup().polling.backfill(channel, datetime.fromisoformat(since))

    async def _backfilled(self, channel: str) -> int:
        """How many deliveries one that is under way has fetched."""
        return self._lineup().polling.fetched.get(channel, 0)

    async def _statuses(self) -> list[ChannelStatus]:
        return [status(one) for one in self._lineup().channels.values()]

    async def _waiting(self) -> dict[str, int]:
        """How many deliveries are not processed yet, and how many replies are still to be sent."""
        backlog = await self._store.backlog()
        return {"deliveries": sum(backlog.deliveries.values()), "replies": sum(backlog.replies.values())}

    async def _vitals(self) -> vitals.Vitals:
        return await vitals.told(self._store, self._listens())
