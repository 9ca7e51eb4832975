"""What is hostile although it is proven, or may come from anybody: it is kept, and is in nobody's way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode

import pytest

from tests.attacks import shapes
from tests.attacks.attackers import STORED
from tests.attacks.honest import FACTOR, attacked, measured, slowed
from tests.end_to_end.citizens import Citizens, numbered
from tests.end_to_end.kanal import SECRET, Gateway, Row, fetch, until

NUMBER = "%2B628111000002"
FLOOD = 400
HONEST = 10


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("content"), sms={"allow": ["127.0.0.0/8"]}) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def citizens(gateway: Gateway) -> Iterator[Citizens]:
    """At the end each of their messages is one report, whatever else came in."""
    citizens = Citizens(gateway)
    yield citizens
    gateway.settled()
    filed = [numbered(row, "subject", "text") for row in gateway.all("reports") if _is_theirs(row)]
    assert sorted(filed) == sorted(citizens.acknowledged)
    assert not gateway.all("quarantine")


def _is_theirs(row: Row) -> bool:
    words = f"{row['subject']} {row['text']}"
    return "Banjir s0-" in words or "Lampu padam m0-" in words


def url(gateway: Gateway, query: str) -> str:
    return f"{gateway.sms_url}/{SECRET}/mo?{quote(query, safe='=&%+')}"


@pytest.mark.threat("P1-40")
def test_every_query_and_body_is_kept_or_refused_and_the_next_is_read(gateway: Gateway, citizens: Citizens) -> None:
    statuses = {name: fetch(url(gateway, f"sender={NUMBER}&{query}"))[0] for name, query in shapes.QUERIES.items()}
    assert statuses == dict.fromkeys(shapes.QUERIES, 200) | {"too many fields": 400, "too long": 400}
    bodies = {name: fetch(url(gateway, ""), body)[0] for name, body in shapes.BODIES.items()}
    assert bodies == dict.fromkeys(shapes.BODIES, 400) | {"JSON, deeper than is taken": 413}
    assert citizens.both() == (200, 250)
    gateway.settled()


@pytest.mark.threat("P1-39")
def test_hostile_mails_hold_up_nobody_else(gateway: Gateway, citizens: Citizens) -> None:
    quiet = measured(citizens)
    with attacked(gateway, *STORED):
        assert slowed(quiet, citizens) <= FACTOR
        until(
            lambda: gateway.figure("kanal_deliveries_total", channel="mail") > len(shapes.MAILS),
            "hostile mails to be kept",
        )
    gateway.settled(480)


@pytest.mark.threat("P2-45")
def test_a_number_that_floods_keeps_nobodys_report_from_being_filed(gateway: Gateway, citizens: Citizens) -> None:
    reports = gateway.figure("kanal_reports_total")
    queries = [f"sender={NUMBER}7&message=Tolong&id=f{number}" for number in range(FLOOD)]
    with ThreadPoolExecutor(8) as threads:
        flooding = threads.map(lambda query: fetch(url(gateway, query))[0], queries)
        assert {citizens.both() for _ in range(HONEST)} == {(200, 250)}
        assert set(flooding) == {200}
    until(lambda: gateway.figure("kanal_reports_total") == reports + FLOOD + 2 * HONEST, "every report")


@pytest.mark.threat("P0-17")
def test_the_same_request_a_hundred_times_is_one_report(gateway: Gateway, citizens: Citizens) -> None:
    reports = gateway.figure("kanal_reports_total")
    query = urlencode({"sender": "+628111000003", "id": "again", "message": "Pohon tumbang di Jl. Melati"})
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: fetch(url(gateway, query))[0], range(100))) == {200}
    assert citizens.both() == (200, 250)
    gateway.settled()
    assert gateway.figure("kanal_reports_total") == reports + 3
