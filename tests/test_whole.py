"""A test that fails once is run again alone, and named; one that fails twice fails the whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ONCE = (
    "from pathlib import Path\n\ndef test_{0}():\n    tried = Path('tried_{0}')\n    before = tried.exists()\n"
    "    tried.touch()\n    assert before\n"
)
WELL = "def test_well():\n    assert True\n"
NEVER = "def test_never():\n    assert False\n"
#: To load all plugins takes each of a suite's processes longer than its tests.
XDIST_ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist.plugin"}
SUITES = {
    "all pass": ([WELL], 0, False),
    "one fails once": ([WELL, ONCE.format("a")], 0, True),
    "one fails twice": ([ONCE.format("a"), NEVER], 1, False),
    "many fail once": ([ONCE.format(name) for name in "abcd"], 1, False),
}


@pytest.mark.parametrize("case", SUITES)
def test_what_fails_is_run_once_more_if_it_is_not_much(case: str, tmp_path: Path) -> None:
    files, status, unsteady = SUITES[case]
    for number, text in enumerate(files):
        (tmp_path / f"test_{number}.py").write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | XDIST_ALONE
    command = [sys.executable, "-m", "tests.whole"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "UNSTEADY" in done.stdout) == (status, unsteady), done.stdout + done.stderr
    assert not unsteady or "test_1.py::test_a" in done.stdout.split("UNSTEADY")[1]
