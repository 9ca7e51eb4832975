"""What a process leaves behind on standard error and on the disk does not repeat what came in."""

import resource
import subprocess
import sys

import pytest

from gateway.discretion import NO_CORE

WORDS = "Budi, 08111000001"
CAUSED = "try: int(words)\n\texcept ValueError as error: raise KeyError(words) from error"
THREAD = "thread = threading.Thread(target=int, args=[words]); thread.start(); thread.join()"
FAILS = {
    "an exception": ("int(words)", "ValueError in <string>:"),
    "an exception because of another": (CAUSED, "KeyError in <string>:"),
    "an exception in a thread": (THREAD, "ValueError in threading.py:"),
    "an exception that nobody can catch": ("class A:\n\t\tdef __del__(self): int(words)\n\tA()", "ValueError in"),
    "a warning": ("warnings.warn(words)", ""),
    "a library's complaint": ("logging.getLogger('library').error(words)", ""),
}


@pytest.mark.threat("P0-30")
@pytest.mark.parametrize(("does", "told"), FAILS.values(), ids=FAILS)
def test_what_nobody_expected_is_told_by_its_place_alone(does: str, told: str) -> None:
    program = (
        "import logging, threading, warnings; from gateway import discretion\n"
        f"def fail(words):\n\t{does}\ndiscretion.begin()\nfail('{WORDS}')"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stderr
    assert told in said
    assert ("Traceback" in said) == bool(told)
    assert "0811" not in said


@pytest.mark.threat("P0-30", "P0-31")
@pytest.mark.parametrize("allowed", [0, NO_CORE, 1 << 20, resource.RLIM_INFINITY])
def test_no_image_of_the_memory_is_left(allowed: int) -> None:
    program = "import resource; from gateway import discretion; discretion.begin(); print(*resource.getrlimit(4))"
    said = subprocess.run(
        [sys.executable, "-c", program],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (allowed, allowed)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert resource.RLIMIT_CORE == 4
    assert {int(limit) for limit in said.split()} <= {0, NO_CORE}
