"""Logs name channels, counts and places in the code: never a citizen."""

import ast
import errno
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from gateway import logs
from gateway.describe import describe


def test_what_is_not_known_to_be_harmless_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True)
    structlog.get_logger().info("kept", channel="sms", count=2, sender="+628111", text="Banjir", name="Budi")
    event = json.loads(capsys.readouterr().err)
    assert set(event) == {"event", "channel", "count", "level", "timestamp"}


def test_nothing_that_is_said_on_purpose_is_dropped() -> None:
    said = {(file.name, key) for file in Path(logs.__file__).parent.rglob("*.py") for key in logged(file)}
    assert {key for _, key in said} >= {"channel", "keys"}
    assert {(file, key) for file, key in said if key not in logs.HARMLESS} == set()


def logged(file: Path) -> Iterator[str]:
    """The keys that `log.info(…)` and its like are given in a file."""
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("log."):
            yield from (word.arg for word in call.keywords if word.arg and word.arg != "exc_info")


def test_libraries_may_complain_but_not_quote(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True)
    try:
        raise ValueError("+628111 says Banjir")
    except ValueError:
        logging.getLogger("asyncio").exception("Budi's request failed: %s", "Banjir")
    logging.getLogger("aiohttp.server").error("Budi")
    logging.getLogger("asyncio").info("Budi")
    (line,) = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["where"], event["event"]) == ("asyncio", "a library complains")
    assert event["error"].startswith("ValueError in test_logs.py:")
    assert not [word for word in ("Budi", "Banjir", "628111") if word in line]


def test_what_a_library_says_over_and_over_is_passed_on_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True)
    for number in (errno.EMFILE, errno.EMFILE, errno.ENFILE, errno.EMFILE):
        logging.getLogger("asyncio").error("out of system resource", exc_info=OSError(number, "Budi"))
    said = [json.loads(line)["error"] for line in capsys.readouterr().err.splitlines()]
    assert said == ["OSError EMFILE", "OSError ENFILE"]


def test_an_exception_is_described_by_type_and_place() -> None:
    try:
        int("rahasia")
    except ValueError as error:
        described = describe(error)
    assert described == f"ValueError in test_logs.py:{sys._getframe().f_lineno - 3}"
    assert describe(ValueError("rahasia")) == "ValueError"
