"""Links made without a person that the labels call wrong, to be read by a person."""

from collections.abc import Iterator

from tests.duplicates_bench.engine import AUTOMATIC
from tests.duplicates_bench.normalised import Stream
from tests.duplicates_bench.streaming import run

LONGEST = 300


def wrong(stream: Stream, most: int) -> Iterator[str]:
    """The first `most` of them in the order of time: both texts, the time of each, and the judge's reasons."""
    told = {arrival.report.id: arrival for arrival in stream.arrivals}
    left = most
    for one in run(stream, sampled=0).judged:
        old, new = told.get(one.verdict.same_as or ""), told[one.new.report]
        if left and old and one.verdict.kind in AUTOMATIC and old.cluster != new.cluster:
            left -= 1
            yield f"{one.verdict.kind} {one.verdict.score:.3f}: {'; '.join(one.verdict.reasons)}"
            for arrival in (old, new):
                text = " ".join(arrival.report.text.split())[:LONGEST]
                yield f"  {arrival.report.id} {arrival.report.received_at:%Y-%m-%d %H:%M} [{arrival.cluster}] {text}"
