"""The tests that every SMS provider's dialect must pass beyond the suite, and what they and its own tests share."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, ClassVar

import msgspec
import pytest

from adapters import (
    Address,
    ChannelError,
    Delivery,
    Event,
    Reply,
    RequestRefused,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import RECEIVED_AT, AdapterContract, opened
from tests.adapters.sms_provider import provider

REPLY = Reply(
    id="a-6f3c", channel="sms", to=Address("phone", "+628111000001"), text="Terima kasih. Kode laporan: KNL-7F3K-92QX"
)


class SmsContract(AdapterContract):
    """What every provider whose stand-in is `provider` has to show beyond the suite: it knows what each answer means,
    asks for as much patience as it is told to have, and tells a wrong password without sending anything."""

    adapter = Sms
    reply = REPLY
    #: By the outcome that the answer leads to: its status and body.
    answers: ClassVar[Mapping[str, tuple[int, str]]]
    #: Named answers that it must not take for sent.
    failures: ClassVar[Mapping[str, tuple[int, str, type[ChannelError]]]]
    #: The answer to `check` with the right password, where there is a way to check it.
    checked: ClassVar[tuple[int, str] | None] = None

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        async with provider(*self.answers[outcome]) as (url, _):
            yield {"send_url": url}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "failure" in metafunc.fixturenames:
            metafunc.parametrize("failure", list(self.failures.values()), ids=list(self.failures))
        super().pytest_generate_tests(metafunc)

    async def test_what_an_answer_means(self, failure: tuple[int, str, type[ChannelError]]) -> None:
        status, body, expected = failure
        async with provider(status, body, Location="/") as (url, heard), opened(self.make(send_url=url)) as adapter:
            with pytest.raises(ChannelError) as caught:
                await adapter.send(REPLY)
        assert type(caught.value) is expected
        assert len(heard) == 1

    async def test_patience_is_as_long_as_asked_for(self) -> None:
        async with provider(429, "", **{"Retry-After": "7"}) as (url, _), opened(self.make(send_url=url)) as adapter:
            with pytest.raises(Throttled) as caught:
                await adapter.send(REPLY)
        assert caught.value.retry_after == 7.0

    async def test_a_check_sends_nothing(self) -> None:
        async with provider(*(self.checked or (404, ""))) as (url, heard), opened(self.make(send_url=url)) as adapter:
            await adapter.check()
        assert [request.method for request in heard] == (["GET"] if self.checked else [])

    async def test_a_check_tells_a_wrong_password(self) -> None:
        async with provider(401, "") as (url, _), opened(self.make(send_url=url)) as adapter:
            with pytest.raises(Unauthorized) if self.checked else nullcontext():
                await adapter.check()


def changed(request: WebRequest, **changes: Any) -> WebRequest:
    return msgspec.structs.replace(request, **changes)


def status_of(adapter: Sms, request: WebRequest) -> int:
    """That of the answer, or that a request is refused with, of which nothing is kept."""
    try:
        return adapter.receive(request).response.status
    except RequestRefused as refusal:
        return refusal.status


def read(adapter: Sms, path: str, body: bytes, content_type: str) -> Sequence[Event] | None:
    """What is made of a delivery; None if nothing can be."""
    headers = {"path": path}
    delivery = Delivery(
        id="1", channel="sms", received_at=RECEIVED_AT, body=body, content_type=content_type, headers=headers
    )
    try:
        return adapter.parse(delivery)
    except Unreadable:
        return None
