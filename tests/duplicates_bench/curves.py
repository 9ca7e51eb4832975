"""Figures as pictures (PNG)."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.bench.load import percentile
from tests.duplicates_bench.clusters import curve
from tests.duplicates_bench.normalised import Stream
from tests.duplicates_bench.streaming import Run
from tests.duplicates_bench.windows import Figures

mpl.use("agg")
INCHES = (7, 4.5)


def thresholds(stream: Stream, run: Run, folder: Path) -> Path:
    """Precision and recall of pairs where links of at least a score are taken."""
    points = curve(stream.labels, run.links)
    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.subplots()
    scores = [point.threshold for point in points]
    for name in ("precision", "recall", "f1"):
        axes.plot(scores, [getattr(point.agreement, name) for point in points], label=name)
    axes.set(title=stream.name, xlabel="least probability of a link", ylabel="share of pairs", ylim=(0, 1.02))
    axes.legend()
    axes.grid(alpha=0.3)
    return _saved(figure, folder / f"{stream.name}.png")


def windows(name: str, found: Mapping[int, Figures], folder: Path) -> Path:
    """What the candidates held, and how long a report took, by how many are open."""
    figure = Figure(figsize=(2 * INCHES[0], INCHES[1]), layout="constrained")
    left, right = figure.subplots(1, 2)
    sizes = list(found)
    held = [one.labelled for one in found.values()]
    left.plot(sizes, [one.found_pairs / max(one.pairs, 1) for one in held], "o-", label="of true pairs")
    left.plot(sizes, [one.found_reports / max(one.reports, 1) for one in held], "o-", label="of reports with one")
    left.set(title="candidates", xlabel="open reports", ylabel="found", xscale="log", ylim=(0, 1.02))
    times = [sorted(1e3 * one.total for one in figures.seconds) or [0.0] for figures in found.values()]
    for percent in (50, 99):
        right.plot(sizes, [percentile(one, percent) for one in times], "o-", label=f"p{percent}")
    right.set(title="fingerprint to verdict", xlabel="open reports", ylabel="ms of one core", xscale="log")
    for axes in (left, right):
        axes.legend()
        axes.grid(alpha=0.3)
    return _saved(figure, folder / f"{name}-windows.png")


def _saved(figure: Figure, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
    return file
