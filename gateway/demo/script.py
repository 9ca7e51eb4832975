"""The story: who says what, when and by which channel (`config/demo/flood.toml`)."""

import tomllib
from collections.abc import Sequence

import msgspec

from gateway import resources

FOLDER = "demo"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody does in the story; the file says what each field means."""

    at: str
    by: str
    sender: str = ""
    text: str = ""
    subject: str = ""
    photo: str = ""
    automatic: bool = False
    parts: int = 1
    redelivered: bool = False
    service: str = ""
    where: str = ""
    office: str = ""
    post: str = ""
    public: bool = False
    awaited: bool = False
    follows: bool = False
    presses: str = ""
    pin: tuple[float, float] | None = None
    takes_back: bool = False

    @property
    def is_desk(self) -> bool:
        return bool(self.office)

    @property
    def is_form(self) -> bool:
        return bool(self.where) and not self.office

    @property
    def is_mail(self) -> bool:
        return "@" in self.sender

    @property
    def is_app(self) -> bool:
        return bool(self.service)

    @property
    def is_posted(self) -> bool:
        return bool(self.post)

    @property
    def begins(self) -> bool:
        """Does it come without waiting for an answer to what was said before?"""
        return not (self.follows or self.takes_back)

    @property
    def said(self) -> str:
        """What must be found in what is kept."""
        return self.text or self.presses or "\n".join(map(str, self.pin or ()))

    @property
    def shown(self) -> str:
        """What the watcher sees of it."""
        if self.takes_back:
            return "(takes it back)"
        return " ".join(self.text.split()) or self.presses or "(a place on the map)"

    @property
    def minutes(self) -> int:
        """The hour of the story in minutes since midnight."""
        hours, _, minutes = self.at.partition(":")
        return int(hours) * 60 + int(minutes)


def load() -> Sequence[Entry]:
    source = tomllib.loads(resources.path(FOLDER, "flood.toml").read_text("utf-8"))
    return msgspec.convert(source["messages"], list[Entry])


def photo(name: str) -> bytes:
    return resources.path(FOLDER, name).read_bytes()
