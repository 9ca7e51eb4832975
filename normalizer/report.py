"""The one report schema that all channels lead to. Its JSON Schema is `config/report.schema.json`."""

from datetime import datetime

import msgspec

from normalizer.message import Attachment, Discreet

SCHEMA_VERSION = 1

#: Doubts (see `Message.doubts`) under which a message is kept but not answered.
UNANSWERED = frozenset({"automatic", "forged-sender", "spam", "no-sender"})


class Candidate(Discreet, frozen=True, kw_only=True):
    """One possible area or category. `code` is official (Kemendagri's for areas); `score` is between 0 and 1."""

    code: str
    name: str
    score: float
    reasons: tuple[str, ...] = ()
    kind: str | None = None

    shown = ("code", "score")


class ReportPlace(Discreet, frozen=True, kw_only=True):
    """Where the report is about: a pin, the words used for it, and what those words may name.

    `streets` and `numbers` are in normal form ("jl kemang raya", "rt 3", "no 12").
    """

    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    words: str | None = None
    streets: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    areas: tuple[Candidate, ...] = ()


class Confidentiality(msgspec.Struct, frozen=True, kw_only=True):
    """Three separate promises: the city does not know who; officers do not see who; the public does not see what."""

    anonymous: bool = False
    confidential: bool = True
    private: bool = True


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """The office and clerk who took a report down."""

    office: str
    clerk: str


class Report(Discreet, frozen=True, kw_only=True):
    """One citizen's report of one incident.

    `id` is derived from channel and message id, so that a second run writes the same row; who keeps reports derives it
    with a key. `reporter` is the id of a contact, never a name or number; "" where nobody is known. `triage` holds
    short names of what a person should look at. `version` grows with each amendment; `judged_version` is the version
    that was last compared with others.
    """

    id: str
    channel: str
    reporter: str
    received_at: datetime
    text: str
    conversation: str = ""
    reported_at: datetime | None = None
    subject: str | None = None
    language: str | None = None
    categories: tuple[Candidate, ...] = ()
    place: ReportPlace | None = None
    attachments: tuple[Attachment, ...] = ()
    confidentiality: Confidentiality = Confidentiality()
    desk: Desk | None = None
    fields: dict[str, str] = {}
    triage: tuple[str, ...] = ()
    version: int = 1
    judged_version: int = 0
    schema_version: int = SCHEMA_VERSION

    shown = ("id", "channel", "version")
