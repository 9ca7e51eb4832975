"""Weights learnt from labelled sets, here from made-up ones."""

from dedupe.features import NAMES
from dedupe.model import read
from tests.duplicates_bench.engine import MODEL
from tests.duplicates_bench.figures import agreements
from tests.duplicates_bench.heldback import judged_by_the_other
from tests.duplicates_bench.made import reports
from tests.duplicates_bench.normalised import normalised
from tests.duplicates_bench.pairs import half, paired
from tests.duplicates_bench.weights import as_text, learnt


def test_what_is_learnt_on_one_half_tells_the_other() -> None:
    stream = normalised("made", reports(seed=1, count=200), "31")
    pairs = {stream.name: paired(stream, MODEL.common)}
    models = [learnt(pairs, without=one) for one in (0, 1)]
    done = judged_by_the_other(models, stream)
    assert agreements(done, stream.labels)[0].f1 > 0.85
    assert read(as_text(models[0]).encode(), NAMES) == models[0]
    assert models[0] != models[1]


def test_pairs_are_of_the_halves_of_their_incidents() -> None:
    stream = normalised("made", reports(seed=2, count=60), "31")
    pairs, labels = paired(stream, MODEL.common), set(stream.labels.values())
    assert {half(one) for one in labels} == {0, 1}
    assert pairs.features.shape == (len(pairs.same), len(NAMES))
    assert (pairs.halves[pairs.same == 1, 0] == pairs.halves[pairs.same == 1, 1]).all()
