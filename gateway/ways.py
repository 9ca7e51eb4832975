"""The ways in which a unit is told: by mail through a channel's relay, by a signed webhook, by a bot on Telegram.

Each sends one message to one unit and raises a `ChannelError`, whose words quote neither addresses nor secrets.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters import Address, ChannelDown, Refused, Reply, Sends, Throttled, Unauthorized
from adapters.answered import seconds_asked
from adapters.signing import signed
from gateway.channels import Channel
from gateway.noticing import MAIL, TELEGRAM, WEBHOOK, Letter, Told, Wording
from gateway.routing import Unit
from gateway.tables import NoticeSettings

SECONDS = 30.0
#: Characters of a message on Telegram (core.telegram.org/bots/api#sendmessage).
LONGEST = 4096

MOST_BYTES = 65_536

_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    status: int
    body: bytes
    retry_after: float | None


class Word(NamedTuple):
    """What a unit is told: in words, and the same for programs. `id` is the same for the same."""

    id: str
    letter: Letter
    payload: Mapping[str, Any]


class Way(Protocol):
    """`shared`: what fails for one unit fails for all, as they are told by the same server."""

    name: ClassVar[str]
    shared: ClassVar[bool]

    async def tell(self, unit: Unit, notices: Told) -> None: ...

    async def say(self, unit: Unit, word: Word) -> None: ...

    async def open(self) -> None: ...

    async def close(self) -> None: ...


class Mail:
    name: ClassVar[str] = MAIL
    shared: ClassVar[bool] = True
    #: So many cases of a digest are told one by one.
    most: ClassVar[int] = 50

    def __init__(self, channel: Channel, wording: Wording) -> None:
        self._channel = channel
        self._wording = wording

    async def tell(self, unit: Unit, notices: Told) -> None:
        letter = self._wording.letter(unit, notices, self.most)
        await self.say(unit, Word(f"{notices[0][0].id}-{len(notices)}", letter, {}))

    async def say(self, unit: Unit, word: Word) -> None:
        """An address that is refused keeps the others from nothing."""
        if not unit.mail:
            raise Refused("the unit has no mail address any more")
        assert isinstance(self._channel.adapter, Sends)
        if self._channel.rests:
            raise ChannelDown(self._channel.why_it_rests)
        refused: list[Refused] = []
        for mail in self._mails(unit, word):
            try:
                await self._channel.adapter.send(mail)
            except Refused as error:
                refused.append(error)
        if refused:
            raise Refused(f"{len(refused)} of {len(unit.mail)} addresses: {refused[0]}")

    def _mails(self, unit: Unit, word: Word) -> Iterator[Reply]:
        for number, address in enumerate(unit.mail):
            yield Reply(
                id=f"{word.id}-{number}",
                channel=self._channel.name,
                to=Address("email", address),
                text=word.letter.text,
                subject=word.letter.subject,
            )

    async def open(self) -> None:
        """The channel is open while the gateway runs."""

    async def close(self) -> None:
        """See `open`."""


class _Called:
    """By a request over HTTP; `what` is how the other side is called in messages."""

    what: ClassVar[str]

    def __init__(self, settings: NoticeSettings, wording: Wording) -> None:
        self._settings = settings
        self._wording = wording
        self._session: ClientSession | None = None

    async def open(self) -> None:
        self._session = ClientSession(timeout=ClientTimeout(total=SECONDS), headers={"User-Agent": "Kanal"})

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises `ChannelDown` if there is no answer."""
        assert self._session is not None
        told = {"Content-Type": "application/json", **headers}
        try:
            async with self._session.post(url, data=body, headers=told, allow_redirects=False) as response:
                patience = seconds_asked(response.headers.get("Retry-After"))
                return Answer(response.status, await response.content.read(MOST_BYTES), patience)
        except TimeoutError:
            raise ChannelDown(f"{self.what} did not answer in time") from None
        except (ClientError, OSError, ValueError) as error:  # without its cause: it may hold the URL, and so a token
            raise ChannelDown(f"{self.what} cannot be reached: {type(error).__name__}") from None


class Webhook(_Called):
    name: ClassVar[str] = WEBHOOK
    shared: ClassVar[bool] = False
    what: ClassVar[str] = "the unit's webhook"

    async def tell(self, unit: Unit, notices: Told) -> None:
        await self.say(unit, Word("", Letter("", ""), self._wording.payload(unit, notices)))

    async def say(self, unit: Unit, word: Word) -> None:
        if not unit.webhook:
            raise Refused("the unit has no webhook any more")
        secret = self._settings.webhook_secret
        assert secret is not None
        body = _encode(word.payload)
        answer = await self._post(unit.webhook, body, signed(secret.reveal(), body, time.time()))
        match answer.status:
            case 400 | 410 | 413 | 422:
                raise Refused(f"{self.what} answers {answer.status}")
            case 401 | 403:
                raise Unauthorized(f"{self.what} does not believe our signature: it answers {answer.status}")
            case status if not 200 <= status < 300:
                raise _down(self.what, answer)


class Telegram(_Called):
    """The Bot API, by HTTPS alone: https://core.telegram.org/bots/api#sendmessage."""

    name: ClassVar[str] = TELEGRAM
    shared: ClassVar[bool] = True
    what: ClassVar[str] = "Telegram"
    #: So many cases of a digest fit.
    most: ClassVar[int] = 6

    async def tell(self, unit: Unit, notices: Told) -> None:
        await self.say(unit, Word("", self._wording.letter(unit, notices, self.most), {}))

    async def say(self, unit: Unit, word: Word) -> None:
        if not unit.telegram:
            raise Refused("the unit has no chat any more")
        token = self._settings.telegram_token
        assert token is not None
        message = {"chat_id": unit.telegram, "text": word.letter.text[:LONGEST], "disable_web_page_preview": True}
        url = f"{self._settings.telegram_url.rstrip('/')}/bot{token.reveal()}/sendMessage"
        answer = await self._post(url, _encode(message), {})
        match answer.status:
            case 401 | 404:
                raise Unauthorized("Telegram knows no bot with this token")
            case 400 | 403:
                raise Refused(f"Telegram answers {answer.status}: is the bot in the unit's chat?")
            case status if not 200 <= status < 300:
                raise _down(self.what, answer)


def _down(what: str, answer: Answer) -> ChannelDown:
    said = f"{what} answers {answer.status}"
    return ChannelDown(said) if answer.retry_after is None else Throttled(said, answer.retry_after)


def ways(
    settings: NoticeSettings, channels: Mapping[str, Channel], wording: Wording, known: frozenset[str]
) -> list[Way]:
    """Those that the settings give us the means for."""
    found: list[Way] = [Mail(channels[settings.mail_channel], wording)] if MAIL in known else []
    found += [Webhook(settings, wording)] if WEBHOOK in known else []
    return [*found, Telegram(settings, wording)] if TELEGRAM in known else found
