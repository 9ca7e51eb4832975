"""`kanal demo`: plays its afternoon over all channels on a real gateway, and would notice if anything were lost."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession

from gateway import registry
from gateway.apart import NotStarted
from gateway.demo import platforms, proof, running, screen, script
from gateway.demo.outside import outside
from gateway.demo.proof import Arrived, Held, Kept, Sent
from gateway.demo.script import Entry

STORY = script.load()
MESSAGES = [entry for entry in STORY if not entry.takes_back]
COMMAND = (sys.executable, "-m", "gateway")
FAST = ("demo", "--speed", "1000")
CLOSING = re.compile(
    r"(\d+) messages in, (\d+) kept, 1 taken back, (\d+) reports in (\d+) cases, (\d+) follow-ups, (\d+) answered,"
    r" 1 machine left unanswered; \d+ cases filed outside"
)
COUNTS = ("messages", "kept", "reports", "cases", "follow-ups", "answered")
FICTION = re.compile(r"\+?628110{5,6}\d\d|[a-z0-9.]+@example\.(com|org)|(61100|22440)0{3}\d\d|7[12]0{12}\d\d|")
PLATFORMS = [kind.name for kind in platforms.KINDS]
CODE = re.compile(r"KNL-[0-9A-Z]{4}-[0-9A-Z]{4}")


class Played(msgspec.Struct, frozen=True):
    """What a demo printed, and what the commands list of it."""

    said: str
    lists: Mapping[str, list[dict[str, Any]]]
    folder: Path

    def count(self, what: str) -> int:
        """A number of the closing line."""
        found = CLOSING.search(self.said)
        assert found, self.said
        return int(found[COUNTS.index(what) + 1])


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
    return Played(said, {what: _listed(what, kept) for what in ("deliveries", "reports", "cases", "replies")}, kept)


def _listed(what: str, folder: Path) -> list[dict[str, Any]]:
    said = kanal(what, "list", "--all", "--json", "--config", str(folder / "kanal.toml"))
    return [json.loads(line) for line in said.splitlines()]


def test_the_last_word_is_that_every_message_was_kept_and_answered(played: Played) -> None:
    unanswerable = sum(entry.automatic or not entry.sender for entry in MESSAGES)
    follow_ups = sum(entry.follows for entry in MESSAGES)
    counts = [played.count(what) for what in ("messages", "kept", "reports", "follow-ups", "answered")]
    every = len(MESSAGES)
    assert counts == [every, every - 1, every - follow_ups, follow_ups, every - unanswerable]
    assert "MISSING" not in played.said


def test_the_last_word_is_what_the_commands_say(played: Played) -> None:
    counts = [len(played.lists[what]) for what in ("reports", "cases")]
    assert counts == [played.count(what) for what in ("reports", "cases")]


def test_every_kind_of_channel_plays_but_those_where_a_person_sits(played: Played) -> None:
    settings = tomllib.loads((played.folder / "kanal.toml").read_text())
    kinds = {channel["kind"] for channel in settings["channels"]}
    assert set(registry.kinds()) - kinds == {"table", "terminal"}
    assert {channel["name"] for channel in settings["channels"]} == {entry.by for entry in STORY}
    assert {report["channel"] for report in played.lists["reports"]} == {entry.by for entry in STORY}


def test_the_flood_is_one_case_that_was_reported_by_many_channels(played: Played) -> None:
    flood = _of(played, max(played.lists["cases"], key=lambda case: int(case["reports"])))
    assert {report["channel"] for report in flood} >= {
        "sms-1708",
        "mail-dki",
        "kotak-surat",
        "apps",
        "balai-warga",
        *PLATFORMS,
    }
    assert all("kemang raya" in json.dumps(report).lower() for report in flood)


def test_each_channel_answers_by_itself_or_by_the_way_that_it_names(played: Played) -> None:
    sent = {reply["channel"] for reply in played.lists["replies"] if reply["state"] in {"sent", "delivered", "read"}}
    assert sent == {"mail-dki", "kotak-surat", "sms-1708", "sms-08111272206", *PLATFORMS}


def test_what_is_said_below_a_public_message_has_no_code(played: Played) -> None:
    openly = [reply for reply in played.lists["replies"] if "pesan pribadi" in (reply["text"] or "")]
    assert len(openly) == sum(entry.public for entry in STORY) == 3
    assert [reply for reply in openly if CODE.search(reply["text"]) or "PIN" in reply["text"]] == []


def test_what_was_taken_back_is_marked_and_forgotten(played: Played) -> None:
    (back,) = [report for report in played.lists["reports"] if "retracted" in report["triage"]]
    (taker,) = [entry for entry in STORY if entry.takes_back]
    said = next(entry.text for entry in STORY if entry.sender == taker.sender)
    assert (back["text"], back["channel"]) == ("", taker.by)
    assert said not in json.dumps(played.lists)


def test_who_is_asked_where_answers_and_the_report_has_the_place(played: Played) -> None:
    asked = [
        report for report in played.lists["reports"] if report["text"].startswith(("Lampu jalan mati", "Got mampet,"))
    ]
    lamp, drain = sorted(asked, key=lambda report: str(report["channel"]))
    assert (lamp["channel"], lamp["place"]["area"]["name"]) == ("telegram", "Ragunan, Pasar Minggu")
    assert (drain["channel"], drain["place"]["latitude"]) == ("whatsapp", -6.2615)


def test_an_sms_in_pieces_is_one_report_and_one_delivered_again_is_one_delivery(played: Played) -> None:
    by_sms = [entry for entry in STORY if entry.by.startswith("sms-")]
    pieces = sum(entry.parts for entry in by_sms)
    assert (pieces - len(by_sms), sum(entry.redelivered for entry in STORY)) == (1, 1)
    assert sum(row["channel"].startswith("sms-") for row in played.lists["deliveries"]) == pieces
    long = next(entry for entry in STORY if entry.parts > 1)
    assert long.text in [report["text"] for report in played.lists["reports"]]


def test_the_photos_are_kept(played: Played) -> None:
    attachments = [one for report in played.lists["reports"] for one in report.get("attachments", ())]
    photos = sum(bool(entry.photo) for entry in STORY)
    assert [attachment["media_type"] for attachment in attachments] == ["image/png"] * photos
    assert all(attachment["digest"] for attachment in attachments)


def test_repeats_are_recognised_and_the_same_words_of_two_streets_are_not(played: Played) -> None:
    reports = played.lists["reports"]
    assert played.count("cases") <= len(reports) - 20
    lamps = [_cases(reports, f"lampu jalan mati di jl {street}") for street in ("mahakam", "melawai")]
    assert all(lamps) and lamps[0].isdisjoint(lamps[1])
    assert _cases(reports, "kemang raya").isdisjoint(_cases(reports, "kemang timur"))
    assert len(_of(played, {"code": _cases(reports, "lampu jalan mati sejak").pop()})) == 1


def test_what_is_doubtful_is_left_to_a_person(played: Played) -> None:
    said = kanal("cases", "list", "--unsure", "--json", "--config", str(played.folder / "kanal.toml"))
    assert "Jl. Wolter Monginsidi No. 14" in {json.loads(line)["where"] for line in said.splitlines()}


async def test_the_case_store_refuses_while_it_is_down_and_knows_what_it_has() -> None:
    case = {"type": "case", "key": "KNL-A", "case": {"reports": [{"key": "r-1.1", "text": "Banjir"}]}}
    nothing = {"type": "change", "number": "JK-KNL-A", "case": {"reports": []}, "forget": "everything"}
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
        async with session.post(world.case_store, json=nothing) as forgotten:
            assert (forgotten.status, world.filed) == (200, {"JK-KNL-A": set()})


def test_no_list_says_who_reported(played: Played) -> None:
    shown = json.dumps(played.lists)
    assert [entry.sender for entry in STORY if entry.sender and entry.sender.lstrip("+") in shown] == []


def _of(played: Played, case: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [report for report in played.lists["reports"] if report["case"] == case["code"]]


def _cases(reports: list[dict[str, Any]], words: str) -> set[str]:
    return {report["case"] for report in reports if words in report["text"].lower()}


def test_on_a_terminal_there_is_a_live_table_and_then_the_console_stays_open(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    with subprocess.Popen([*COMMAND, *FAST, "--stay"], stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        said = _until(ours, re.compile(r"Log in once, by (\S+)\s"))
        link = said.split("Log in once, by ")[1].split()[0]
        with urllib.request.urlopen(link, timeout=60) as page:
            assert b'name="password_new"' in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
    os.close(ours)
    assert "A flood afternoon in Jakarta" in said
    assert all(
        word in said
        for word in (*screen.COLUMNS, "LAST ANSWER", "Laporan Anda", "crm-kota", *{entry.by for entry in STORY})
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
    assert {entry.by for entry in STORY} >= {"mail-dki", "sms-1708", "sms-08111272206", "apps", "loket", *PLATFORMS}


def test_it_runs_where_only_the_product_is_installed() -> None:
    """What tests need is not there."""
    lacking = "import sys; sys.modules['pytest'] = None; import gateway.demo.afternoon as demo; print(demo.__name__)"
    done = subprocess.run([sys.executable, "-c", lacking], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("gateway.demo.afternoon\n", "")


def test_the_minutes_of_an_hour() -> None:
    assert Entry(at="13:05", by="mail-dki", sender="a@example.org", text="x").minutes == 785


SENT = (
    Sent(channel="sms-1708", sender="+628110000001", digests=("d1",)),
    Sent(channel="sms-1708", sender="+628110000002", digests=("d2", "d3")),
    Sent(channel="mail-dki", sender="warga@example.org", digests=("d4",)),
    Sent(channel="mail-dki", sender="mesin@example.org", digests=("d5",), automatic=True),
    Sent(channel="x", sender="2244000001", words="Banjir di Kemang", public=True),
    Sent(channel="x", sender="2244000001", words="saya yang tadi", follows=True),
    Sent(channel="whatsapp", sender="6281100000081", words="Tetangga saya", taken_back=True),
    Sent(channel="media-massa", sender="", words="Koran Contoh"),
)
HELD = tuple(
    Held("sms-1708" if digest < "d4" else "mail-dki", digest, "done") for digest in ("d1", "d2", "d3", "d4", "d5")
)
HELD_THERE = (
    Held("x", "e1", "done", "1\n@kanal_kota Banjir di Kemang"),
    Held("x", "e2", "done", "2\nsaya yang tadi"),
    Held("x", "e3", "done", "our own answer, told again"),
    Held("whatsapp", "", "done"),
    Held("media-massa", "e4", "done", "Koran Contoh"),
)
KEPT = Kept(
    deliveries=[*HELD, *HELD_THERE],
    reports=[*["KNL-AAAA-AAAA"] * 3, "KNL-BBBB-BBBB", "KNL-CCCC-CCCC", "KNL-DDDD-DDDD", "KNL-EEEE-EEEE"],
    cases={"KNL-AAAA-AAAA": 3, "KNL-BBBB-BBBB": 1, "KNL-CCCC-CCCC": 1, "KNL-DDDD-DDDD": 1, "KNL-EEEE-EEEE": 1},
    replies=["sent", "sent", "delivered", "withheld", "sent", "sent", "read", "kept"],
    report_ids=["r-1", "r-2", "r-3", "r-4", "r-5", "r-7"],
    filings=["filed", "filed", "covered", "cancelled", "filed"],
)
FILED: Mapping[str, set[str]] = {"JK-1": {"r-1", "r-2", "r-5"}, "JK-2": {"r-3"}, "JK-3": {"r-4"}, "JK-5": {"r-7"}}
PRIVATE: Mapping[str, list[str]] = {
    "+628110000001": ["Kode KNL-AAAA-AAAA, PIN 123456."],
    "+628110000002": ["Kode KNL-AAAA-AAAA, PIN 123457."],
    "warga@example.org": ["Kode KNL-BBBB-BBBB, PIN 123458.\n"],
    "2244000001": ["Kode KNL-AAAA-AAAA, PIN 123459."],
    "6281100000081": ["Kode KNL-DDDD-DDDD, PIN 123460."],
}
OPENLY: Mapping[str, list[str]] = {"2244000001": ["Laporan Anda kami terima. Untuk kodenya, kirim pesan pribadi."]}
ARRIVED = Arrived(PRIVATE, OPENLY)


def missing(
    story: int = len(SENT), kept: Kept = KEPT, arrived: Arrived = ARRIVED, filed: Mapping[str, set[str]] = FILED
) -> list[str]:
    return proof.missing(story, SENT, kept, arrived, filed)


def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert missing() == []
    said = (
        "8 messages in, 7 kept, 1 taken back, 7 reports in 5 cases, 1 follow-up, 6 answered, 1 machine left unanswered;"
        " 3 cases filed outside"
    )
    assert proof.closing(len(SENT), SENT, KEPT, ARRIVED) == said


LOSSES: Mapping[str, tuple[dict[str, Any], str]] = {
    "a delivery": ({"deliveries": KEPT.deliveries[1:]}, "4 of 5 deliveries are kept byte for byte"),
    "a byte of a delivery": (
        {"deliveries": [Held("sms-1708", "d9", "done"), *KEPT.deliveries[1:]]},
        "4 of 5 deliveries are kept byte for byte",
    ),
    "a delivery too many": ({"deliveries": [*KEPT.deliveries, HELD[0]]}, "6 of 5 deliveries are kept"),
    "what a provider told": ({"deliveries": [*HELD, *HELD_THERE[1:]]}, "2 of 3 messages are kept word for word"),
    "what a provider told another channel": (
        {"deliveries": [*HELD, *HELD_THERE[1:], Held("facebook", "e1", "done", "Banjir di Kemang")]},
        "2 of 3 messages are kept word for word",
    ),
    "the forgetting of what was taken back": (
        {"deliveries": [*KEPT.deliveries, Held("whatsapp", "e5", "done", "Tetangga saya")]},
        "0 of 1 messages that were taken back are forgotten",
    ),
    "a delivery set aside": (
        {"deliveries": [Held("sms-1708", "d1", "quarantined"), *KEPT.deliveries[1:]]},
        "9 of 10 deliveries are processed",
    ),
    "a report": ({"reports": KEPT.reports[1:]}, "6 of 7 reports are kept"),
    "a report too many": ({"reports": [*KEPT.reports, "KNL-AAAA-AAAA"]}, "8 of 7 reports are kept"),
    "a case": (
        {"cases": {name: count for name, count in KEPT.cases.items() if name != "KNL-BBBB-BBBB"}},
        "6 of 7 reports are in a case that is listed",
    ),
    "a report of a case": ({"cases": {**KEPT.cases, "KNL-AAAA-AAAA": 2}}, "6 of 7 reports are counted by the cases"),
    "a reply": (
        {"replies": ["failed" if number == 1 else state for number, state in enumerate(KEPT.replies)]},
        "6 of 5 replies that were sent arrived",
    ),
    "the silence towards machines": ({"replies": ["sent"] * 6}, "0 of 1 machines were left unanswered"),
}


@pytest.mark.parametrize(("changes", "said"), LOSSES.values(), ids=LOSSES)
def test_what_the_store_has_lost_is_named(changes: dict[str, Any], said: str) -> None:
    assert said in missing(kept=msgspec.structs.replace(KEPT, **changes))


STRAY: Mapping[str, tuple[Arrived, str]] = {
    "one did not arrive": (
        Arrived({**PRIVATE, "warga@example.org": []}, OPENLY),
        "5 of 6 messages were answered where they were written",
    ),
    "one went to somebody else": (
        Arrived({**PRIVATE, "warga@example.org": [], "lain@example.org": PRIVATE["warga@example.org"]}, OPENLY),
        "4 of 5 recipients of answers had written",
    ),
    "a machine was answered": (
        Arrived({**PRIVATE, "mesin@example.org": ["Kode KNL-CCCC-CCCC"]}, OPENLY),
        "5 of 6 recipients of answers had written",
    ),
    "one names no case": (
        Arrived({**PRIVATE, "warga@example.org": ["Kode KNL-ZZZZ-ZZZZ"]}, OPENLY),
        "4 of 5 reports were answered by the code of a case",
    ),
    "nobody was answered in public": (Arrived(PRIVATE), "0 of 1 public messages were answered in public"),
    "everybody reads a code": (
        Arrived(PRIVATE, {"2244000001": ["Kode KNL-AAAA-AAAA"]}),
        "0 of 1 public answers show neither code, PIN nor link",
    ),
    "everybody reads a link": (
        Arrived(PRIVATE, {"2244000001": ["Lihat https://kanal.example.go.id/lacak"]}),
        "0 of 1 public answers show neither code, PIN nor link",
    ),
}


@pytest.mark.parametrize(("arrived", "said"), STRAY.values(), ids=STRAY)
def test_an_answer_that_went_astray_is_named(arrived: Arrived, said: str) -> None:
    assert said in missing(arrived=arrived)


UNFILED: Mapping[str, tuple[Mapping[str, set[str]], str]] = {
    "one was lost": ({**FILED, "JK-2": set()}, "5 of 6 reports were filed outside"),
    "one is in two cases": ({**FILED, "JK-4": {"r-1"}}, "7 of 6 reports were filed outside in all"),
    "one was not forgotten": ({**FILED, "JK-4": {"r-6"}}, "7 of 6 reports were filed outside in all"),
}


@pytest.mark.parametrize(("filed", "said"), UNFILED.values(), ids=UNFILED)
def test_a_report_that_was_not_filed_once_is_named(filed: Mapping[str, set[str]], said: str) -> None:
    assert said in missing(filed=filed)


def test_a_case_that_waits_to_be_filed_is_named() -> None:
    waiting = msgspec.structs.replace(KEPT, filings=["filed", "due", "aside"])
    assert "1 of 3 filings are settled" in missing(kept=waiting)


def test_a_message_that_was_not_acknowledged_is_named() -> None:
    assert "8 of 9 messages were acknowledged" in missing(story=9)
