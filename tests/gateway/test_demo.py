"""`kanal demo`: plays its afternoon on a real gateway, and would notice if anything were lost."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession

from gateway.apart import NotStarted
from gateway.demo import proof, running, script
from gateway.demo.outside import outside
from gateway.demo.proof import Kept, Sent
from gateway.demo.script import Entry

STORY = script.load()
COMMAND = (sys.executable, "-m", "gateway")
FAST = ("demo", "--speed", "1000")
CLOSING = re.compile(
    r"(\d+) messages in, (\d+) kept, (\d+) cases, (\d+) answered, 1 machine left unanswered; \d+ cases filed outside"
)
FICTION = re.compile(r"\+6281100000\d\d|[a-z0-9.]+@example\.(com|org)")


class Played(msgspec.Struct, frozen=True):
    """What a demo printed, and what the commands list of it."""

    said: str
    lists: Mapping[str, list[dict[str, Any]]]

    def count(self, what: str) -> int:
        """A number of the closing line."""
        found = CLOSING.search(self.said)
        assert found, self.said
        return int(found[("messages", "kept", "cases", "answered").index(what) + 1])


def kanal(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    said = kanal(*FAST, "--keep", TMPDIR=str(folder))
    (kept,) = folder.iterdir()
    return Played(said, {what: _listed(what, kept) for what in ("deliveries", "reports", "cases", "replies")})


def _listed(what: str, folder: Path) -> list[dict[str, Any]]:
    said = kanal(what, "list", "--all", "--json", "--config", str(folder / "kanal.toml"))
    return [json.loads(line) for line in said.splitlines()]


def test_the_last_word_is_that_every_message_was_kept_and_answered(played: Played) -> None:
    machines = sum(entry.automatic for entry in STORY)
    counts = [played.count(what) for what in ("messages", "kept", "answered")]
    assert counts == [len(STORY), len(STORY), len(STORY) - machines]


def test_the_last_word_is_what_the_commands_say(played: Played) -> None:
    sent = [reply for reply in played.lists["replies"] if reply["state"] == "sent"]
    counts = [len(played.lists["reports"]), len(played.lists["cases"]), len(sent)]
    assert counts == [played.count(what) for what in ("kept", "cases", "answered")]


def test_an_sms_in_pieces_is_one_report_and_one_delivered_again_is_one_delivery(played: Played) -> None:
    pieces = sum(entry.parts for entry in STORY)
    assert (pieces - len(STORY), sum(entry.redelivered for entry in STORY)) == (1, 1)
    assert len(played.lists["deliveries"]) == pieces
    long = next(entry for entry in STORY if entry.parts > 1)
    assert long.text in [report["text"] for report in played.lists["reports"]]


def test_the_photos_are_kept(played: Played) -> None:
    attachments = [one for report in played.lists["reports"] for one in report.get("attachments", ())]
    photos = sum(bool(entry.photo) for entry in STORY)
    assert [attachment["media_type"] for attachment in attachments] == ["image/png"] * photos


def test_repeats_are_recognised_and_the_same_words_of_two_streets_are_not(played: Played) -> None:
    reports = played.lists["reports"]
    assert max(case["reports"] for case in played.lists["cases"]) >= 3
    assert played.count("cases") <= len(reports) - 10
    lamps = [_cases(reports, f"lampu jalan mati di jl {street}") for street in ("mahakam", "melawai")]
    assert all(lamps) and lamps[0].isdisjoint(lamps[1])
    assert _cases(reports, "kemang raya").isdisjoint(_cases(reports, "kemang timur"))


async def test_the_case_store_refuses_while_it_is_down_and_knows_what_it_has() -> None:
    case = {"type": "case", "key": "KNL-A", "case": {"reports": [{"key": "r-1.1", "text": "Banjir"}]}}
    later = {"type": "change", "number": "JK-KNL-A", "case": {}, "new": [{"key": "r-1.2"}, {"key": "r-2.1"}]}
    async with outside() as world, ClientSession() as session:
        world.down = True
        async with session.post(world.case_store, json=case) as refused:
            assert (refused.status, world.filed) == (503, {})
        world.down = False
        for said in (case, case, later):
            async with session.post(world.case_store, json=said) as taken:
                assert (await taken.json())["number"] == "JK-KNL-A"
        assert world.filed == {"JK-KNL-A": {"r-1", "r-2"}}


def test_no_list_says_who_reported(played: Played) -> None:
    shown = json.dumps(played.lists)
    assert [entry.sender for entry in STORY if entry.sender.lstrip("+") in shown] == []


def _cases(reports: list[dict[str, Any]], words: str) -> set[str]:
    return {report["case"] for report in reports if words in report["text"].lower()}


def test_on_a_terminal_there_is_a_live_table_and_then_the_console_stays_open(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    with subprocess.Popen([*COMMAND, *FAST, "--stay"], stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        said = _until(ours, re.compile(r"Log in once, by (\S+)\s"))
        link = said.split("Log in once, by ")[1].split()[0]
        with urllib.request.urlopen(link, timeout=20) as page:
            assert b'name="password_new"' in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    os.close(ours)
    assert "A flood afternoon in Jakarta" in said
    assert all(
        word in said
        for word in ("RECEIVED", "CASES", "DUPLICATES", "ANSWERED", "sms-1708", "mail-dki", "apps", "crm-kota")
    )
    assert CLOSING.search(said)
    assert list(tmp_path.iterdir()) == [], "without --keep nothing is left behind"


def _until(terminal: int, last: re.Pattern[str]) -> str:
    """What stands there, once `last` does. An OSError of the terminal's end fails the test."""
    said = ""
    while not last.search(said):
        said += os.read(terminal, 65536).decode("utf-8", "replace")
    return said


