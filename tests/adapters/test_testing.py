"""The suite that third parties subclass finds what it is there to find."""

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from adapters.testing.material import recordings

ROOT = Path(__file__).parents[2]
GOOD = """
import logging
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import msgspec

from adapters import *
from adapters.testing import RECEIVED_AT, AdapterContract


class Settings(FetchingSettings, frozen=True, kw_only=True):
    token: Annotated[Secret, msgspec.Meta(description="The token.")]
    fault: Annotated[str, msgspec.Meta(description="How asking fails.")] = ""

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
        photo = Attachment(None, "image/jpeg", 0, reference="f1")
        return [Message(id=delivery.id, channel=delivery.channel, sender=None, text=text, attachments=(photo,))]

    async def send(self, reply):
        return Receipt()

    def source(self):
        return "toy://box"

    async def poll(self, cursor):
        if self._settings.fault:
            raise FAULTS[self._settings.fault]
        found = Delivery(id="7", channel=self._settings.name, received_at=RECEIVED_AT, body=b"halo")
        return Batch([found], "7")

    async def committed(self, batch):
        self._done = True

    async def backfill(self, since):
        yield Batch([], None)

    def hosts(self):
        return ("*.toys.example",)

    async def fetch(self, attachment, get):
        if attachment.reference != "f1":
            raise Refused("no such file")
        return await get("https://cdn.toys.example/f1")


FAULTS = {"throttled": Throttled("slowly", 1.0), "down": ChannelDown("away"), "unauthorized": Unauthorized("who?")}

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

    @asynccontextmanager
    async def feed(self, outcome):
        yield {"fault": "" if outcome == "ok" else outcome}
"""
EVENTS = (
    '{"events": [{"type": "Message", "id": "greeting", "channel": "toy", "sender": null, "text": "halo",'
    ' "attachments": [{"name": null, "media_type": "image/jpeg", "size": 0, "reference": "f1"}]}]}'
)

