"""The suite itself. What it needs of a subclass is told in the package's docstring."""

import asyncio
import time
import typing
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec
import pytest

from adapters import (
    Adapter,
    Attachment,
    ChannelDown,
    ChannelError,
    ChannelSettings,
    Delivery,
    Event,
    Message,
    Receipt,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Secret,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.testing.material import (
    NoCases,
    Recording,
    hostile,
    odd_requests,
    opened,
    recordings,
    settings_of,
    wrong_settings,
)
from adapters.testing.outside import watched

#: What a peer may do to a reply, and what `send` makes of it (None: a `Receipt`).
OUTCOMES: Mapping[str, type[ChannelError] | None] = {
    "ok": None,
    "throttled": Throttled,
    "down": ChannelDown,
    "unauthorized": Unauthorized,
    "refused": Refused,
    "gone": RecipientGone,
}

_Test = TypeVar("_Test", bound=Callable[..., None])


def _needs(method: str) -> Callable[[_Test], _Test]:
    """Leave the test out where the adapter has no such method."""

    def mark(test: _Test) -> _Test:
        test.__dict__["needs"] = method
        return test

    return mark


class AdapterContract:
    """Subclass it with a name that starts with `Test` and set what has no default."""

    adapter: ClassVar[type[Any]]
    #: Settings that work, and named changes to them that must be refused beyond those that the suite tries by itself.
    settings: ClassVar[Mapping[str, Any]]
    refused_settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    payloads: ClassVar[Path]
    #: No delivery may take `parse` or `receive` longer than these seconds.
    patience: ClassVar[float] = 2.0

    #: A request with good proof that holds at least one delivery.
    genuine: ClassVar[WebRequest]
    #: Requests to refuse, by names that start with "forged", "unproven" and, where the channel `signs_time`, "stale".
    refused: ClassVar[Mapping[str, WebRequest]] = {}
    signs_time: ClassVar[bool] = False

    reply: ClassVar[Reply]
    #: Which of `OUTCOMES` the channel can tell apart.
    outcomes: ClassVar[Sequence[str]] = tuple(OUTCOMES)

    def peer(self, outcome: str) -> AbstractAsyncContextManager[Mapping[str, Any]]:
        """A real server on 127.0.0.1 that does `outcome` to every reply; yields the settings that lead to it."""
        raise NotImplementedError("an adapter that sends needs a peer to send to")

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
            needs = getattr(getattr(cls, name), "needs", None)
            if needs is not None and not hasattr(cls.adapter, needs):
                setattr(cls, name, None)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        tables: Mapping[str, Callable[[], Mapping[str, Any]]] = {
            "recording": lambda: recordings(self.payloads),
            "wrong": lambda: wrong_settings(self.adapter, self.settings) | self._refused_settings(),
            "attack": lambda: hostile(recordings(self.payloads), self.settings_with().max_size),
            "forgery": lambda: self.refused,
            "odd": lambda: odd_requests(self.genuine, self.settings_with().max_size),
            "outcome": lambda: {name: name for name in self.outcomes},
        }
        for name in tables.keys() & set(metafunc.fixturenames):
            table = tables[name]()
            metafunc.parametrize(name, list(table.values()), ids=list(table))

    def test_it_is_an_adapter(self) -> None:
        assert isinstance(self.make(), Adapter)

    def test_every_setting_is_described(self) -> None:
        hints = typing.get_type_hints(self.adapter.Settings, include_extras=True)
        own = hints.keys() - typing.get_type_hints(ChannelSettings).keys()
        assert [name for name in sorted(own) if not _described(hints[name])] == []

    def test_wrong_settings_are_refused(self, wrong: Mapping[str, Any]) -> None:
        with pytest.raises(msgspec.ValidationError) as caught:
            settings_of(self.adapter, wrong)
        assert not _shows_a_secret(str(caught.value), self.settings_with())

    def test_construction_touches_nothing_outside(self) -> None:
        settings = self.settings_with()
        self.adapter(settings)
        with watched() as touched:
            self.adapter(settings)
        assert touched == []

    def test_no_secret_is_shown(self) -> None:
        settings, adapter = self.settings_with(), self.make()
        assert not _shows_a_secret(f"{adapter} {adapter!r} {settings} {settings!r}", settings)

    def test_there_are_recordings(self) -> None:
        assert recordings(self.payloads)

    def test_a_recorded_delivery_leads_to_its_events(self, recording: Recording) -> None:
        delivery = recording.delivery(self.adapter.kind)
        if recording.unreadable:
            with pytest.raises(Unreadable):
                self.make().parse(delivery)
        else:
            assert tuple(self.make().parse(delivery)) == recording.events

    def test_parsing_is_pure(self, recording: Recording) -> None:
        adapter, delivery = self.make(), recording.delivery(self.adapter.kind)
        before = msgspec.json.encode(delivery)
        first, second = _parsed(adapter, delivery), _parsed(self.make(), delivery)
        with watched() as touched:
            third = _parsed(adapter, delivery)
        assert first == second == third
        assert msgspec.json.encode(delivery) == before
        assert touched == []

    def test_a_hostile_delivery_is_parsed_or_unreadable_and_soon(self, attack: Recording) -> None:
        delivery = attack.delivery(self.adapter.kind)
        began = time.perf_counter()
        events = _parsed(self.make(), delivery)
        assert time.perf_counter() - began < self.patience
        assert msgspec.json.encode(events)
        assert {event.channel for event in events} <= {delivery.channel}

    @_needs("content")
    def test_what_a_recording_holds_is_what_its_message_says(self, recording: Recording) -> None:
        adapter, delivery = self.make(), recording.delivery(self.adapter.kind)
        for attachment in _attachments(recording.events):
            content = adapter.content(delivery, attachment)
            assert (len(content), sha256(content).hexdigest()) == (attachment.size, attachment.digest)

    @_needs("content")
    @pytest.mark.parametrize("reference", [None, "", "part:", "part:-1", "part:9999", "part:²", "../../etc/passwd"])
    def test_a_file_that_is_not_there_is_unreadable(self, recording: Recording, reference: str | None) -> None:
        attachment = Attachment(name=None, media_type="image/jpeg", size=1, reference=reference)
        with pytest.raises(Unreadable):
            self.make().content(recording.delivery(self.adapter.kind), attachment)

    @_needs("receive")
    def test_a_genuine_request_holds_deliveries_of_the_channel(self) -> None:
        adapter = self.make()
        received = adapter.receive(self.genuine)
        assert {delivery.channel for delivery in received.deliveries} == {self.adapter.kind}
        assert 200 <= received.response.status < 300
        assert any(_parsed(adapter, delivery) for delivery in received.deliveries)

    @_needs("receive")
    def test_a_redelivered_request_has_the_same_ids(self) -> None:
        first, second = (self.make().receive(self.genuine).deliveries for _ in range(2))
        ids = [delivery.id for delivery in first]
        assert ids == [delivery.id for delivery in second]
        assert len(set(ids)) == len(ids)

    @_needs("receive")
    def test_the_table_of_refused_requests_is_complete(self) -> None:
        needed = ("forged", "unproven", "stale") if self.signs_time else ("forged", "unproven")
        assert [kind for kind in needed if not any(name.startswith(kind) for name in self.refused)] == []

    @_needs("receive")
    def test_a_request_without_good_proof_is_refused(self, forgery: WebRequest) -> None:
        with pytest.raises(RequestRefused) as caught:
            self.make().receive(forgery)
        assert 400 <= caught.value.status < 500
        assert not _shows_a_secret(str(caught.value), self.settings_with())

    @_needs("receive")
    def test_an_odd_request_is_refused_or_answered_and_soon(self, odd: WebRequest) -> None:
        adapter, began = self.make(), time.perf_counter()
        try:
            received = adapter.receive(self.prove(odd))
        except RequestRefused as refusal:
            assert 400 <= refusal.status < 500
        else:
            assert msgspec.json.encode([_parsed(adapter, delivery) for delivery in received.deliveries])
        assert time.perf_counter() - began < self.patience

    @_needs("answer")
    def test_an_odd_question_is_answered_or_refused_and_soon(self, odd: WebRequest) -> None:
        adapter, began = self.make(), time.perf_counter()
        try:
            response = asyncio.run(adapter.answer(msgspec.structs.replace(odd, method="GET"), NoCases()))
        except RequestRefused as refusal:
            assert 400 <= refusal.status < 500
        else:
            assert 200 <= response.status < 300
        assert time.perf_counter() - began < self.patience

    @_needs("receive")
    def test_a_request_beyond_the_channels_size_is_refused(self) -> None:
        beyond = b"A" * (self.settings_with().max_size + 1)
        with pytest.raises(RequestRefused):
            self.make().receive(self.prove(msgspec.structs.replace(self.genuine, method="POST", body=beyond)))

    @_needs("send")
    def test_sending(self, outcome: str) -> None:
        asyncio.run(self._sends(outcome))

    def _refused_settings(self) -> dict[str, Mapping[str, Any]]:
        return {name: {**self.settings, **changes} for name, changes in self.refused_settings.items()}

    async def _sends(self, outcome: str) -> None:
        expected = OUTCOMES[outcome]
        async with self.peer(outcome) as changes, opened(self.make(**changes)) as adapter:
            if expected is None:
                assert isinstance(await adapter.send(self.reply), Receipt)
                return
            with pytest.raises(ChannelError) as caught:
                await adapter.send(self.reply)
        assert type(caught.value) is expected
        assert not any(personal in str(caught.value) for personal in (self.reply.to.value, self.reply.text))
        assert not _shows_a_secret(str(caught.value), self.settings_with(**changes))


def _parsed(adapter: Adapter, delivery: Delivery) -> tuple[Event, ...]:
    try:
        return tuple(adapter.parse(delivery))
    except Unreadable:
        return ()


def _attachments(events: Sequence[Event]) -> Sequence[Attachment]:
    return [attachment for event in events if isinstance(event, Message) for attachment in event.attachments]


def _described(hint: Any) -> bool:
    return any(isinstance(note, msgspec.Meta) and note.description for note in typing.get_args(hint))


def _shows_a_secret(text: str, settings: ChannelSettings) -> bool:
    values = (getattr(settings, name) for name in settings.__struct_fields__)
    return any(value.reveal() in text for value in values if isinstance(value, Secret))
