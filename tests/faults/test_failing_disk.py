"""A disk that fails (every write or sync an I/O error), turns read-only, or is slow, under a running gateway."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.disk import LoopDisk, needs_root
from tests.end_to_end.citizens import LARGE, Citizens
from tests.end_to_end.kanal import Gateway, until
from tests.faults.strace import injected, may_trace

STORE_DEAD = 74
AT_ONCE = 12


@pytest.fixture(scope="module")
def citizens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Citizens]:
    """Of one gateway for all disks that are well again afterwards."""
    with Gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        citizens = Citizens(gateway)
        assert citizens.both() == (200, 250)
        gateway.settled()
        yield citizens
        gateway.settled()
        citizens.check()


@may_trace
@pytest.mark.threat("P0-3")
def test_a_gateway_whose_disk_fails_to_write_ends_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    wal = tmp_path / "data" / "kanal.db-wal"
    with Gateway(tmp_path) as gateway:
        citizens = Citizens(gateway)
        for call in ("fdatasync", "pwrite64"):
            assert citizens.both() == (200, 250)
            with injected(gateway.pid, call, "error=EIO", only=wal):
                assert citizens.both() == (0, 0)
                assert gateway.ended() == STORE_DEAD
            assert "Kanal" in gateway.log.rpartition("the store's writer died")[0]
            gateway.start()
        gateway.settled()
        citizens.check()


@may_trace
@pytest.mark.threat("P0-3")
def test_what_cannot_be_read_is_a_failure_of_that_moment(citizens: Citizens) -> None:
    gateway = citizens.gateway
    (case, *_) = gateway.all("cases")
    page = f"/lacak/{case['code']}"
    with injected(gateway.pid, "pread64", "error=EIO"):
        assert gateway.page(page)[0] == 503
        assert citizens.both() == (200, 250)
    assert gateway.page(page)[0] == 200


@may_trace
@pytest.mark.threat("P0-3")
def test_a_large_mail_that_cannot_be_kept_leaves_no_file_behind(citizens: Citizens) -> None:
    data = citizens.gateway.folder / "data"
    with injected(citizens.gateway.pid, "fsync", "error=EIO"):
        assert (citizens.mail(LARGE).status, citizens.sms().status) == (452, 200)
    with injected(citizens.gateway.pid, "pwrite64", "error=ENOSPC", only=data / "kanal.db-wal"):
        assert (citizens.mail(LARGE).status, citizens.sms().status) == (452, 503)
    assert [file for file in (data / "blobs").rglob("*") if file.is_file()] == []
    assert citizens.mail(LARGE).status == 250


@may_trace
@pytest.mark.threat("P0-3", "P0-13")
def test_a_checkpoint_that_fails_or_is_cut_off_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "data" / "kanal.db"
    with Gateway(tmp_path) as gateway:
        citizens = Citizens(gateway)
        for what, code in (("error=EIO", 0), ("signal=SIGKILL:when=2", -signal.SIGKILL)):
            assert citizens.both() == (200, 250)
            gateway.settled()
            with injected(gateway.pid, "pwrite64", what, only=database) as trace:
                gateway.signal(signal.SIGTERM)
                assert gateway.ended() == code
                assert "pwrite64(" in trace.read_text(errors="replace")
            gateway.start()
        citizens.check()


@needs_root
@pytest.mark.threat("P0-3")
def test_a_disk_that_turns_read_only_is_said_so_and_looking_goes_on(tmp_path: Path) -> None:
    with LoopDisk(tmp_path / "data", tmp_path / "image") as disk, Gateway(tmp_path) as gateway:
        citizens = Citizens(gateway)
        assert citizens.both() == (200, 250)
        gateway.settled()
        (case, _) = gateway.all("cases")
        disk.fail()
        for _ in range(2):
            assert (citizens.both(), citizens.mail(LARGE).status) == ((503, 452), 452)
        assert gateway.page("/readyz") == (503, "not ready: Read-only file system\n")
        assert gateway.page(f"/lacak/{case['code']}")[0] == 200
        assert len(gateway.all("reports")) == 2
        gateway.kill()
        disk.unmount()
        disk.mount()
        gateway.start()
        assert citizens.both() == (200, 250)
        gateway.settled()
        citizens.check()


@needs_root
@pytest.mark.threat("P0-2", "P0-3")
def test_a_sync_that_is_said_to_be_done_while_the_file_system_breaks_down_is_not_believed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with LoopDisk(data, tmp_path / "image") as disk, Gateway(tmp_path) as gateway, ThreadPoolExecutor(1) as pool:
        citizens = Citizens(gateway)
        assert citizens.both() == (200, 250)
        gateway.settled()
        with injected(gateway.pid, "fdatasync", "retval=0:delay_enter=3s", only=data / "kanal.db-wal") as trace:
            answer = pool.submit(citizens.both)
            until(lambda: "fdatasync(" in trace.read_text(), "a sync to be under way")
            disk.break_down()
            assert answer.result() == (0, 0)
            assert gateway.ended() == STORE_DEAD
        disk.unmount()
        disk.mount()
        gateway.start()
        citizens.check()


@may_trace
@pytest.mark.threat("P0-2", "P0-3")
def test_a_slow_disk_makes_answers_slow_but_holds_up_nothing_else(citizens: Citizens) -> None:
    delay = 0.5
    slow = injected(citizens.gateway.pid, "fdatasync", f"delay_enter={delay}s")
    with ThreadPoolExecutor(AT_ONCE) as pool, slow as trace:
        started = time.monotonic()
        answers = [pool.submit(citizens.both) for _ in range(AT_ONCE)]
        looks = [timed(citizens.gateway, "/healthz") for _ in range(20)]
        assert [answer.result() for answer in answers] == [(200, 250)] * AT_ONCE
        took = time.monotonic() - started
        syncs = trace.read_text().count("fdatasync(")
    assert sorted(looks)[len(looks) // 2] < delay, "the event loop is held up"
    assert delay * 2 < took
    assert 2 <= syncs < 2 * AT_ONCE, "what comes together is not committed together"


def timed(gateway: Gateway, page: str) -> float:
    started = time.monotonic()
    assert gateway.page(page)[0] == 200
    return time.monotonic() - started
