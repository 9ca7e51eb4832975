"""The bench measures what it says: its generators count answers, its figures are medians of rounds."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Thread

import pytest

from tests.bench.figures import Goal, compared, interleaved
from tests.bench.http_load import requests
from tests.bench.load import Load, generate, summed
from tests.bench.process import Server, module
from tests.bench.texts import reports, sender


def load(rate: float) -> Load:
    return Load(count=int(rate), seconds=1.0, refused=0, p50_ms=1.0, p99_ms=2.0)


def server(name: str) -> Server:
    return Server(name, 1, lambda: 10.0)


@pytest.fixture
def bare_http(tmp_path: Path) -> Iterator[Server]:
    with module("bare aiohttp", "bare_http", log=tmp_path / "log") as running:
        yield running


@pytest.fixture
def bare_smtp(tmp_path: Path) -> Iterator[Server]:
    with module("bare aiosmtpd", "bare_smtp", log=tmp_path / "log") as running:
        yield running


def test_every_request_of_a_count_is_answered_once(bare_http: Server) -> None:
    found = generate("http_load", port=bare_http.port, connections=4, count=100, seconds=30)
    assert (found.count, found.refused) == (100, 0)


def test_what_is_posted_is_a_form_as_long_as_it_says() -> None:
    (one,) = requests("/in?key=a", "x", 1, 1, "id={id}&phone={sender}&description={text}")
    head, _, body = one.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /in?key=a HTTP/1.1\r\n")
    assert f"\r\nContent-Length: {len(body)}".encode() in head
    assert [name.partition(b"=")[0] for name in body.split(b"&")] == [b"id", b"phone", b"description"]
    (other,) = requests("/in?id={id}", "x", 1, 1)
    assert other.startswith(b"GET /in?id=")
    assert other.endswith(b"\r\n\r\n")


class Refusing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def refusing() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as running:
        Thread(target=running.serve_forever).start()
        yield running.server_port
        running.shutdown()


def test_what_a_server_refuses_is_not_a_figure(refusing: int) -> None:
    with pytest.raises(RuntimeError, match="2 of 2 were refused"):
        generate("http_load", port=refusing, connections=1, count=2, seconds=5)


def test_mails_are_sent_until_time_is_up(bare_smtp: Server) -> None:
    found = generate("smtp_load", port=bare_smtp.port, sessions=2, seconds=0.3)
    assert found.count > 2


def test_percentiles_are_of_the_answers() -> None:
    found = summed([number / 1000 for number in range(1, 101)], seconds=2.0, refused=0)
    assert (found.rate, found.p50_ms, found.p99_ms) == (50.0, 51.0, 100.0)


def test_contenders_take_turns_at_being_first() -> None:
    order: list[tuple[int, str]] = []

    def measure(one: Server, number: int) -> Load:
        order.append((number, one.name))
        return load(1)

    interleaved([server("a"), server("b")], 2, measure)
    assert order == [(0, "a"), (0, "b"), (1, "b"), (1, "a")]


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    rounds = {"Kanal": [load(50), load(90), load(10)], "bare": [load(100), load(100), load(100)]}
    ours, theirs = compared("accept", "case", [server("Kanal"), server("bare")], rounds, {"bare": Goal(0.5)})
    assert (ours.rate, theirs.ratio, theirs.met) == (50.0, 0.5, True)


def test_texts_are_the_same_for_the_same_seed_and_diverse() -> None:
    first, second = (list(islice(reports(1), 1000)) for _ in range(2))
    assert first == second
    assert len(set(first)) > 990


def test_each_sender_is_another_person() -> None:
    assert len({sender(number) for number in range(0, 3_000_000, 1000)}) == 3000