async def test_why_a_gateway_did_not_start_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the data folder should be")
    async with outside() as world:
        with pytest.raises(NotStarted, match=r"the data folder .* cannot be made"):
            await running.gateway(tmp_path, world).__aenter__()


def test_the_story_is_invented_and_told_in_its_order() -> None:
    assert [entry.sender for entry in STORY if not FICTION.fullmatch(entry.sender)] == []
    assert [entry.minutes for entry in STORY] == sorted(entry.minutes for entry in STORY)
    assert {entry.by for entry in STORY} == {"mail-dki", "sms-1708", "sms-08111272206", "apps", "loket", "balai-warga"}


def test_the_minutes_of_an_hour() -> None:
    assert Entry(at="13:05", by="mail-dki", sender="a@example.org", text="x").minutes == 785


SENT = (
    Sent("sms-1708", "+628110000001", ("d1",)),
    Sent("sms-1708", "+628110000002", ("d2", "d3")),
    Sent("mail-dki", "warga@example.org", ("d4",)),
    Sent("mail-dki", "mesin@example.org", ("d5",), wants_answer=False),
)
KEPT = Kept(
    deliveries=[(digest, "done") for digest in ("d1", "d2", "d3", "d4", "d5")],
    reports=["KNL-AAAA-AAAA", "KNL-AAAA-AAAA", "KNL-BBBB-BBBB", "KNL-CCCC-CCCC"],
    cases={"KNL-AAAA-AAAA": 2, "KNL-BBBB-BBBB": 1, "KNL-CCCC-CCCC": 1},
    replies=["sent", "sent", "delivered", "withheld"],
    report_ids=["r-1", "r-2", "r-3", "r-4"],
    filings=["filed", "filed", "covered"],
)
FILED: Mapping[str, set[str]] = {"JK-1": {"r-1", "r-2"}, "JK-2": {"r-3"}, "JK-3": {"r-4"}}
ARRIVED: Mapping[str, list[str]] = {
    "+628110000001": ["Kode KNL-AAAA-AAAA, PIN 123456."],
    "+628110000002": ["Kode KNL-AAAA-AAAA, PIN 123457."],
    "warga@example.org": ["Kode KNL-BBBB-BBBB, PIN 123458.\n"],
}


def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert proof.missing(4, SENT, KEPT, ARRIVED, FILED) == []
    said = "4 messages in, 4 kept, 3 cases, 3 answered, 1 machine left unanswered; 2 cases filed outside"
    assert proof.closing(4, KEPT) == said


