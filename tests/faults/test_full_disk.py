"""A disk that is full, to the last page or nearly, under a running gateway and one that is to start."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.disk import fill, grow, mounted, needs_root
from tests.end_to_end.citizens import LARGE, Citizens
from tests.end_to_end.kanal import COMMAND, PATIENCE_SECONDS, Gateway, until

PAGE_IN_WAL = 4096 + 24
#: Pages that the first part of the WAL's index covers; with the next one kanal.db-shm must grow.
INDEXED = 4062


@contextmanager
def gateway_on_a_disk(folder: Path, size: str) -> Iterator[Gateway]:
    with mounted(folder / "data", size):
        gateway = Gateway(folder)
        try:
            with gateway:
                yield gateway
        finally:
            gateway.kill()


def ready(gateway: Gateway) -> int:
    return gateway.page("/readyz")[0]


def refuses_all_and_says_so(gateway: Gateway, citizens: Citizens) -> None:
    sms, mail, large = citizens.sms(), citizens.mail(), citizens.mail(LARGE)
    assert (sms.status, sms.retry_after) == (503, "5")
    for answer in (mail, large):
        assert (answer.status, answer.text[:5]) == (452, "4.3.1")
    assert (ready(gateway), gateway.figure("kanal_store_up")) == (503, 0)
    assert gateway.page("/healthz")[0] == 200


@needs_root
@pytest.mark.threat("P0-3")
def test_a_full_disk_is_said_so_and_all_goes_on_once_there_is_room(tmp_path: Path) -> None:
    with gateway_on_a_disk(tmp_path, "16m") as gateway:
        citizens = Citizens(gateway)
        assert citizens.both() == (200, 250)
        gateway.settled()
        (case, *_) = gateway.all("cases")
        fill(tmp_path / "data")
        refuses_all_and_says_so(gateway, citizens)
        assert case["code"] in gateway.page(f"/lacak/{case['code']}")[1], "looking goes on"
        assert len(gateway.all("deliveries")) == 2

        grow(tmp_path / "data", "32m")
        until(lambda: ready(gateway) == 200, "the end of the outage")
        assert gateway.figure("kanal_store_up") == 1
        assert (*citizens.both(), citizens.mail(LARGE).status) == (200, 250, 250)
        gateway.settled()
        citizens.check()
        assert gateway.log.count("nothing can be written") == gateway.log.count("is kept again") == 1


def wal_pages(gateway: Gateway) -> int:
    return (gateway.folder / "data" / "kanal.db-wal").stat().st_size // PAGE_IN_WAL


@needs_root
@pytest.mark.threat("P0-3")
def test_a_disk_with_room_for_a_message_but_none_for_the_index_of_the_wal_is_full_too(tmp_path: Path) -> None:
    with gateway_on_a_disk(tmp_path, "64m") as gateway:
        citizens = Citizens(gateway)
        while wal_pages(gateway) < INDEXED - 300:
            assert citizens.mail("x" * 200_000).status == 250
            gateway.settled()
        while wal_pages(gateway) < INDEXED - 30:
            assert citizens.sms().status == 200
            gateway.settled()
        filler = fill(
            tmp_path / "data", leave=(INDEXED - wal_pages(gateway)) * PAGE_IN_WAL + 30_000
        )  # the index grows by 32 KB
        until(lambda: citizens.sms().status == 503, "the disk to be full")
        why = gateway.page("/readyz")[1]
        assert "SHMSIZE" in why or "SQLITE_FULL" in why, "which of the two depends on where its transactions begin"
        refuses_all_and_says_so(gateway, citizens)
        filler.unlink()
        until(lambda: ready(gateway) == 200, "the end of the outage")
        assert citizens.both() == (200, 250)
        gateway.settled()
        citizens.check()


@needs_root
@pytest.mark.threat("P0-3")
def test_a_gateway_does_not_start_on_a_full_disk_and_says_why(tmp_path: Path) -> None:
    with gateway_on_a_disk(tmp_path, "4m") as gateway:
        citizens = Citizens(gateway)
        citizens.sms()
        gateway.settled()
        gateway.stop()
        filler = fill(tmp_path / "data")
        ended = subprocess.run(
            [*COMMAND, "run", str(gateway.config)], capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
        assert (ended.returncode, b"Traceback" in ended.stderr) == (1, False)
        assert b"cannot start: cannot open kanal.db: database or disk is full" in ended.stderr
        filler.unlink()
        gateway.start()
        citizens.check()
