"""Accounts of ours at stand-ins for Telegram, Meta and X, which the gateway's own channels talk to over HTTP, and the
citizens who write to them there."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from adapters.testing.standins.base import StandIn
from adapters.testing.standins.facebook import Facebook
from adapters.testing.standins.graph import Graph
from adapters.testing.standins.instagram import Instagram
from adapters.testing.standins.telegram import Telegram
from adapters.testing.standins.whatsapp import WhatsApp
from adapters.testing.standins.x import X
from gateway.demo import script
from gateway.demo.script import Entry

PHOTO = "image/png"
#: Seconds until a webhook that was not taken is posted again.
PAUSE = 0.05
#: The post of ours below which people comment.
OUR_POST = "555"


class Platform(ABC):
    """`name` is the channel's and its kind's. What somebody says is remembered as their last."""

    name: ClassVar[str]
    secrets: ClassVar[Sequence[str]]

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self._last: dict[str, str] = {}
        self._openly: dict[str, list[str]] = {}

    def settings(self, folder: Path) -> Mapping[str, object]:
        """The channel's; its secrets are put into files in `folder`."""
        return {
            "name": self.name,
            "kind": self.name,
            "quiet_seconds": 0,
            **self._known(),
            **{name: secret_file(folder / f"{self.name}-{name}", getattr(self.standin, name)) for name in self.secrets},
        }

    async def open(self, address: str) -> bool:
        """Webhooks go to this address from now on; False if it is not ours."""
        return True

    def say(self, entry: Entry) -> None:
        """What a citizen does there. Raises LookupError if there is nothing to press, or to take back."""
        if entry.takes_back:
            self.take_back(entry.sender, self._last[entry.sender])
        elif entry.presses:
            self.press(entry.sender, entry.presses)
        elif entry.public:
            self._openly.setdefault(entry.sender, []).append(self.post(entry.sender, entry.text))
        else:
            self._last[entry.sender] = str(self.write(entry))

    def told_openly(self, who: str) -> Sequence[str]:
        """What everybody reads below what somebody said, oldest first."""
        return [text for thing in self._openly.get(who, ()) for text in self.answers(thing)]

    @abstractmethod
    def told(self, who: str) -> Sequence[str]:
        """What has reached somebody in private, oldest first."""

    @abstractmethod
    def write(self, entry: Entry) -> object:
        """In private. Returns the message's id."""

    def press(self, who: str, label: str) -> None:
        """A button of what they were told last."""
        raise LookupError(f"{self.name} has no buttons in this story")

    def post(self, who: str, text: str) -> str:
        """For everybody to read. Returns the id."""
        raise LookupError(f"nobody writes in public by {self.name} in this story")

    def answers(self, thing: str) -> Sequence[str]:
        """What everybody reads below it."""
        return ()

    def take_back(self, who: str, message: str) -> None:
        raise LookupError(f"nobody takes anything back by {self.name} in this story")

    @abstractmethod
    def _known(self) -> Mapping[str, object]:
        """Settings beyond the usual."""


class TelegramBot(Platform):
    """Asked for what is new."""

    name = "telegram"
    secrets = ("token",)
    standin: Telegram

    def __init__(self) -> None:
        super().__init__(Telegram())

    def told(self, who: str) -> Sequence[str]:
        return [str(one.get("text", "")) for one in self.standin.shown(int(who))]

    def write(self, entry: Entry) -> object:
        who = int(entry.sender)
        if entry.pin:
            return self.standin.shares_location(who, *entry.pin)
        if entry.photo:
            return self.standin.sends_photo(who, script.photo(entry.photo), entry.text)
        return self.standin.writes(who, entry.text)

    def press(self, who: str, label: str) -> None:
        shown = next(one for one in reversed(self.standin.shown(int(who))) if "reply_markup" in one)
        self.standin.presses(int(who), shown, label)

    def _known(self) -> Mapping[str, object]:
        return {"api_url": self.standin.url, "username": self.standin.username}


class MetaAccount(Platform):
    """Calls the gateway."""

    secrets = ("token", "app_secret", "verify_token")
    standin: Graph

    async def open(self, address: str) -> bool:
        return await self.standin.subscribe(address)


