"""What the soak has to know of a channel, and what most of them do alike."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.testing.standins.base import StandIn
from gateway import control
from tests.end_to_end.kanal import Gateway
from tests.soak.faults import EXPIRED, Fault, another, faults_of

#: How many answers to a message have reached its citizen so far; None where there is no way to.
Answers = Callable[[], int] | None


class Line(ABC):
    """A channel called `name`, and the citizens who use it. It is given the gateway by `open`."""

    name: str
    gateway: Gateway

    @abstractmethod
    def settings(self, folder: Path) -> Mapping[str, Any]:
        """Of the channel; secrets are files in `folder`."""

    @abstractmethod
    def say(self, number: int, text: str) -> Answers:
        """Somebody who has said nothing before says it; `number` is the message's. Raises OSError if it is not taken
        by anybody."""

    @property
    @abstractmethod
    def faults(self) -> Mapping[str, Fault]:
        """What may go wrong, one at a time."""

    def open(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def close(self) -> None:  # noqa: B027 - not all have started something
        """Whatever was started is stopped."""

    def held(self) -> int:
        """How many messages somebody has taken who still has to bring them."""
        return 0

    def ordered(self, what: str, **values: Any) -> Any:
        """What a command asks of the gateway."""
        return asyncio.run(control.ask(self.gateway.folder / "data", what, values))

    def resume(self) -> None:
        """Somebody says that all is well again."""
        self.ordered("resume_channel", channel=self.name, actor="soak")

    @contextmanager
    def expired(self, holder: object, secret: str) -> Iterator[None]:
        """Afterwards the channel is resumed, as it is after a new token was entered."""
        with another(holder, secret):
            yield
        self.resume()


class StandInLine(Line):
    """`secret` is the attribute of the stand-in that stands for what may expire, if anything does."""

    secret = ""

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        standin.start()

    def close(self) -> None:
        self.standin.stop()

    def held(self) -> int:
        return self.standin.posting.left

    @property
    def faults(self) -> Mapping[str, Fault]:
        expired = {EXPIRED: lambda: self.expired(self.standin, self.secret)} if self.secret else {}
        return {**faults_of(self.standin), **expired}
