"""The suite that third parties subclass finds what it is there to find."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = """
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import msgspec

from adapters import *
from adapters.testing import RECEIVED_AT, AdapterContract


class Settings(ChannelSettings, frozen=True, kw_only=True):
    token: Annotated[Secret, msgspec.Meta(description="The token.")]

    def problems(self):
        return () if self.token.reveal() else (Problem("token", "is empty"),)


class Toy:
    kind = "toy"
    Settings = Settings
    capabilities = Capabilities()

    def __init__(self, settings):
        self._settings = settings

    def receive(self, request):
        if request.headers.get("token") != self._settings.token.reveal():
            raise RequestRefused("wrong token")
        if len(request.body) > self._settings.max_size:
            raise RequestRefused("too large", 413)
        return Received([Delivery(id="7", channel=self._settings.name, received_at=RECEIVED_AT, body=request.body)])

    def parse(self, delivery):
        text = delivery.body.decode("utf-8", "replace")
        return [Message(id=delivery.id, channel=delivery.channel, sender=None, text=text)]

    async def send(self, reply):
        return Receipt()


REQUEST = WebRequest(
    method="POST", path="", public_url="", headers={"token": "geheim-123"}, query="", body=b"halo", peer="127.0.0.1",
    received_at=RECEIVED_AT,
)


class TestToy(AdapterContract):
    adapter = Toy
    settings = {"token": "geheim-123", "max_size": 1000}
    payloads = Path(__file__).parent
    genuine = REQUEST
    refused = {
        "forged": msgspec.structs.replace(REQUEST, headers={"token": "x"}),
        "unproven": msgspec.structs.replace(REQUEST, headers={}),
    }
    reply = Reply(id="1", channel="toy", to=Address("account", "warga-9"), text="terima kasih")
    outcomes = ("ok",)

    @asynccontextmanager
    async def peer(self, outcome):
        yield {}
"""
EVENTS = '{"events": [{"type": "Message", "id": "greeting", "channel": "toy", "sender": null, "text": "halo"}]}'


def failures(folder: Path, *changes: tuple[str, str]) -> set[str]:
    """The names of the suite's tests that fail once the good adapter is changed."""
    source = GOOD
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    (folder / "test_toy.py").write_text(source)
    (folder / "greeting.txt").write_text("halo")
    (folder / "greeting.events.json").write_text(EVENTS)
    options = ["-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:hypothesispytest"]
    command = [sys.executable, "-m", "pytest", *options, f"--rootdir={folder}", "-c", "/dev/null", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode in {0, 1}, run.stdout + run.stderr
    failed = [line.split("::")[-1] for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return {name.split(" ")[0].split("[")[0].removeprefix("test_") for name in failed}


def test_a_good_adapter_passes_with_a_few_lines_of_data(tmp_path: Path) -> None:
    assert failures(tmp_path) == set()


def test_an_adapter_without_a_way_is_not_asked_about_it(tmp_path: Path) -> None:
    assert (
        failures(tmp_path, ("    def receive(", "    def not_receive("), ("async def send(", "async def tell("))
        == set()
    )


@pytest.mark.parametrize(
    ("found_by", "before", "after"),
    [
        pytest.param(
            "wrong_settings_are_refused",
            "() if self.token.reveal() else",
            "() if True else",
            id="an empty secret is taken",
        ),
        pytest.param(
            "every_setting_is_described",
            'Annotated[Secret, msgspec.Meta(description="The token.")]',
            "Secret",
            id="a setting without description",
        ),
        pytest.param(
            "construction_touches_nothing_outside",
            "        self._settings = settings\n",
            "        self._settings = settings\n        Path(__file__).read_text()\n",
            id="a file read at construction",
        ),
        pytest.param(
            "no_secret_is_shown",
            "    def parse(",
            "    def __repr__(self):\n        return self._settings.token.reveal()\n\n    def parse(",
            id="a telling repr",
        ),
        pytest.param(
            "a_recorded_delivery_leads_to_its_events",
            "sender=None, text=text",
            "sender=None, text=text[1:]",
            id="other words",
        ),
        pytest.param(
            "parsing_is_pure",
            "id=delivery.id, channel=delivery.channel, sender",
            "id=str(time.monotonic_ns()), channel=delivery.channel, sender",
            id="a parser that looks at the clock",
        ),
        pytest.param(
            "a_hostile_delivery_is_parsed_or_unreadable_and_soon",
            '.decode("utf-8", "replace")',
            ".decode()",
            id="an exception of its own in parse",
        ),
        pytest.param(
            "a_request_without_good_proof_is_refused",
            'raise RequestRefused("wrong token")',
            "pass",
            id="no proof asked for",
        ),
        pytest.param(
            "a_redelivered_request_has_the_same_ids",
            'Delivery(id="7"',
            "Delivery(id=str(time.monotonic_ns())",
            id="new ids each time",
        ),
        pytest.param(
            "a_request_beyond_the_channels_size_is_refused",
            'raise RequestRefused("too large", 413)',
            "pass",
            id="no limit",
        ),
        pytest.param(
            "an_odd_request_is_refused_or_answered_and_soon",
            "        if request.headers.get(",
            '        request.query.encode("ascii")\n        if request.headers.get(',
            id="an exception of its own in receive",
        ),
        pytest.param(
            "the_table_of_refused_requests_is_complete", '"unproven": ', '"other": ', id="a table without unproven"
        ),
        pytest.param(
            "sending", "        return Receipt()", '        raise ValueError("no")', id="an exception in send"
        ),
    ],
)
def test_a_fault_is_found(tmp_path: Path, found_by: str, before: str, after: str) -> None:
    assert found_by in failures(tmp_path, (before, after))
