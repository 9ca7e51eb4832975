"""What went in against what was kept, what arrived and what was filed: is anything missing? Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

_CODE = re.compile(r"\b[A-Z]{2,5}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
SETTLED = frozenset({"filed", "covered"})
ARRIVED = frozenset({"sent", "delivered", "read"})


class Sent(msgspec.Struct, frozen=True):
    """A message that the gateway acknowledged. `digests` are SHA-256 of what was sent, one for each piece; of what an
    officer entered, the part that belongs to the log-in is not kept, so that it is not `verbatim`."""

    channel: str
    sender: str
    digests: tuple[str, ...]
    wants_answer: bool = True
    verbatim: bool = True


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the store holds: deliveries as (digest, state), the case of every report, the state of every reply, the ids
    of the reports, and the state of every filing of a case outside."""

    deliveries: Sequence[tuple[str, str]]
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


def closing(story: int, kept: Kept) -> str:
    """The last line: how many messages the story has, and what the store says became of them."""
    machines = f", {_count(kept.withheld, 'machine')} left unanswered" if kept.withheld else ""
    cases = _count(len(kept.cases), "case")
    answered = f"{kept.answered} answered{machines}"
    filed = _count(kept.filings.count("filed"), "case")
    return f"{_count(story, 'message')} in, {len(kept.reports)} kept, {cases}, {answered}; {filed} filed outside"


def missing(
    story: int,
    sent: Sequence[Sent],
    kept: Kept,
    arrived: Mapping[str, Sequence[str]],
    filed: Mapping[str, Collection[str]],
) -> list[str]:
    """All that is wrong, in words: nothing, if every message is kept and answered, and every case filed. `arrived`:
    answers by recipient; `filed`: reports by their case in the outside case store."""
    found = (
        *_unequal("messages were acknowledged", len(sent), story),
        *_deliveries(sent, kept),
        *_unequal("messages became reports", len(kept.reports), len(sent)),
        *_unequal("reports are in a case that is listed", sum(code in kept.cases for code in kept.reports), len(sent)),
        *_unequal("reports are counted by the cases", sum(kept.cases.values()), len(sent)),
        *_unequal("replies were sent", kept.answered, sum(one.wants_answer for one in sent)),
        *_unequal("machines were left unanswered", kept.withheld, sum(not one.wants_answer for one in sent)),
        *_answers(sent, kept, arrived),
        *_filings(kept, filed),
    )
    return list(found)


def _deliveries(sent: Sequence[Sent], kept: Kept) -> Iterator[str]:
    wanted = Counter(digest for one in sent if one.verbatim for digest in one.digests)
    held = Counter(digest for digest, _ in kept.deliveries)
    yield from _unequal("deliveries are kept byte for byte", (wanted & held).total(), wanted.total())
    every = sum(len(one.digests) for one in sent)
    yield from _unequal("deliveries are kept", held.total(), every)
    done = sum(state == "done" for _, state in kept.deliveries)
    yield from _unequal("deliveries are processed", done, every)


def _answers(sent: Sequence[Sent], kept: Kept, arrived: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Counted where they arrive: each citizen has as many answers as messages, and each answer a code of a case."""
    wanted = Counter(one.sender for one in sent if one.wants_answer)
    got = Counter({recipient: len(texts) for recipient, texts in arrived.items()})
    yield from _unequal("answers arrived where they belong", (wanted & got).total(), wanted.total())
    yield from _unequal("answers arrived in all", got.total(), wanted.total())
    coded = sum(_names_a_case(text, kept.cases) for texts in arrived.values() for text in texts)
    yield from _unequal("answers name the code of a case", coded, wanted.total())


def _filings(kept: Kept, filed: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Counted where they were filed, each report in one case there."""
    held = Counter(report for reports in filed.values() for report in reports)
    wanted = Counter(kept.report_ids)
    yield from _unequal("reports were filed outside", (wanted & held).total(), wanted.total())
    yield from _unequal("reports were filed outside in all", held.total(), wanted.total())
    waiting = sum(state not in SETTLED for state in kept.filings)
    yield from _unequal("filings are settled", len(kept.filings) - waiting, len(kept.filings))


def _names_a_case(text: str, codes: Iterable[str]) -> bool:
    return not set(_CODE.findall(text)).isdisjoint(codes)


def _unequal(what: str, found: int, wanted: int) -> Iterator[str]:
    if found != wanted:
        yield f"{found} of {wanted} {what}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
