"""A data folder that somebody moves, locks or clears out under a running gateway, or starts a second gateway on."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.citizens import LARGE, Citizens
from tests.end_to_end.kanal import COMMAND, PATIENCE_SECONDS, Gateway


class Unprivileged(Gateway):
    """What the permissions forbid is forbidden, even to root."""

    runner = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


@pytest.fixture(scope="module")
def citizens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Citizens]:
    """Of one gateway for all tests here, each of which puts right what it broke."""
    with Unprivileged(tmp_path_factory.mktemp("gateway")) as gateway:
        citizens = Citizens(gateway)
        assert citizens.both() == (200, 250)
        gateway.settled()
        yield citizens
        gateway.settled()
        citizens.check()


@pytest.fixture
def gateway(citizens: Citizens) -> Iterator[Gateway]:
    yield citizens.gateway
    assert citizens.gateway.page("/readyz")[0] == 200
    assert (*citizens.both(), citizens.mail(LARGE).status) == (200, 250, 250)


@pytest.mark.threat("P0-3")
@pytest.mark.parametrize("what", ["data", "data/kanal.db", "data/kanal.db-wal"])
def test_nothing_is_acknowledged_that_only_the_process_would_hold(
    gateway: Gateway, citizens: Citizens, what: str
) -> None:
    there, away = gateway.folder / what, gateway.folder / "away"
    there.rename(away)
    assert (*citizens.both(), citizens.mail(LARGE).status) == (503, 452, 452)
    assert "is gone" in gateway.page("/readyz")[1]
    away.rename(there)


@pytest.mark.threat("P0-3")
def test_another_store_in_the_place_of_the_gateways_own_is_not_written_to(gateway: Gateway, citizens: Citizens) -> None:
    there, away = gateway.folder / "data", gateway.folder / "away"
    there.rename(away)
    there.mkdir()
    for file in away.glob("kanal.db*"):
        (there / file.name).write_bytes(file.read_bytes())
    assert citizens.both() == (503, 452)
    assert "was replaced" in gateway.page("/readyz")[1]
    subprocess.run(["rm", "-r", str(there)], check=True)
    away.rename(there)


@pytest.mark.threat("P0-3")
def test_a_folder_that_may_not_be_entered_any_more_is_waited_for(gateway: Gateway, citizens: Citizens) -> None:
    (gateway.folder / "data").chmod(0)
    assert (*citizens.both(), citizens.mail(LARGE).status) == (503, 452, 452)
    (gateway.folder / "data").chmod(0o700)


def test_commands_that_cannot_reach_the_gateway_say_so(gateway: Gateway) -> None:
    (case, *_) = gateway.all("cases")
    there, away = gateway.folder / "data" / "control.sock", gateway.folder / "away"
    there.rename(away)
    refused = gateway.kanal("cases", "move", case["code"], "proses")
    assert (refused.returncode, b"control.sock is gone" in refused.stderr) == (1, True)
    assert {row["state"] for row in gateway.rows("channels", "list")} == {"unknown"}
    away.rename(there)
    assert "is now 'proses'" in gateway.order("cases", "move", case["code"], "proses")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away")
@pytest.mark.parametrize("command", ["doctor", "reload", "cases list", "replies resend a-0", "backup /"])
def test_another_user_is_told_whose_the_data_are(tmp_path: Path, command: str) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    os.chown(tmp_path / "data", 65534, 65534)
    line = [*Unprivileged.runner, *COMMAND, *command.split(), "--data", str(tmp_path / "data")]
    refused = subprocess.run(line, capture_output=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"data is nobody's, and closed to root: run this as the gateway's own user" in refused.stderr


def test_a_channel_that_the_running_gateway_does_not_have_is_not_called_stopped(gateway: Gateway) -> None:
    written = gateway.config.read_text()
    gateway.config.write_text(written.replace('name = "mail"', 'name = "post"'))
    assert [row["state"] for row in gateway.rows("channels", "list") if row["channel"] == "post"] == ["unknown"]
    gateway.config.write_text(written)


@pytest.mark.parametrize("name", ["kanal.db", "kanal.db-wal"])
def test_of_a_store_that_is_gone_all_say_so_and_how_it_is_saved(gateway: Gateway, name: str) -> None:
    (reply, *_) = gateway.all("replies")
    there, away = gateway.folder / "data" / name, gateway.folder / "away"
    there.rename(away)
    found = gateway.kanal("doctor", "--offline").stdout.decode()
    assert f"{name} is gone" in found
    assert "do not stop the gateway" in found
    assert "does not answer" not in found
    assert "end the program" not in found
    if name == "kanal.db":
        listed = gateway.kanal("channels", "list")
        assert (listed.returncode, b"is gone" in listed.stderr, b"do not stop" in listed.stderr) == (1, True, True)
    refused = gateway.kanal("replies", "resend", reply["id"])
    assert b"it failed" not in refused.stderr
    away.rename(there)


@pytest.mark.threat("P2-46")
def test_a_second_gateway_is_refused_though_a_lock_was_cleared_away(gateway: Gateway) -> None:
    for file in (gateway.folder / "data").glob("*lock*"):
        file.unlink()
    second = subprocess.run(
        [*COMMAND, "run", str(gateway.config)], capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert (second.returncode, b"another kanal process is using" in second.stderr) == (1, True)
