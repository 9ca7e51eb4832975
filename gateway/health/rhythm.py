"""What a channel usually hears by the hour of the week, and how improbable a silence is. Pure.

A rhythm is learnt of the whole weeks before the channel was last heard, at most `MOST_WEEKS` and at least
`FEWEST_WEEKS` of them. Its level is the median of what came in a week, and what came in an hour is cut off where it is
far beyond the median of that hour and its neighbours: a flood changes neither. Nights, week-ends and office hours are
in the rhythm itself.

How improbable a silence is, is told by a Poisson process of that rhythm, with two floors. Reports come in bursts: how
much more they vary than such a process would is measured (`burst`), and what comes in an hour is taken for a
gamma-Poisson mixture of that variance, which is silent far more often. And a rate that is known from few reports is
uncertain: the whole is such a mixture again, (1 + expected/known)^-known, which few reports keep from being small.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from math import log1p

import msgspec

HOUR = 3600.0
HOURS_A_DAY, HOURS_A_WEEK = 24, 168
MOST_WEEKS, FEWEST_WEEKS = 8, 2
#: A channel that hears less in a week has no rhythm.
FEWEST_A_WEEK = 5
#: A silence that has less than this probability is one; none is shorter than `SHORTEST`, in seconds.
IMPROBABLE = 1e-5
SHORTEST = 600.0
#: More in an hour or a day than so many times the median, and so many besides, is a flood.
TIMES_BEYOND, BEYOND = 3, 3
#: Where so many are expected in some hour, it is told by hours how they come in bursts; else by days.
MANY = 3.0
#: The median of a chi-squared variable of one degree of freedom.
_MEDIAN_SQUARE = 0.455


class Rhythm(msgspec.Struct, frozen=True):
    """`usual` deliveries in each hour of the week, which begins on Monday at 0:00 local time; `known` is how many they
    were learnt of. In `block` hours, what comes varies by `burst` times the square of what is expected beyond what a
    Poisson process would."""

    usual: tuple[float, ...]
    known: float
    burst: float
    block: int
    zone: tzinfo

    def at(self, now: float) -> float:
        """How many it usually hears an hour at this time."""
        return self.usual[_hour_of_week(int(now // HOUR), self.zone)]

    def probability(self, since: float, now: float, ran: Mapping[int, float]) -> float:
        """How probable it is to hear nothing from `since` until `now`. `ran` is for what share of each hour (counted
        since the epoch) somebody was there to listen; of none, where it is missing."""
        blocks: defaultdict[int, float] = defaultdict(float)
        for hour, share in _hours(since, now):
            heard = min(1.0, ran.get(hour, 0.0))
            blocks[hour // self.block] += self.usual[_hour_of_week(hour, self.zone)] * share * heard
        return float((1.0 + sum(map(self._weight, blocks.values())) / self.known) ** -self.known)

    def _weight(self, expected: float) -> float:
        """What would be expected of a Poisson process that is as seldom silent for a block."""
        return log1p(self.burst * expected) / self.burst if self.burst else expected


def is_silence(probability: float, seconds: float) -> bool:
    return probability < IMPROBABLE and seconds >= SHORTEST


def learn(counts: Mapping[int, int], until: float, zone: tzinfo) -> Rhythm | None:
    """From how many came in each hour (counted since the epoch; what is missing is 0) before `until`; None if that is
    too little to tell a rhythm by."""
    weeks = list(_weeks(counts, int(until // HOUR), zone))
    if len(weeks) < FEWEST_WEEKS:
        return None
    level = _median([sum(week) for week in weeks])
    if level < FEWEST_A_WEEK:
        return None
    usual = _scaled(_shape(weeks), level)
    block = 1 if max(usual) >= MANY else HOURS_A_DAY
    return Rhythm(usual, level * len(weeks), _burst(weeks, usual, block), block, zone)


def _weeks(counts: Mapping[int, int], end: int, zone: tzinfo) -> Iterator[list[int]]:
    """The counts of each whole week by the hour of the week, from the last one back to the first that it was heard
    in."""
    first = min(counts, default=end)
    for number in range(1, MOST_WEEKS + 1):
        start = end - number * HOURS_A_WEEK
        if start < first:
            return
        week = [0] * HOURS_A_WEEK
        for hour in range(start, start + HOURS_A_WEEK):
            week[_hour_of_week(hour, zone)] += counts.get(hour, 0)
        yield week


def _shape(weeks: Sequence[Sequence[int]]) -> list[float]:
    """What came in each hour of the week on average, without floods."""
    calm = _without_floods(_without_floods(weeks, 1), HOURS_A_DAY)
    return [sum(hours) / len(hours) for hours in zip(*calm, strict=True)]


def _without_floods(weeks: Sequence[Sequence[float]], block: int) -> list[list[float]]:
    """So much of each block of hours as is likely by its median in all weeks, and that of the blocks beside it."""
    blocks = HOURS_A_WEEK // block
    sums = [[sum(week[at * block : (at + 1) * block]) for at in range(blocks)] for week in weeks]
    near = [[row[(at + beside) % blocks] for row in sums for beside in (-1, 0, 1)] for at in range(blocks)]
    most = [TIMES_BEYOND * _median(values) + BEYOND for values in near]
    kept = [[min(1.0, most[at] / row[at]) if row[at] else 1.0 for at in range(blocks)] for row in sums]
    return [
        [count * row[hour // block] for hour, count in enumerate(week)] for week, row in zip(weeks, kept, strict=True)
    ]


def _scaled(shape: Sequence[float], level: float) -> tuple[float, ...]:
    whole = sum(shape)
    return tuple(level * share / whole for share in shape)


def _burst(weeks: Sequence[Sequence[int]], usual: Sequence[float], block: int) -> float:
    """By the median of all blocks in which much is expected, so that no flood counts."""
    starts = range(0, HOURS_A_WEEK, block)
    pairs = [(sum(week[at : at + block]), sum(usual[at : at + block])) for week in weeks for at in starts]
    least = min(MANY, max(mean for _, mean in pairs))
    much = [(came, mean) for came, mean in pairs if mean >= least]
    square = _median([(came - mean) ** 2 / mean**2 for came, mean in much]) / _MEDIAN_SQUARE
    return max(0.0, square - _median([1 / mean for _, mean in much]))


def _median(values: Sequence[float]) -> float:
    """The lower one of two: where there are two weeks, a flood in one of them does not count."""
    return sorted(values)[(len(values) - 1) // 2]


def _hours(since: float, now: float) -> Iterator[tuple[int, float]]:
    """The hours of a time, with the share of each that is in it."""
    for hour in range(int(since // HOUR), int(now // HOUR) + 1):
        yield hour, (min(now, (hour + 1) * HOUR) - max(since, hour * HOUR)) / HOUR


def _hour_of_week(hour: int, zone: tzinfo) -> int:
    at = datetime.fromtimestamp(hour * HOUR, zone)
    return at.weekday() * HOURS_A_DAY + at.hour
