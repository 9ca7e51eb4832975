"""The story: who says what, when and by which channel (`config/demo/flood.toml`)."""

import tomllib
from collections.abc import Sequence

import msgspec

from gateway import resources

FOLDER = "demo"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message of the story; the file says what each field means."""

    at: str
    by: str
    sender: str
    text: str
    subject: str = ""
    photo: str = ""
    automatic: bool = False
    parts: int = 1
    redelivered: bool = False
    service: str = ""
    where: str = ""
    office: str = ""

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
    def minutes(self) -> int:
        """The hour of the story in minutes since midnight."""
        hours, _, minutes = self.at.partition(":")
        return int(hours) * 60 + int(minutes)


def load() -> Sequence[Entry]:
    source = tomllib.loads(resources.path(FOLDER, "flood.toml").read_text("utf-8"))
    return msgspec.convert(source["messages"], list[Entry])


def photo(name: str) -> bytes:
    return resources.path(FOLDER, name).read_bytes()
