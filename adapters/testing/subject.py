"""What the suite is told of an adapter, and the little that all its tests share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec

from adapters import (
    Adapter,
    ChannelDown,
    ChannelError,
    ChannelSettings,
    Delivery,
    Event,
    MayReceive,
    Polls,
    RecipientGone,
    Refused,
    Reply,
    Secret,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.testing.log import heard
from adapters.testing.material import settings_of

#: What a peer may do to a reply, and what `send` makes of it (None: a `Receipt`).
OUTCOMES: Mapping[str, type[ChannelError] | None] = {
    "ok": None,
    "throttled": Throttled,
    "down": ChannelDown,
    "unauthorized": Unauthorized,
    "refused": Refused,
    "gone": RecipientGone,
}
#: The same of who is asked, and `poll`.
POLL_OUTCOMES = ("ok", "throttled", "down", "unauthorized")

_Test = TypeVar("_Test", bound=Callable[..., None])


def needs(way: str) -> Callable[[_Test], _Test]:
    """Leave the test out where the adapter has no such method, or its settings do not use it."""

    def mark(test: _Test) -> _Test:
        test.__dict__["needs"] = way
        return test

    return mark


class Subject:
    """Subclass it with a name that starts with `Test` and set what has no default.

    `settings` are some that work, `refused_settings` named changes to them that must be refused beyond those that the
    suite tries by itself. No delivery may take `parse` or `receive` longer than `patience` seconds.

    `genuine` is a request with good proof that holds at least one delivery; `refused` are requests to refuse, by names
    that start with "forged", "unproven" and, where the channel `signs_time`, so that old requests are refused, "stale".

    `reply` is one to send. `outcomes` are those of `OUTCOMES` that the channel can tell apart; if it is asked,
    `poll_outcomes` are those of `POLL_OUTCOMES`.
    """

    adapter: ClassVar[type[Any]]
    settings: ClassVar[Mapping[str, Any]]
    refused_settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    payloads: ClassVar[Path]
    patience: ClassVar[float] = 2.0

    genuine: ClassVar[WebRequest]
    refused: ClassVar[Mapping[str, WebRequest]] = {}
    signs_time: ClassVar[bool] = False

    reply: ClassVar[Reply]
    outcomes: ClassVar[Sequence[str]] = tuple(OUTCOMES)
    poll_outcomes: ClassVar[Sequence[str]] = POLL_OUTCOMES

    def peer(self, outcome: str) -> AbstractAsyncContextManager[Mapping[str, Any]]:
        """A real server on 127.0.0.1 that does `outcome` to every reply; yields the settings that lead to it."""
        raise NotImplementedError("an adapter that sends needs a peer to send to: override `peer`")

    def feed(self, outcome: str) -> AbstractAsyncContextManager[Mapping[str, Any]]:
        """A real server on 127.0.0.1 that has at least one delivery to poll, or does `outcome` to whoever asks; yields
        the settings that lead to it."""
        raise NotImplementedError("an adapter that polls needs a server to ask: override `feed`")

    def provider(self, url: str) -> bytes:
        """What the provider's server answers to who fetches a file, at each address that is asked for it."""
        return b"the file"

    def words(self, url: str) -> bytes:
        """What the provider's server answers to who asks for the words that it left out."""
        raise NotImplementedError("an adapter that completes messages needs their words: override `words`")

    def prove(self, request: WebRequest) -> WebRequest:
        """The request, signed anew after the suite changed it; as it is where the content is not signed."""
        return request

    def make(self, **changes: Any) -> Any:
        """The adapter, made from `settings` with some changes."""
        return self.adapter(self.settings_with(**changes))

    def settings_with(self, **changes: Any) -> Any:
        return settings_of(self.adapter, {**self.settings, **changes})

    def __init_subclass__(cls) -> None:
        for name in dir(cls) if hasattr(cls, "adapter") else ():
            way = getattr(getattr(cls, name), "needs", None)
            if way is not None and not cls._has(way):
                setattr(cls, name, None)

    @classmethod
    def _has(cls, way: str) -> bool:
        if way == "a way out":
            return cls._has("send") and "ok" in cls.outcomes
        if way in {"a batch", "committed", "backfill"} and "ok" not in cls.poll_outcomes:
            return False
        method = "poll" if way == "a batch" else way
        return hasattr(cls.adapter, method) and cls._uses(method)

    @classmethod
    def _uses(cls, method: str) -> bool:
        """Do the settings use it? Those that are wrong are found by the tests."""
        with suppress(Exception):
            made = cls.adapter(settings_of(cls.adapter, cls.settings))
            if method == "receive" and isinstance(made, MayReceive):
                return made.can_receive()
            if method in {"poll", "committed", "backfill"} and isinstance(made, Polls):
                return bool(made.source())
        return True

    @contextmanager
    def quiet(self, settings: ChannelSettings, *personal: str) -> Iterator[None]:
        """Fails where one exchange leaves more than one entry in the log, or anything said shows a secret or what is
        personal."""
        with heard() as said:
            yield
        assert len(said.entries) < 2, f"one exchange made {len(said.entries)} entries in the log: {said.entries}"
        assert not shows_a_secret(said.everything, settings), "a secret is in the log, or printed"
        shown = [one for one in personal if one and one in said.everything]
        assert not shown, f"{len(shown)} things that are personal are in the log, or printed"


def parsed(adapter: Adapter, delivery: Delivery) -> tuple[Event, ...]:
    try:
        return tuple(adapter.parse(delivery))
    except Unreadable:
        return ()


def shows_a_secret(text: str, settings: ChannelSettings) -> bool:
    return any(secret in text for secret in _secrets(settings))


def _secrets(value: Any) -> Iterator[str]:
    """Those of settings, and of the tables and lists in them."""
    if isinstance(value, Secret):
        yield value.reveal()
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _secrets(getattr(value, name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _secrets(one)
