"""From what became of a stream to its figures."""

from collections.abc import Iterator, Mapping, Sequence

from dedupe.verdict import Kind
from tests.bench.load import percentile
from tests.duplicates_bench.clusters import Agreement, b_cubed, clusters, pairs, pairwise, right_pairs
from tests.duplicates_bench.engine import Seconds
from tests.duplicates_bench.recall import Labelled
from tests.duplicates_bench.streaming import Run
from tests.normalizer_bench.rows import Goal, Row, share

#: By percentile the microseconds that a report may take.
PATIENCE = {50: 1_500, 99: 6_000}


def line(name: str, pairs: Agreement, reports: Agreement) -> str:
    """`SET F1 x P x R x B3 x`: of pairs, and of reports (B-cubed)."""
    return f"{name} F1 {pairs.f1:.3f} P {pairs.precision:.3f} R {pairs.recall:.3f} B3 {reports.f1:.3f}"


def agreements(run: Run, labels: Mapping[str, str]) -> tuple[Agreement, Agreement]:
    """Of pairs and of reports, where what is more likely than not is linked."""
    found = clusters(labels, run.even)
    return pairwise(found, labels), b_cubed(found, labels)


def rows(run: Run, labels: Mapping[str, str]) -> Iterator[Row]:
    """Links made without a person, those for a person, and what the candidates held."""
    yield from _links(run, labels)
    unsure = [one for one in run.judged if one.verdict.kind is Kind.UNSURE]
    right = sum(labels[one.verdict.same_as or ""] == labels[one.new.report] for one in unsure)
    yield share("for review, of all reports", len(unsure), len(run.judged))
    yield share("for review, right", right, len(unsure))
    yield from recall(run.labelled)
    yield share("candidates, of the exhaustive best", run.exhaustive.found, run.exhaustive.alike)
    yield from latency([one.seconds for one in run.judged])


def _links(run: Run, labels: Mapping[str, str]) -> Iterator[Row]:
    """What one wrong link merges is more than a pair: precision is of links and of pairs."""
    links = run.automatic
    right = sum(labels[link.new] == labels[link.old] for link in links)
    found = clusters(labels, links)
    yield share("automatic links, right", right, len(links), goal=Goal(0.98))
    yield share("automatic pairs, right", right_pairs(found, labels), pairs(found))
    yield share("automatic pairs, of true ones", right_pairs(found, labels), pairs(labels), goal=Goal(0.5))


def recall(held: Labelled, least: float = 0.98) -> Iterator[Row]:
    """What the labels say that the candidates should hold."""
    yield share("candidates, of true pairs", held.found_pairs, held.pairs, goal=Goal(least))
    yield share("candidates, of reports with one", held.found_reports, held.reports)


def latency(seconds: Sequence[Seconds]) -> Iterator[Row]:
    """From fingerprint to verdict on one core, and its parts."""
    parts = {"fingerprint to verdict": [one.total for one in seconds]}
    parts |= {name: [getattr(one, name) for one in seconds] for name in Seconds._fields}
    for name, times in parts.items():
        times.sort()
        for percent, most in PATIENCE.items():
            goal = Goal(most, below=True) if name == "fingerprint to verdict" else None
            value = 1e6 * percentile(times, percent) if times else 0.0
            yield Row(measure=f"{name}, p{percent}", count=len(times), value=value, unit="µs", goal=goal)