LOSSES: Mapping[str, tuple[dict[str, Any], str]] = {
    "a delivery": ({"deliveries": KEPT.deliveries[1:]}, "4 of 5 deliveries are kept byte for byte"),
    "a byte of a delivery": (
        {"deliveries": [("d9", "done"), *KEPT.deliveries[1:]]},
        "4 of 5 deliveries are kept byte for byte",
    ),
    "a delivery too many": ({"deliveries": [*KEPT.deliveries, ("d1", "done")]}, "6 of 5 deliveries are kept"),
    "a delivery set aside": (
        {"deliveries": [("d1", "quarantined"), *KEPT.deliveries[1:]]},
        "4 of 5 deliveries are processed",
    ),
    "a report": ({"reports": KEPT.reports[1:]}, "3 of 4 messages became reports"),
    "a report too many": ({"reports": [*KEPT.reports, "KNL-AAAA-AAAA"]}, "5 of 4 messages became reports"),
    "a case": (
        {"cases": {"KNL-AAAA-AAAA": 2, "KNL-CCCC-CCCC": 2}},
        "3 of 4 reports are in a case that is listed",
    ),
    "a report of a case": (
        {"cases": {**KEPT.cases, "KNL-AAAA-AAAA": 1}},
        "3 of 4 reports are counted by the cases",
    ),
    "a reply": ({"replies": ["sent", "failed", "sent", "withheld"]}, "2 of 3 replies were sent"),
    "the silence towards machines": ({"replies": ["sent"] * 4}, "0 of 1 machines were left unanswered"),
}


@pytest.mark.parametrize(("changes", "said"), LOSSES.values(), ids=LOSSES)
def test_what_the_store_has_lost_is_named(changes: dict[str, Any], said: str) -> None:
    assert said in proof.missing(4, SENT, msgspec.structs.replace(KEPT, **changes), ARRIVED, FILED)


STRAY: Mapping[str, tuple[Mapping[str, list[str]], str]] = {
    "one did not arrive": ({**ARRIVED, "warga@example.org": []}, "2 of 3 answers arrived where they belong"),
    "one went to somebody else": (
        {**ARRIVED, "warga@example.org": [], "lain@example.org": ARRIVED["warga@example.org"]},
        "2 of 3 answers arrived where they belong",
    ),
    "a machine was answered": (
        {**ARRIVED, "mesin@example.org": ["Kode KNL-CCCC-CCCC"]},
        "4 of 3 answers arrived in all",
    ),
    "one names no case": (
        {**ARRIVED, "warga@example.org": ["Kode KNL-ZZZZ-ZZZZ"]},
        "2 of 3 answers name the code of a case",
    ),
}


@pytest.mark.parametrize(("arrived", "said"), STRAY.values(), ids=STRAY)
def test_an_answer_that_went_astray_is_named(arrived: Mapping[str, list[str]], said: str) -> None:
    assert said in proof.missing(4, SENT, KEPT, arrived, FILED)


UNFILED: Mapping[str, tuple[Mapping[str, set[str]], str]] = {
    "one was lost": ({**FILED, "JK-2": set()}, "3 of 4 reports were filed outside"),
    "one is in two cases": ({**FILED, "JK-4": {"r-1"}}, "5 of 4 reports were filed outside in all"),
}


@pytest.mark.parametrize(("filed", "said"), UNFILED.values(), ids=UNFILED)
def test_a_report_that_was_not_filed_once_is_named(filed: Mapping[str, set[str]], said: str) -> None:
    assert said in proof.missing(4, SENT, KEPT, ARRIVED, filed)


def test_a_case_that_waits_to_be_filed_is_named() -> None:
    waiting = msgspec.structs.replace(KEPT, filings=["filed", "due", "aside"])
    assert "1 of 3 filings are settled" in proof.missing(4, SENT, waiting, ARRIVED, FILED)


def test_a_message_that_was_not_acknowledged_is_named() -> None:
    assert "4 of 5 messages were acknowledged" in proof.missing(5, SENT, KEPT, ARRIVED, FILED)
