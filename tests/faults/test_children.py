"""Worker and judge processes that die or stop while messages flow."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.end_to_end.citizens import Citizens
from tests.end_to_end.city import swaks
from tests.end_to_end.kanal import Gateway, until

WRITING = 3
MODULES = ("gateway.worker", "gateway.judge")
FLOOD = "Banjir setinggi lutut di Jl. Kemang Raya sejak pagi, mobil tidak bisa lewat"
SAME_FLOOD = "Jl Kemang Raya banjir selutut sejak pagi, mobil tidak bisa lewat"


@contextmanager
def writing(citizens: Citizens) -> Iterator[None]:
    """Citizens write by SMS and mail all the while, and are answered each time."""
    over = Event()

    def write() -> None:
        while not over.is_set():
            assert citizens.both() == (200, 250)
            over.wait(0.05)

    with ThreadPoolExecutor(WRITING) as pool:
        writers = [pool.submit(write) for _ in range(WRITING)]
        try:
            yield
        finally:
            over.set()
        for writer in writers:
            writer.result()


def child(gateway: Gateway, module: str, old: int = 0) -> int:
    return until(lambda: next((pid for pid in gateway.children(module) if pid != old), 0), f"a {module}")


def reports(gateway: Gateway) -> float:
    return gateway.figure("kanal_reports_total")


def goes_on(gateway: Gateway, wanted: float) -> bool:
    return reports(gateway) >= wanted


@pytest.mark.threat("P0-5", "P0-9")
def test_messages_outlive_workers_and_judges_that_die_or_stop(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        citizens = Citizens(gateway)
        children = {module: child(gateway, module) for module in MODULES}
        with writing(citizens):
            for number in (signal.SIGKILL, signal.SIGSTOP):
                for module, pid in children.items():
                    os.kill(pid, number)
                    children[module] = child(gateway, module, pid)
                wanted = reports(gateway) + 20
                until(partial(goes_on, gateway, wanted), "all to go on")
        gateway.settled()
        citizens.check()


@pytest.mark.threat("P0-7")
def test_what_was_filed_as_new_without_the_judge_is_joined_once_it_is_back(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        swaks(gateway.smtp, "rina@example.org", FLOOD, "--header", "Subject: Banjir")
        gateway.reported(1)
        os.kill(child(gateway, "gateway.judge"), signal.SIGKILL)
        swaks(gateway.smtp, "budi@example.org", SAME_FLOOD, "--header", "Subject: Kemang")
        gateway.reported(2)
        assert gateway.figure("kanal_reports_total", verdict="new") == 2
        (case,) = until(lambda: one(gateway), "the sweep")
        assert case["reports"] == 2


def one(gateway: Gateway) -> list[dict[str, object]]:
    cases = gateway.all("cases")
    return cases if len(cases) == 1 else []
