"""Whatever tells who a citizen is, and was sent by whatever way in, stands nowhere in clear."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.testing.standins.bot_api import TOKEN
from adapters.testing.standins.telegram import Telegram
from gateway.discretion import NO_CORE
from tests.canary.canaries import canaries_in, clear, files, masks
from tests.canary.evidence import Evidence
from tests.canary.outside import UnkindRelay, unkind_sms_gateway
from tests.end_to_end.kanal import SECRET
from tests.end_to_end.telegram_bot import SECRET_TOKEN
from tests.poison import poison_installed


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    site, folder = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("canary")
    with (
        poison_installed(site),
        pytest.MonkeyPatch.context() as patch,
        UnkindRelay() as relay,
        unkind_sms_gateway() as sms_gateway,
        Telegram() as telegram,
    ):
        (folder / "tmp").mkdir()
        patch.setenv("TMPDIR", str(folder / "tmp"))
        found = Evidence(folder, relay, sms_gateway, telegram)
        found.gather()
        yield found


def test_what_was_sent_came_in_and_every_way_was_walked(evidence: Evidence) -> None:
    """Otherwise it would prove nothing that nothing is found."""
    states = {row["state"] for row in evidence.rows("deliveries")}
    assert states == {"done", "quarantined"}
    assert {row["stage"] for row in evidence.rows("quarantine")} == {"parse", "read"}
    assert {"failed", "due"} <= {row["state"] for row in evidence.rows("replies")}
    assert evidence.relay.refused > 10
    assert evidence.sms_gateway.refused > 10
    texts = [row["text"] for row in evidence.rows("reports")]
    assert len(texts) > 150
    assert masks(" ".join(texts)) >= {"nama", "nik", "telepon", "surel", "sandi"}
    statuses = {answer.split()[1] for answer in evidence.answers.values() if answer.startswith(b"HTTP/")}
    assert statuses >= {b"200", b"400", b"403", b"404", b"405", b"413", b"415", b"422", b"503"}
    assert all(b"\n250 2.0.0 Kept" in answer for name, answer in evidence.answers.items() if "with everything" in name)


def test_those_who_may_look_find_it(evidence: Evidence) -> None:
    shown = evidence.kanal("deliveries", "show", "1", "--raw", "--why", "proving that it is there").stdout_bytes
    assert {found.partition(" (")[0] for found in canaries_in(shown)} >= {"name", "phone", "NIK"}


@pytest.mark.threat("P0-30")
def test_logs(evidence: Evidence) -> None:
    log = evidence.gateway.log
    for event in ("a worker was lost", "a request failed", "quarantined", "a reply has failed"):
        assert f"] {event}" in log, event
        assert f'"event": "{event}"' in log, event
    assert not clear({line[:200]: line.encode() for line in log.splitlines()})


@pytest.mark.threat("P0-30")
def test_figures(evidence: Evidence) -> None:
    assert all(b"kanal_refusals_total{" in page for page in evidence.metrics.values())
    assert not clear(evidence.metrics)


@pytest.mark.threat("P0-30", "P0-34")
def test_answers_and_error_pages(evidence: Evidence) -> None:
    assert len(evidence.answers) > 300
    assert not clear(evidence.answers)


@pytest.mark.threat("P0-30")
def test_an_applications_key(evidence: Evidence) -> None:
    places = evidence.answers | evidence.metrics | evidence.looks | evidence.on_disk | evidence.processes
    places["log"] = evidence.gateway.log.encode()
    assert len(evidence.key) > 40
    assert [place for place, found in places.items() if evidence.key.encode() in found] == []
    whole = evidence.kanal("deliveries", "list", "--json", "--all", "--body", "--why", "looking for a key").stdout
    assert "api_key=******" in whole
    assert evidence.key not in whole


@pytest.mark.threat("P0-30")
def test_command_lines_environments_and_memory_images(evidence: Evidence) -> None:
    assert len(evidence.processes) == 6, "the gateway, a worker and the judge"
    assert not clear(evidence.processes)
    assert evidence.images == {(NO_CORE, NO_CORE)}
    assert not list(Path.cwd().glob("core*"))


@pytest.mark.threat("P0-31")
def test_data_folder_and_backup(evidence: Evidence) -> None:
    """Database, write-ahead log, quarantine and files; while the gateway runs and afterwards."""
    kept = {name.rpartition("/")[2] for name in evidence.on_disk}
    assert {"kanal.db-wal", "kanal.db reports.data", "manifest.json"} <= {name.rpartition(": ")[2] for name in kept}
    assert not clear(evidence.on_disk)
    assert not clear(files(evidence.data) | files(evidence.folder / "tmp"))


@pytest.mark.threat("P0-31", "P0-34")
def test_what_commands_show_without_a_reason(evidence: Evidence) -> None:
    assert not [look for look, shown in evidence.looks.items() if b"Usage:" in shown]
    assert b"[telepon]" in evidence.looks["export"]
    assert not clear(evidence.looks)


@pytest.mark.threat("P0-30")
def test_the_logs_of_channels(evidence: Evidence) -> None:
    logs = [shown for look, shown in evidence.looks.items() if look.startswith("channels log ")]
    for verb, outcome in (("receive", "ok"), ("receive", "refused"), ("listen", "ok"), ("send", "refused")):
        assert any(f'"verb":"{verb}","outcome":"{outcome}"'.encode() in shown for shown in logs), (verb, outcome)


@pytest.mark.threat("P0-30", "P0-31")
@pytest.mark.parametrize("secret", [SECRET, SECRET_TOKEN, TOKEN])
def test_the_secrets_of_channels(evidence: Evidence, secret: str) -> None:
    """They are in the path or a header of every request, or in addresses, so that error pages and logs could quote
    them."""
    places = evidence.answers | evidence.metrics | evidence.processes | evidence.looks | evidence.on_disk
    told = [name for name, content in places.items() if secret.encode() in content]
    assert not told
    assert secret not in evidence.gateway.log
