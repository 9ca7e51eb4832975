"""No wrong merges on labelled reports, where these private sets are present (see evaluate.py)."""

import pytest

from tests.dedupe.evaluate import FOLDER, evaluate

#: Least pairwise precision and recall. Measured: jkt .907/.313; sby 1.0/.186; pb .904/.365 (its labels are weak).
FLOORS = {"jkt": (0.88, 0.28), "sby": (0.95, 0.13), "pb": (0.85, 0.3)}


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_linked_is_right(name: str) -> None:
    if not (FOLDER / f"{name}.jsonl").exists():
        pytest.skip(f"the private set {name} is not present")
    figures = evaluate(name)
    assert figures.precision >= FLOORS[name][0]
    assert figures.recall >= FLOORS[name][1]
