"""The suite itself. What it needs of a subclass is told in the package's docstring."""

import asyncio
import time
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from adapters import (
    Adapter,
    Attachment,
    Capabilities,
    ChannelError,
    ChannelSettings,
    Choice,
    Event,
    Message,
    Receipt,
    Reply,
    RequestRefused,
    Unreadable,
    WebRequest,
)
from adapters.testing.fetching import FetchingTests
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
from adapters.testing.polling import PollingTests
from adapters.testing.subject import OUTCOMES, needs, parsed, shows_a_secret


class AdapterContract(PollingTests, FetchingTests):
    """Subclass it with a name that starts with `Test` and set what has no default: see `Subject`."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        tables: Mapping[str, Callable[[], Mapping[str, Any]]] = {
            "recording": lambda: recordings(self.payloads),
            "wrong": lambda: wrong_settings(self.adapter, self.settings) | self._refused_settings(),
            "attack": lambda: hostile(recordings(self.payloads), self.settings_with().max_size),
            "forgery": lambda: self.refused,
            "odd": lambda: odd_requests(self.genuine, self.settings_with().max_size),
            "outcome": lambda: {name: name for name in self.outcomes},
            "poll_outcome": lambda: {name: name for name in self.poll_outcomes},
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
        assert not shows_a_secret(str(caught.value), self.settings_with())

    def test_construction_touches_nothing_outside(self) -> None:
        settings = self.settings_with()
        self.adapter(settings)
        with watched() as touched:
            self.adapter(settings)
        assert touched == []

    def test_no_secret_is_shown(self) -> None:
        settings, adapter = self.settings_with(), self.make()
        assert not shows_a_secret(f"{adapter} {adapter!r} {settings} {settings!r}", settings)

    def test_there_are_recordings(self) -> None:
        assert recordings(self.payloads)

    def test_a_recorded_delivery_leads_to_its_events(self, recording: Recording) -> None:
        delivery = recording.delivery(self.adapter.kind)
        if recording.unreadable:
            with pytest.raises(Unreadable):
                self.make().parse(delivery)
        else:
            made = tuple(self.make().parse(delivery))
            assert made == recording.events, f"parse made something else of it: {_apart(made, recording.events)}"

    def test_nothing_that_is_shown_of_a_delivery_gives_anybody_away(self, recording: Recording) -> None:
        shown = f"{recording.delivery(self.adapter.kind)!r} {recording.events!r} {recording.events}"
        told = [word for event in recording.events if isinstance(event, Message) for word in _personal(event)]
        assert [word for word in told if word in shown] == []

    def test_parsing_is_pure(self, recording: Recording) -> None:
        adapter, delivery = self.make(), recording.delivery(self.adapter.kind)
        before = msgspec.json.encode(delivery)
        first, second = parsed(adapter, delivery), parsed(self.make(), delivery)
        with watched() as touched:
            third = parsed(adapter, delivery)
        assert first == second == third
        assert msgspec.json.encode(delivery) == before
        assert touched == []

    def test_a_hostile_delivery_is_parsed_or_unreadable_and_soon(self, attack: Recording) -> None:
        delivery = attack.delivery(self.adapter.kind)
        began = time.perf_counter()
        events = parsed(self.make(), delivery)
        assert time.perf_counter() - began < self.patience
        assert msgspec.json.encode(events)
        assert {event.channel for event in events} <= {delivery.channel}

    @needs("content")
    def test_what_a_recording_holds_is_what_its_message_says(self, recording: Recording) -> None:
        adapter, delivery = self.make(), recording.delivery(self.adapter.kind)
        for attachment in (one for one in _attachments(recording.events) if one.digest):
            content = adapter.content(delivery, attachment)
            assert (len(content), sha256(content).hexdigest()) == (attachment.size, attachment.digest)

    @needs("content")
    @pytest.mark.parametrize("reference", [None, "", "part:", "part:-1", "part:9999", "part:²", "../../etc/passwd"])
    def test_a_file_that_is_not_there_is_unreadable(self, recording: Recording, reference: str | None) -> None:
        attachment = Attachment(name=None, media_type="image/jpeg", size=1, reference=reference)
        with pytest.raises(Unreadable):
            self.make().content(recording.delivery(self.adapter.kind), attachment)

    @needs("receive")
    def test_a_genuine_request_holds_deliveries_of_the_channel(self) -> None:
        adapter = self.make()
        with self.quiet(self.settings_with()):
            received = adapter.receive(self.genuine)
        assert {delivery.channel for delivery in received.deliveries} == {self.adapter.kind}
        assert 200 <= received.response.status < 300
        assert any(parsed(adapter, delivery) for delivery in received.deliveries)

    @needs("receive")
    def test_a_redelivered_request_has_the_same_ids(self) -> None:
        first, second = (self.make().receive(self.genuine).deliveries for _ in range(2))
        ids = [delivery.id for delivery in first]
        assert ids == [delivery.id for delivery in second]
        assert len(set(ids)) == len(ids)

    @needs("receive")
    def test_the_table_of_refused_requests_is_complete(self) -> None:
        needed = ("forged", "unproven", "stale") if self.signs_time else ("forged", "unproven")
        assert [kind for kind in needed if not any(name.startswith(kind) for name in self.refused)] == []

    @needs("receive")
    def test_a_request_that_comes_a_year_late_is_refused_where_its_time_is_signed(self) -> None:
        late = msgspec.structs.replace(self.genuine, received_at=self.genuine.received_at + timedelta(days=365))
        refused = None
        try:
            self.make().receive(late)
        except RequestRefused as error:
            refused = error
        assert not refused or self.signs_time, (
            f"an old request is refused ({refused}): set signs_time, record a stale one"
        )
        assert refused or not self.signs_time, "signs_time is set, but a request of a year ago is taken"

    @needs("receive")
    def test_a_request_without_good_proof_is_refused(self, forgery: WebRequest) -> None:
        adapter, settings = self.make(), self.settings_with()
        with self.quiet(settings), pytest.raises(RequestRefused) as caught:
            adapter.receive(forgery)
        assert 400 <= caught.value.status < 500
        assert not shows_a_secret(str(caught.value), settings)

    @needs("receive")
    def test_an_odd_request_is_refused_or_answered_and_soon(self, odd: WebRequest) -> None:
        adapter, began = self.make(), time.perf_counter()
        try:
            received = adapter.receive(self.prove(odd))
        except RequestRefused as refusal:
            assert 400 <= refusal.status < 500
        else:
            assert msgspec.json.encode([parsed(adapter, delivery) for delivery in received.deliveries])
        assert time.perf_counter() - began < self.patience

    @needs("answer")
    def test_an_odd_question_is_answered_or_refused_and_soon(self, odd: WebRequest) -> None:
        adapter, began = self.make(), time.perf_counter()
        try:
            response = asyncio.run(adapter.answer(msgspec.structs.replace(odd, method="GET"), NoCases()))
        except RequestRefused as refusal:
            assert 400 <= refusal.status < 500
        else:
            assert 200 <= response.status < 300
        assert time.perf_counter() - began < self.patience

    @needs("receive")
    def test_a_request_beyond_the_channels_size_is_refused(self) -> None:
        beyond = b"A" * (self.settings_with().max_size + 1)
        with pytest.raises(RequestRefused):
            self.make().receive(self.prove(msgspec.structs.replace(self.genuine, method="POST", body=beyond)))

    @needs("send")
    def test_sending(self, outcome: str) -> None:
        asyncio.run(self._sends(outcome, self.reply))

    @needs("send")
    def test_the_capabilities_fit_each_other(self) -> None:
        told: Capabilities = self.make().capabilities
        assert told.text_limit is None or told.text_limit > 0, "text_limit: nothing could be said"
        assert min(told.choices, told.list_rows) >= 0, "choices and list_rows are counts"
        assert told.label_limit > 0 or not (told.choices or told.list_rows), "label_limit: buttons without labels"
        assert told.window_seconds is None or told.window_seconds > 0, "window_seconds: it would never be open"
        assert all(told.reaches), "reaches: a kind of address has a name"

    @needs("a way out")
    def test_a_reply_as_large_as_the_capabilities_say_is_taken(self) -> None:
        told: Capabilities = self.make().capabilities
        buttons = max(told.choices, told.list_rows)
        choices = tuple(Choice(f"choice-{number}", "A" * told.label_limit) for number in range(buttons))
        text = "A" * (told.text_limit or 4000)
        asyncio.run(self._sends("ok", msgspec.structs.replace(self.reply, text=text, choices=choices)))

    def _refused_settings(self) -> dict[str, Mapping[str, Any]]:
        return {name: {**self.settings, **changes} for name, changes in self.refused_settings.items()}

    async def _sends(self, outcome: str, reply: Reply) -> None:
        expected = OUTCOMES[outcome]
        async with self.peer(outcome) as changes:
            settings = self.settings_with(**changes)
            async with opened(self.adapter(settings)) as adapter:
                with self.quiet(settings, reply.to.value, reply.text):
                    found = await _sent(adapter, reply)
        if expected is None:
            assert isinstance(found, Receipt), f"send raised {found!r}"
            return
        assert type(found) is expected, f"send should raise {expected.__name__}, not {found!r}"
        assert not any(personal in str(found) for personal in (reply.to.value, reply.text)), "the error is personal"
        assert not shows_a_secret(str(found), settings), "the error shows a secret"
        assert getattr(found, "retry_after", 0) >= 0, "retry_after is a time from now"


async def _sent(adapter: Any, reply: Reply) -> Receipt | ChannelError:
    try:
        found: Receipt = await adapter.send(reply)
    except ChannelError as error:
        return error
    return found


def _attachments(events: Sequence[Event]) -> Sequence[Attachment]:
    return [attachment for event in events if isinstance(event, Message) for attachment in event.attachments]


def _apart(made: Sequence[Event], told: Sequence[Event]) -> str:
    """What differs, field by field."""
    pairs = [] if len(made) != len(told) else zip(_in_full(made), _in_full(told), strict=True)
    fields = [
        f"{key} of event {number} is {one.get(key)!r}, and not {other.get(key)!r}"
        for number, (one, other) in enumerate(pairs, 1)
        for key in {**one, **other}
        if one.get(key) != other.get(key)
    ]
    return "; ".join(fields) or f"{_in_full(made)}, and not {_in_full(told)}"


def _in_full(events: Sequence[Event]) -> Any:
    """With all that a repr keeps to itself."""
    return [{"type": type(event).__name__} | msgspec.to_builtins(event) for event in events]


def _personal(message: Message) -> Sequence[str]:
    """What is long enough not to stand there by chance."""
    known = [one for one in (message.sender, *message.also) if one is not None]
    words = [message.text, message.subject or "", *(word for one in known for word in (one.value, one.name or ""))]
    return [word for word in words if len(word) > 5 and word not in {message.id, message.channel}]


def _described(hint: Any) -> bool:
    return any(isinstance(note, msgspec.Meta) and note.description for note in typing.get_args(hint))
