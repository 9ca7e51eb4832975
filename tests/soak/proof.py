"""The books: every message that was taken is one report, or lies in quarantine with a reason; whoever can be answered
was, or a person has the talk; memory is flat; and nothing was logged that was not done to the gateway."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

import msgspec

from tests.end_to_end.citizens import answered
from tests.end_to_end.kanal import Gateway
from tests.soak.faults import UNSURE
from tests.soak.playing import Played, Said
from tests.soak.weather import Past

_NUMBER = re.compile(r"\bs0-\d{5}\b")
#: By how much the last quarter's memory may be above the second one's. Memory is judged only of so many samples.
GROWTH, FEWEST_SAMPLES = 1.10, 60
SHOWN = 5
#: What is said of a channel in trouble.
EXPECTED = frozenset(
    {"the way in is closed", "the way out is closed", "files cannot be fetched", "a channel is not well"}
)


class Books(msgspec.Struct, frozen=True):
    """What a gateway has, by message: those that are kept, in how many reports' words each is, why it lies in
    quarantine, how often it was confirmed, whether a person has its case; and the errors in the log that nothing
    excuses."""

    kept: frozenset[str]
    reports: Counter[str]
    quarantine: Mapping[str, str | None]
    confirmed: Counter[str]
    with_people: frozenset[str]
    complaints: Sequence[str]


class Row(msgspec.Struct, frozen=True):
    """A channel's line of the table."""

    channel: str
    sent: int
    kept: int
    reports: int
    answerable: int
    answered: int
    with_people: int
    faults: Mapping[str, int]


def books(gateway: Gateway, past: Sequence[Past]) -> Books:
    deliveries, reports = gateway.bodies(), gateway.all("reports")
    talks = gateway.rows("talks", "list", "--mode", "person", "--limit", "1000000")
    cases = {talk["case"] for talk in talks}
    confirmed = answered(gateway.all("replies"))
    return Books(
        kept=frozenset(name for row in deliveries for name in numbers(row)),
        # in a report's words, and not as an answer that says where it is
        reports=Counter(name for row in reports for name in numbers(row["text"])),
        quarantine={name: row["reason"] for row in deliveries if row["state"] != "done" for name in numbers(row)},
        confirmed=Counter({name: confirmed[row["id"]] for row in reports for name in numbers(row)}),
        with_people=frozenset(name for row in reports if row["case"] in cases for name in numbers(row)),
        complaints=list(complaints(gateway.log, past)),
    )


def numbers(row: Any) -> set[str]:
    """The messages that it speaks of."""
    return set(_NUMBER.findall(json.dumps(row)))


def complaints(log: str, past: Sequence[Past]) -> Iterator[str]:
    """Errors that no fault excuses. At its start a gateway says where it listens, which is no event."""
    for line in log.splitlines():
        is_event = line.startswith("{")
        if "Traceback" in line or (is_event and _is_error(json.loads(line), past)):
            yield line


def _is_error(event: Mapping[str, str], past: Sequence[Past]) -> bool:
    if event["level"] not in {"error", "critical"}:
        return False
    at = datetime.fromisoformat(event["timestamp"]).timestamp()
    is_excused = any(one.excuses(event.get("channel", ""), at) for one in past)
    return event["event"] not in EXPECTED or not is_excused


def missing(played: Played, found: Books, told: Mapping[str, Counter[str]]) -> Iterator[str]:
    """What is wrong, in words; nothing where all is well."""
    yield from (f"not taken: {one}" for one in played.refused)
    yield from (f"{count} messages were never brought by {channel}" for channel, count in played.held.items())
    yield from (f"{channel} has not recovered, it is {words}" for channel, words in played.ill.items())
    for words, names in _kinds(played, found, told).items():
        yield f"{len(names)} {words}: {', '.join(names[:SHOWN])}{' …' if len(names) > SHOWN else ''}"
    yield from _grown(played.memory)
    yield from (f"logged: {line}" for line in found.complaints)


def _kinds(played: Played, found: Books, told: Mapping[str, Counter[str]]) -> Mapping[str, Sequence[str]]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for one in played.said:
        for words in _wrong(one, found, bool(told[one.channel].keys() & UNSURE)):
            kinds[f"by {one.channel} {words}"].append(one.name)
    return kinds


def _wrong(one: Said, found: Books, is_unsure: bool) -> Iterator[str]:
    """`is_unsure`: an answer may have been taken although nobody said so."""
    reports, is_quarantined = found.reports[one.name], one.name in found.quarantine
    if one.name not in found.kept:
        yield "are lost"
    elif reports > 1 or (reports and is_quarantined):
        yield "are there more than once"
    elif not reports and not (is_quarantined and found.quarantine[one.name]):
        yield "are kept, but neither a report nor in quarantine with a reason"
    if one.answers is None or not reports:
        return
    count = one.answers()
    if not count and one.name not in found.with_people:
        yield "are not answered, and in no person's list"
    if found.confirmed[one.name] > 1 or (count > 1 and not is_unsure):
        yield "are answered more than once"


def _grown(memory: Sequence[float]) -> Iterator[str]:
    if len(memory) < FEWEST_SAMPLES:
        return
    quarter = len(memory) // 4
    second, last = median(memory[quarter : 2 * quarter]), median(memory[-quarter:])
    if last > GROWTH * second:
        yield f"memory has grown from {second:.0f} to {last:.0f} MB, which is more than {GROWTH - 1:.0%}"


def rows(played: Played, found: Books, told: Mapping[str, Counter[str]], channels: Sequence[str]) -> Sequence[Row]:
    return [_row(name, [one for one in played.said if one.channel == name], found, told[name]) for name in channels]


def _row(channel: str, said: Sequence[Said], found: Books, told: Counter[str]) -> Row:
    answerable = [one for one in said if one.answers is not None]
    got = [one for one in answerable if one.answers and one.answers()]
    return Row(
        channel=channel,
        sent=len(said),
        kept=sum(one.name in found.kept for one in said),
        reports=sum(found.reports[one.name] for one in said),
        answerable=len(answerable),
        answered=len(got),
        with_people=sum(one not in got and one.name in found.with_people for one in answerable),
        faults=told,
    )
