"""docs/security.md tells which threats are met, by tests that there are, and no threat that touches us goes without."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests import security
from tests.threats import THREATS

TESTS = Path(__file__).parents[1]
Found = Mapping[str, Sequence[security.Test]]


@pytest.fixture(scope="module")
def found() -> Found:
    return security.marked(TESTS)


def test_the_page_is_up_to_date() -> None:
    written = security.PAGE.read_text("utf-8")
    assert written == security.page(written), "run `make docs`"


@pytest.mark.parametrize("threat", THREATS)
def test_every_threat_has_a_test_unless_it_touches_nothing_yet(found: Found, threat: str) -> None:
    assert (threat in found) != bool(THREATS[threat].lacks)


def test_no_test_names_a_threat_that_nobody_knows(found: Found) -> None:
    assert found.keys() <= THREATS.keys()


def test_every_marker_is_found(found: Found) -> None:
    """However it is put to its test."""
    own = Path(__file__).name
    written = {
        (str(path.relative_to(TESTS)), threat)
        for path in TESTS.rglob("*.py")
        for call in re.findall(r"mark\.threat\(([^)]*)\)", path.read_text("utf-8"))
        for threat in re.findall(r'"(\w+-\d+)"', call)
        if path.name not in {own, "threats.py", "security.py"}
    }
    assert {(test.file, threat) for threat, tests in found.items() for test in tests} == written


def test_a_threat_that_is_not_named_in_full_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text("@pytest.mark.threat(NAME)\ndef test_x(): ...\n")
    with pytest.raises(ValueError, match=r"test_x\.py:1: name the threat in full"):
        security.marked(tmp_path)


def test_a_threat_is_found_wherever_a_marker_may_stand(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(
        "pytestmark = [pytest.mark.threat('P0-1')]\n"
        "@pytest.mark.threat('P0-2', 'P0-3')\nasync def test_x(): ...\n"
        "@pytest.mark.threat('P0-4')\nclass TestA:\n"
        "    @pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.threat('P0-5'))])\n"
        "    def test_y(self): ...\n"
    )
    found = {threat: [test.name for test in tests] for threat, tests in security.marked(tmp_path).items()}
    assert found == {"P0-1": [""], "P0-2": ["test_x"], "P0-3": ["test_x"], "P0-4": ["TestA"], "P0-5": ["test_y"]}
