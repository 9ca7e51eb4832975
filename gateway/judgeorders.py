"""What the judge's process is asked, and what it answers. See `gateway.judge`, which alone loads the index."""

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import Verdict
from gateway.duplicates import Terms


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Build the index from the store in this data folder; answered by its size."""

    folder: str
    terms: Terms = Terms()


class Weigh(msgspec.Struct, frozen=True, tag="weigh"):
    """Judge by these from now on."""

    terms: Terms


class Compare(msgspec.Struct, frozen=True, tag="compare"):
    """Judge these reports, each against the index and those before it; answered by their verdicts. They are forgotten
    unless `Commit` keeps them."""

    reports: list[Fingerprint]


class Commit(msgspec.Struct, frozen=True, tag="commit"):
    """What was compared is in the store now (or, if not `kept`, never will be)."""

    kept: bool


class Look(msgspec.Struct, frozen=True, tag="look"):
    """Which open reports are alike, for somebody who is about to report this; answered by at most `most` verdicts, the
    best first. Nothing is kept of it."""

    report: Fingerprint
    most: int


class Change(msgspec.Struct, frozen=True, tag="change"):
    """Reports that are open again, and ids of those that are closed, or `gone` for good."""

    opened: list[Fingerprint] = []
    closed: list[str] = []
    gone: list[str] = []


class Ruling(msgspec.Struct, frozen=True):
    """The `verdict` on a report; where it is not new, what is to be said of each of the `others` that it may be one
    with, the best first; and of which lately `closed` one it may be, where it is surely of none that is open."""

    verdict: Verdict
    others: list[Verdict] = []
    closed: Verdict | None = None


class Answer(msgspec.Struct, frozen=True):
    """`size` is the number of reports in the index, `rulings` are on those that were compared. `failed` says why
    another's judge gave none: the reports are in no way judged."""

    size: int
    verdicts: list[Verdict] = []
    rulings: list[Ruling] = []
    failed: str = ""
