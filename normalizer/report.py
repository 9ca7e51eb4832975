"""The one report schema that all channels lead to. Its JSON Schema is `config/report.schema.json`."""

from datetime import datetime
from enum import StrEnum

import msgspec

from normalizer.message import Aside, Attachment, Desk, Discreet

SCHEMA_VERSION = 2

#: In `triage`: it was taken down elsewhere before, and entered here later.
IMPORTED = "imported"
#: In `triage`: its sender took it back, or a part of it.
RETRACTED, PARTLY_RETRACTED = "retracted", "partly-retracted"
TAKEN_BACK = frozenset({RETRACTED, PARTLY_RETRACTED})
#: The doubt of what somebody else answers: its talk is another application's of the same account.
ELSEWHERE = "answered-elsewhere"
#: Doubts (see `Message.doubts`) under which a message is kept but not answered.
UNANSWERED = frozenset({"automatic", "forged-sender", "spam", "no-sender", ELSEWHERE, IMPORTED, RETRACTED})


class Candidate(Discreet, frozen=True, kw_only=True, gc=False):
    """One possible area or category. `code` is official (Kemendagri's for areas); `score` is between 0 and 1."""

    code: str
    name: str
    score: float
    reasons: tuple[str, ...] = ()
    kind: str | None = None

    shown = ("code", "score")


class Outcome(StrEnum):
    """What is known of a report's area: `ASSIGNED` by a pin, a desk or the citizen's own choice; `SUGGESTED` by words;
    `OUTSIDE` of the city, by a pin or by words; `UNKNOWN`."""

    ASSIGNED = "assigned"
    SUGGESTED = "suggested"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class ReportPlace(Discreet, frozen=True, kw_only=True, gc=False):
    """Where the report is about: a pin, the words used for it, and what those words may name.

    `streets`, `numbers` and `landmarks` are in normal form ("jl mawar raya", "rt 3", "no 12", "pasar melati").
    `areas` are suggestions, best first; `area` is the smallest one that was assigned, with the reason; `reasons` say
    why the place is outside, or its pin was not taken. `hint` is the point that a photo says it was taken at (latitude,
    longitude): photos may be old, or of elsewhere.
    """

    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    words: str | None = None
    streets: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    areas: tuple[Candidate, ...] = ()
    landmarks: tuple[str, ...] = ()
    area: Candidate | None = None
    outcome: Outcome = Outcome.UNKNOWN
    hint: tuple[float, float] | None = None
    reasons: tuple[str, ...] = ()


class Confidentiality(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Three separate promises: the city does not know who; officers do not see who; the public does not see what."""

    anonymous: bool = False
    confidential: bool = True
    private: bool = True


class Level(StrEnum):
    """How soon somebody must look: `EMERGENCY` is a matter for 112, where lives or property are in danger now."""

    __hash__ = str.__hash__  # that of enums is slow

    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"


class Urgency(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`score` is between 0 and 1; `reasons` are the words that speak for it."""

    level: Level = Level.NORMAL
    score: float = 0.0
    reasons: tuple[str, ...] = ()


class Kind(StrEnum):
    """What a message is, as far as its words tell. Nothing is dropped for it."""

    __hash__ = str.__hash__  # that of enums is slow

    REPORT = "report"
    QUESTION = "question"
    ANSWER = "answer"
    PRAISE = "praise"
    CHATTER = "chatter"
    ADVERTISING = "advertising"
    PRANK = "prank"


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Personal data in the report's `text`, from `start` to `end` (characters); `kind` is one of
    `normalizer.words.wordlists.MASKS`."""

    start: int
    end: int
    kind: str


class Report(Discreet, frozen=True, kw_only=True, gc=False):
    """One citizen's report of one incident.

    `id` is derived from channel and message id, so that a second run writes the same row; who keeps reports derives it
    with a key. `reporter` is the id of a contact, never a name or number; "" where nobody is known. `triage` holds
    short names of what a person should look at; `kinds` ranks what the message is (codes of `Kind`). `version` grows
    with each amendment; `judged_version` is the version that was last compared with others.
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
    urgency: Urgency = Urgency()
    kinds: tuple[Candidate, ...] = ()
    asides: tuple[Aside, ...] = ()
    personal: tuple[Mark, ...] = ()

    shown = ("id", "channel", "version")
