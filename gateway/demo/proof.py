"""What went in against what was kept, what arrived and what was filed: is anything missing? Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

_CODE = re.compile(r"\b[A-Z]{2,5}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
#: What nobody but the reporter may read.
_TELLING = re.compile(rf"{_CODE.pattern}|\bPIN\b|https?://")
SETTLED = frozenset({"filed", "covered", "cancelled"})
ARRIVED = frozenset({"sent", "delivered", "read"})


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was taken from its sender, "" if an officer wrote it without one. `digests` are SHA-256 of what
    was sent, one for each piece; where the way there is not ours to see, `words` are what must be kept. Whoever
    `follows` goes on about what they reported before."""

    channel: str
    sender: str
    digests: tuple[str, ...] = ()
    words: str = ""
    automatic: bool = False
    public: bool = False
    follows: bool = False
    taken_back: bool = False

    @property
    def wants_answer(self) -> bool:
        return bool(self.sender) and not self.automatic


class Held(msgspec.Struct, frozen=True):
    """A delivery: the SHA-256 of its bytes, "" if they were destroyed, and the words that can be read in it."""

    channel: str
    digest: str
    state: str
    words: str = ""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the store holds: deliveries, the case of every report, the state of every reply, the ids of the reports that
    nobody took back, and the state of every filing of a case outside."""

    deliveries: Sequence[Held]
    reports: Sequence[str]
    cases: Mapping[str, int]
    replies: Sequence[str]
    report_ids: Sequence[str]
    filings: Sequence[str]

    @property
    def answered(self) -> int:
        return sum(state in ARRIVED for state in self.replies)

    @property
    def withheld(self) -> int:
        return self.replies.count("withheld")


class Arrived(msgspec.Struct, frozen=True):
    """The answers where they arrived, by recipient: those for one alone, and those that everybody reads."""

    private: Mapping[str, Sequence[str]]
    openly: Mapping[str, Sequence[str]] = {}

    @property
    def count(self) -> int:
        return sum(len(texts) for by in (self.private, self.openly) for texts in by.values())


def closing(story: int, sent: Sequence[Sent], kept: Kept, arrived: Arrived) -> str:
    """The last line: how many messages the story has, and what became of them."""
    held = sum(_is_kept(one, kept) for one in sent)
    back = sum(one.taken_back for one in sent)
    follow_ups = sum(one.follows for one in sent)
    wanted = _wanted(sent)
    said = (
        f"{_count(story, 'message')} in",
        f"{held} kept",
        *([f"{back} taken back"] if back else []),
        f"{_count(len(kept.reports), 'report')} in {_count(len(kept.cases), 'case')}",
        *([_count(follow_ups, "follow-up")] if follow_ups else []),
        f"{(wanted & _got(wanted, arrived)).total()} answered",
        *([f"{_count(kept.withheld, 'machine')} left unanswered"] if kept.withheld else []),
    )
    return f"{', '.join(said)}; {_count(kept.filings.count('filed'), 'case')} filed outside"


def missing(
    story: int, sent: Sequence[Sent], kept: Kept, arrived: Arrived, filed: Mapping[str, Collection[str]]
) -> list[str]:
    """All that is wrong, in words: nothing, if every message is kept and answered where it was written, and every case
    filed. `filed`: reports by their case in the outside case store."""
    machines = sum(one.automatic for one in sent)
    reports = sum(not one.follows for one in sent)
    found = (
        *_unequal("messages were acknowledged", len(sent), story),
        *_deliveries(sent, kept),
        *_unequal("reports are kept", len(kept.reports), reports),
        *_unequal("reports are in a case that is listed", sum(code in kept.cases for code in kept.reports), reports),
        *_unequal("reports are counted by the cases", sum(kept.cases.values()), reports),
        *_unequal("machines were left unanswered", kept.withheld, machines),
        *_answers(sent, kept, arrived),
        *_openly(sent, arrived),
        *_filings(kept, filed),
    )
    return list(found)


def _deliveries(sent: Sequence[Sent], kept: Kept) -> Iterator[str]:
    """What providers say of our own answers, and their bookkeeping, are deliveries as well; on the other channels there
    is none but what was sent."""
    wanted = Counter(digest for one in sent for digest in one.digests)
    ours = {one.channel for one in sent if one.digests}
    held = Counter(one.digest for one in kept.deliveries if one.channel in ours)
    yield from _unequal("deliveries are kept byte for byte", (wanted & held).total(), wanted.total())
    yield from _unequal("deliveries are kept", held.total(), wanted.total())
    worded = [one for one in sent if one.words and not one.taken_back]
    yield from _unequal("messages are kept word for word", sum(_is_kept(one, kept) for one in worded), len(worded))
    back = [one for one in sent if one.taken_back]
    forgotten = sum(not _is_readable(one, kept) for one in back)
    yield from _unequal("messages that were taken back are forgotten", forgotten, len(back))
    done = sum(one.state == "done" for one in kept.deliveries)
    yield from _unequal("deliveries are processed", done, len(kept.deliveries))


def _is_kept(one: Sent, kept: Kept) -> bool:
    if one.taken_back:
        return False
    if one.words:
        return _is_readable(one, kept)
    return {*one.digests} <= {held.digest for held in kept.deliveries}


def _is_readable(one: Sent, kept: Kept) -> bool:
    return any(one.channel == held.channel and one.words in held.words for held in kept.deliveries)


def _answers(sent: Sequence[Sent], kept: Kept, arrived: Arrived) -> Iterator[str]:
    """Counted where they arrive: each citizen has as many answers as messages at least, in private the code of a case
    for each report, and nobody has one who did not write."""
    wanted = _wanted(sent)
    answered = (wanted & _got(wanted, arrived)).total()
    yield from _unequal("messages were answered where they were written", answered, wanted.total())
    yield from _unequal("replies that were sent arrived", arrived.count, kept.answered)
    got = {who for who, texts in arrived.private.items() if texts}
    yield from _unequal("recipients of answers had written", len(got & wanted.keys()), len(got))
    reports = Counter(one.sender for one in sent if one.wants_answer and not one.follows)
    coded = Counter({who: _coded(arrived.private.get(who, ()), kept.cases) for who in reports})
    yield from _unequal("reports were answered by the code of a case", (reports & coded).total(), reports.total())


def _openly(sent: Sequence[Sent], arrived: Arrived) -> Iterator[str]:
    wanted = Counter(one.sender for one in sent if one.public)
    got = Counter({who: len(texts) for who, texts in arrived.openly.items()})
    yield from _unequal("public messages were answered in public", (wanted & got).total(), wanted.total())
    told = [text for texts in arrived.openly.values() for text in texts]
    quiet = sum(not _TELLING.search(text) for text in told)
    yield from _unequal("public answers show neither code, PIN nor link", quiet, len(told))


def _filings(kept: Kept, filed: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Counted where they were filed, each report in one case there."""
    held = Counter(report for reports in filed.values() for report in reports)
    wanted = Counter(kept.report_ids)
    yield from _unequal("reports were filed outside", (wanted & held).total(), wanted.total())
    yield from _unequal("reports were filed outside in all", held.total(), wanted.total())
    waiting = sum(state not in SETTLED for state in kept.filings)
    yield from _unequal("filings are settled", len(kept.filings) - waiting, len(kept.filings))


def _wanted(sent: Iterable[Sent]) -> Counter[str]:
    """How many messages of each citizen want an answer."""
    return Counter(one.sender for one in sent if one.wants_answer)


def _got(who: Iterable[str], arrived: Arrived) -> Counter[str]:
    """How many answers each has, those that everybody reads among them."""
    return Counter({one: len((*arrived.private.get(one, ()), *arrived.openly.get(one, ()))) for one in who})


def _coded(texts: Iterable[str], codes: Iterable[str]) -> int:
    return sum(not set(_CODE.findall(text)).isdisjoint(codes) for text in texts)


def _unequal(what: str, found: int, wanted: int) -> Iterator[str]:
    if found != wanted:
        yield f"{found} of {wanted} {what}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
