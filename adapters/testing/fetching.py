"""The tests of an adapter whose messages name files that lie with the provider, or lack their words."""

import asyncio
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import msgspec
import pytest

from adapters import LACKS, Attachment, ChannelError, FetchingSettings, Message, Refused
from adapters.hosts import is_host
from adapters.testing.material import Recording, recordings
from adapters.testing.outside import watched
from adapters.testing.subject import Subject, needs, shows_a_secret


class FetchingTests(Subject):
    @needs("fetch")
    def test_the_hosts_of_files_are_names_or_origins(self) -> None:
        wrong = [host for host in self.make().hosts() if not _is_source(host)]
        assert wrong == [], f"neither a host, nor *. and a host, nor an origin: {wrong}"

    @needs("fetch")
    def test_an_operator_can_say_how_large_a_file_may_be(self) -> None:
        assert isinstance(self.settings_with(), FetchingSettings), "derive Settings from FetchingSettings"

    @needs("fetch")
    def test_there_is_a_recording_with_a_file_to_fetch(self) -> None:
        assert any(_elsewhere(one) for one in recordings(self.payloads).values()), "record a message with a file"

    @needs("fetch")
    def test_files_are_asked_for_by_get_alone_at_the_hosts_that_are_named(self, recording: Recording) -> None:
        for attachment in _elsewhere(recording):
            asyncio.run(self._fetches(attachment))

    @needs("fetch")
    @pytest.mark.parametrize("reference", [None, "", "../../etc/passwd", "file:///etc/passwd", "\0", "é" * 5000])
    def test_a_file_that_cannot_be_is_refused(self, reference: str | None) -> None:
        attachment = Attachment(name=None, media_type="image/jpeg", size=1, reference=reference)
        asyncio.run(self._refuses(attachment))

    @needs("complete")
    def test_there_is_a_recording_that_lacks_its_words(self) -> None:
        assert any(_lacking(one) for one in recordings(self.payloads).values()), "record a message without its words"

    @needs("complete")
    def test_words_are_asked_for_by_get_alone_and_replace_what_lacked_them(self, recording: Recording) -> None:
        for message in _lacking(recording):
            asyncio.run(self._completes(recording, message))

    @needs("complete")
    @pytest.mark.parametrize("reference", ["", "../../etc/passwd", "file:///etc/passwd", "\0", "é" * 5000])
    def test_words_that_cannot_be_are_refused(self, reference: str) -> None:
        with pytest.raises(Refused) as caught:
            asyncio.run(self.make().complete(reference, _nothing))
        assert not shows_a_secret(str(caught.value), self.settings_with()), "the error shows a secret"

    async def _completes(self, recording: Recording, lacking: Message) -> None:
        adapter, asked = self.make(), list[str]()

        async def get(url: str, headers: Mapping[str, str] = {}, cap: int | None = None, **more: object) -> bytes:
            asked.append(url)
            return self.words(url)

        with self.quiet(self.settings_with()), watched() as touched:
            body = await adapter.complete(lacking.fields[LACKS], get)
        assert touched == [], f"complete asks by get alone, and not by {touched}"
        strange = [url for url in asked if not _is_at(url, adapter.hosts())]
        assert (bool(asked), strange) == (True, []), f"hosts() does not name the hosts of {strange}"
        delivery = msgspec.structs.replace(recording, body=body).delivery(self.adapter.kind)
        (told,) = adapter.parse(delivery)
        assert (told.replaces, LACKS in told.fields) == (lacking.id, False)
        assert told.id != lacking.id

    async def _fetches(self, attachment: Attachment) -> None:
        adapter, settings, asked = self.make(), self.settings_with(), list[str]()

        async def get(url: str, headers: Mapping[str, str] = {}, cap: int | None = None, **more: object) -> bytes:
            asked.append(url)
            return self.provider(url)

        with self.quiet(settings), watched() as touched:
            assert isinstance(await adapter.fetch(attachment, get), bytes)
        assert touched == [], f"fetch asks by get alone, and not by {touched}"
        assert asked, "fetch asked for nothing"
        strange = [url for url in asked if not _is_at(url, adapter.hosts())]
        assert strange == [], f"hosts() does not name the hosts of {strange}"

    async def _refuses(self, attachment: Attachment) -> None:
        async def get(url: str, headers: Mapping[str, str] = {}, cap: int | None = None, **more: object) -> bytes:
            raise Refused("there is no such file")

        with pytest.raises(ChannelError) as caught:
            await self.make().fetch(attachment, get)
        assert not shows_a_secret(str(caught.value), self.settings_with()), "the error shows a secret"


async def _nothing(url: str, headers: Mapping[str, str] = {}, cap: int | None = None, **more: object) -> bytes:
    raise Refused("there is nothing")


def _lacking(recording: Recording) -> Sequence[Message]:
    return [event for event in recording.events if isinstance(event, Message) and LACKS in event.fields]


def _elsewhere(recording: Recording) -> Sequence[Attachment]:
    messages = (event for event in recording.events if isinstance(event, Message))
    return [one for message in messages for one in message.attachments if one.reference and not one.digest]


def _is_source(host: str) -> bool:
    if "://" not in host:
        return is_host(host.removeprefix("*."))
    parts = urlsplit(host)
    return parts.scheme in {"http", "https"} and is_host(parts.hostname or "") and not parts.path


def _is_at(url: str, hosts: Sequence[str]) -> bool:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    named = parts.scheme == "https" and any(fnmatchcase(parts.hostname or "", host) for host in hosts)
    return named or origin in hosts