class WhatsAppNumber(MetaAccount):
    name = "whatsapp"
    standin: WhatsApp

    def __init__(self) -> None:
        super().__init__(WhatsApp(pause=PAUSE))

    def told(self, who: str) -> Sequence[str]:
        return [one.text for one in self.standin.shown(who)]

    def write(self, entry: Entry) -> object:
        if entry.pin:
            return self.standin.shares_location(entry.sender, *entry.pin)
        if entry.photo:
            photo = script.photo(entry.photo)
            return self.standin.sends_file(entry.sender, "image", photo, PHOTO, caption=entry.text)
        return self.standin.writes(entry.sender, entry.text)

    def press(self, who: str, label: str) -> None:
        self.standin.presses(who, next(one for one in reversed(self.standin.shown(who)) if one.options), label)

    def take_back(self, who: str, message: str) -> None:
        self.standin.takes_back(who, message)

    def _known(self) -> Mapping[str, object]:
        return {"graph_url": self.standin.graph_url, "phone_number_id": self.standin.phone_number_id}


class FacebookPage(MetaAccount):
    """Comments, and Messenger."""

    name = "facebook"
    standin: Facebook

    def __init__(self) -> None:
        super().__init__(Facebook(pause=PAUSE))

    def told(self, who: str) -> Sequence[str]:
        return [one.text for one in self.standin.shown(who)]

    def write(self, entry: Entry) -> object:
        return self.standin.writes(entry.sender, entry.text)

    def post(self, who: str, text: str) -> str:
        return self.standin.comments(who, OUR_POST, text)

    def answers(self, thing: str) -> Sequence[str]:
        return self.standin.answers(thing)

    def _known(self) -> Mapping[str, object]:
        return {"graph_url": self.standin.graph_url, "page_id": self.standin.page_id}


class InstagramAccount(MetaAccount):
    """Comments, and direct messages."""

    name = "instagram"
    standin: Instagram

    def __init__(self) -> None:
        super().__init__(Instagram(pause=PAUSE))

    def told(self, who: str) -> Sequence[str]:
        return [one.text for one in self.standin.shown(who)]

    def write(self, entry: Entry) -> object:
        return self.standin.writes(entry.sender, entry.text)

    def post(self, who: str, text: str) -> str:
        return self.standin.comments(who, text)

    def answers(self, thing: str) -> Sequence[str]:
        return self.standin.answers(thing)

    def take_back(self, who: str, message: str) -> None:
        self.standin.takes_back(who, message)

    def _known(self) -> Mapping[str, object]:
        return {"graph_url": self.standin.graph_url, "account_id": self.standin.account_id}


class XAccount(Platform):
    """Calls the gateway, and is asked as well. Who posts names the account."""

    name = "x"
    secrets = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    standin: X

    def __init__(self) -> None:
        super().__init__(X(pause=PAUSE))

    async def open(self, address: str) -> bool:
        return await self.standin.subscribe(address)

    def told(self, who: str) -> Sequence[str]:
        return self.standin.shown(int(who))

    def write(self, entry: Entry) -> object:
        return self.standin.writes(int(entry.sender), entry.text)

    def post(self, who: str, text: str) -> str:
        return self.standin.posts(int(who), f"@{self.standin.username} {text}")

    def answers(self, thing: str) -> Sequence[str]:
        return self.standin.answers(thing)

    def _known(self) -> Mapping[str, object]:
        return {"api_url": self.standin.url, "username": self.standin.username, "webhook": True}


KINDS: Sequence[type[Platform]] = (TelegramBot, WhatsAppNumber, FacebookPage, InstagramAccount, XAccount)


@contextmanager
def opened() -> Iterator[Mapping[str, Platform]]:
    """One of each kind, by channel; their stand-ins run until it is left."""
    made = {kind.name: kind() for kind in KINDS}  # type: ignore[call-arg]
    started: list[StandIn] = []
    try:
        for platform in made.values():
            platform.standin.start()
            started.append(platform.standin)
        yield made
    finally:
        for standin in started:
            standin.stop()


def secret_file(path: Path, secret: str) -> Mapping[str, str]:
    """A setting's value; the file is its owner's alone."""
    path.touch(mode=0o600)
    path.write_text(secret)
    return {"file": str(path)}
