"""The sockets that listen, held over a reload: who connects meanwhile waits a moment, and is served."""

import socket
from collections.abc import Hashable, Set
from typing import NamedTuple

from adapters import sockets

NOBODY: frozenset[Hashable] = frozenset()


class Held(NamedTuple):
    place: str
    sockets: list[socket.socket]
    users: set[Hashable]


class Sockets:
    """Users get duplicates: what one of them closes listens on for the others."""

    def __init__(self) -> None:
        self._held: list[Held] = []

    async def bind(self, user: Hashable, place: str, leaving: Set[Hashable] = NOBODY) -> list[socket.socket]:
        """The sockets that listen at `place`: those of users that are `leaving`, else new ones. Raises OSError."""
        left = [held for held in self._held if held.users <= leaving]
        held = next((one for one in left if one.place == place), None)
        if held is None:
            beside = [sock for one in left for sock in one.sockets]
            held = Held(place, await sockets.bind(place, beside), set())
            self._held.append(held)
        held.users.add(user)
        return [sock.dup() for sock in held.sockets]

    def release(self, *users: Hashable) -> None:
        """Close what only these used."""
        for held in self._held:
            held.users.difference_update(users)
            if not held.users:
                sockets.close(held.sockets)
        self._held = [held for held in self._held if held.users]