Change = tuple[str, str]
#: What is done to the good adapter, and which test of the suite finds it.
FAULTS: dict[str, tuple[str, str, str]] = {
    "an empty secret is taken": (
        "wrong_settings_are_refused",
        "() if self.token.reveal() else",
        "() if True else",
    ),
    "a setting without description": (
        "every_setting_is_described",
        'Annotated[Secret, msgspec.Meta(description="The token.")]',
        "Secret",
    ),
    "a file read at construction": (
        "construction_touches_nothing_outside",
        "        self._settings = settings\n",
        "        self._settings = settings\n        Path(__file__).read_text()\n",
    ),
    "a telling repr": (
        "no_secret_is_shown",
        "    def parse(",
        "    def __repr__(self):\n        return self._settings.token.reveal()\n\n    def parse(",
    ),
    "other words": (
        "a_recorded_delivery_leads_to_its_events",
        "sender=None, text=text",
        "sender=None, text=text[1:]",
    ),
    "a parser that looks at the clock": (
        "parsing_is_pure",
        "id=delivery.id, channel=delivery.channel, sender",
        "id=str(time.monotonic_ns()), channel=delivery.channel, sender",
    ),
    "a time that is looked at, but of which nothing is told": (
        "a_request_that_comes_a_year_late_is_refused_where_its_time_is_signed",
        "        if len(request.body) >",
        "        if request.received_at != RECEIVED_AT or len(request.body) >",
    ),
    "a time that is told of, but not looked at": (
        "a_request_that_comes_a_year_late_is_refused_where_its_time_is_signed",
        '    outcomes = ("ok",)\n',
        '    outcomes = ("ok",)\n    signs_time = True\n',
    ),
    "an exception of its own in parse": (
        "a_hostile_delivery_is_parsed_or_unreadable_and_soon",
        '.decode("utf-8", "replace")',
        ".decode()",
    ),
    "no proof asked for": (
        "a_request_without_good_proof_is_refused",
        'raise RequestRefused("wrong token")',
        "pass",
    ),
    "new ids each time": (
        "a_redelivered_request_has_the_same_ids",
        'Delivery(id="7"',
        "Delivery(id=str(time.monotonic_ns())",
    ),
    "no limit": (
        "a_request_beyond_the_channels_size_is_refused",
        'raise RequestRefused("too large", 413)',
        "pass",
    ),
    "an exception of its own in receive": (
        "an_odd_request_is_refused_or_answered_and_soon",
        "        if request.headers.get(",
        '        request.query.encode("ascii")\n        if request.headers.get(',
    ),
    "a table without unproven": (
        "the_table_of_refused_requests_is_complete",
        '"unproven": ',
        '"other": ',
    ),
    "an exception in send": (
        "sending",
        "        return Receipt()",
        '        raise ValueError("no")',
    ),
}
FAULTS |= {
    "two entries in the log": (
        "a_genuine_request_holds_deliveries_of_the_channel",
        "        return Received([",
        "        logging.info('one')\n        logging.info('two')\n        return Received([",
    ),
    "a secret in the log": (
        "a_request_without_good_proof_is_refused",
        "        if request.headers.get(",
        "        logging.debug(self._settings.token.reveal())\n        if request.headers.get(",
    ),
    "a citizen's words that are printed": (
        "sending",
        "        return Receipt()",
        "        print(reply.text)\n        return Receipt()",
    ),
    "a reply that is too long for what it says of itself": (
        "a_reply_as_large_as_the_capabilities_say_is_taken",
        "        return Receipt()",
        "        if len(reply.text) > 160:\n            raise Refused('too long')\n        return Receipt()",
    ),
    "buttons without labels": (
        "the_capabilities_fit_each_other",
        "Capabilities()",
        "Capabilities(choices=3, label_limit=0)",
    ),
    "a source that tells the token": (
        "what_is_asked_is_named_without_secrets",
        'return "toy://box"',
        "return self._settings.token.reveal()",
    ),
    "an outage that is called another thing": (
        "polling",
        'ChannelDown("away")',
        'Refused("away")',
    ),
    "other ids each time it is asked": (
        "asking_twice_with_one_cursor_gives_the_same_deliveries",
        'found = Delivery(id="7"',
        "found = Delivery(id=str(time.monotonic_ns())",
    ),
    "what is done once only": (
        "what_follows_a_poll_may_be_done_twice",
        "        self._done = True",
        "        assert not hasattr(self, '_done')\n        self._done = True",
    ),
    "a cursor that is moved back": (
        "what_was_missed_comes_in_batches_without_a_cursor",
        "yield Batch([], None)",
        'yield Batch([], "1")',
    ),
    "a file that is read without asking": (
        "files_are_asked_for_by_get_alone_at_the_hosts_that_are_named",
        "        return await get(",
        "        Path(__file__).read_bytes()\n        return await get(",
    ),
    "a host that is not named": (
        "files_are_asked_for_by_get_alone_at_the_hosts_that_are_named",
        "https://cdn.toys.example/f1",
        "https://toys.test/f1",
    ),
    "files of any size": (
        "an_operator_can_say_how_large_a_file_may_be",
        "class Settings(FetchingSettings,",
        "class Settings(ChannelSettings,",
    ),
    "a file that cannot be": (
        "a_file_that_cannot_be_is_refused",
        'raise Refused("no such file")',
        'return b""',
    ),
}
HARMLESS: Mapping[str, Sequence[Change]] = {
    "a few lines of data": (),
    "no way in or out": (
        ("    def receive(", "    def not_receive("),
        ("async def send(", "async def tell("),
        ("async def fetch(", "async def get("),
    ),
    "it may be asked, but is called": (('"toy://box"', '""'),),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """The names of the suite's tests that fail, for each change of the good adapter; all in one run."""
    folder = tmp_path_factory.mktemp("toys")
    faults = {name: ((before, after),) for name, (_, before, after) in FAULTS.items()}
    changes: Mapping[str, Sequence[Change]] = {**HARMLESS, **faults}
    for number, change in enumerate(changes.values()):
        write(folder / str(number), f"test_toy_{number}.py", change)
    tests = [f"{folder}/{number}/test_toy_{number}.py{_one_test(name)}" for number, name in enumerate(changes)]
    options = ["-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:hypothesispytest"]
    command = [sys.executable, "-m", "pytest", *options, f"--rootdir={folder}", "-c", "/dev/null", *tests]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    failed = re.findall(r"^(?:FAILED|ERROR) .*/test_toy_(\d+)\.py::.*::test_(\w+)", run.stdout, re.MULTILINE)
    return {name: {test for toy, test in failed if toy == str(number)} for number, name in enumerate(changes)}


def _one_test(name: str) -> str:
    """Of a faulty adapter only the test that is to find it."""
    return f"::TestToy::test_{FAULTS[name][0]}" if name in FAULTS else ""


def write(folder: Path, file: str, changes: Iterable[Change]) -> None:
    source = GOOD
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    folder.mkdir()
    (folder / file).write_text(source)
    (folder / "greeting.txt").write_text("halo")
    (folder / "greeting.events.json").write_text(EVENTS)


@pytest.mark.parametrize("harmless", HARMLESS)
def test_a_good_adapter_passes_and_is_asked_only_about_the_ways_it_has(
    failures: Mapping[str, set[str]], harmless: str
) -> None:
    assert failures[harmless] == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(failures: Mapping[str, set[str]], fault: str) -> None:
    assert FAULTS[fault][0] in failures[fault]


def test_a_recording_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "photo.json").write_text("{}")
    (tmp_path / "photo.events.json").write_text('{"events": [{"type": "Message", "id": "1"}]}')
    with pytest.raises(ValueError, match=r"photo\.events\.json is no recording: .*`channel`"):
        recordings(tmp_path)
