"""Hosts that hold connections or flood: nobody else loses anything, or waits much longer than usual."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.attacks.attackers import FLOODS, HOLDING
from tests.attacks.honest import FACTOR, SHORT_SMTP, SHORT_WEB, attacked, measured, slowed
from tests.end_to_end.citizens import Citizens
from tests.end_to_end.kanal import Gateway, until


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """At its end nothing is lost, and nothing is there of what the attackers sent."""
    anybody = {"allow": ["127.0.0.0/8"]}
    with Gateway(tmp_path_factory.mktemp("crowds"), limits=SHORT_WEB, mail=SHORT_SMTP, sms=anybody) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def citizens(gateway: Gateway) -> Iterator[Citizens]:
    citizens = Citizens(gateway)
    yield citizens
    gateway.settled()
    citizens.check()


@pytest.mark.threat("P1-36", "P1-37")
@pytest.mark.parametrize("protocol", ["HTTP", "SMTP"])
def test_who_holds_connections_holds_up_nobody_else(gateway: Gateway, citizens: Citizens, protocol: str) -> None:
    quiet = measured(citizens)
    with attacked(gateway, *(name for name in HOLDING if name.startswith(protocol))):
        assert slowed(quiet, citizens) <= FACTOR
        for awaited in ("silent", "head", "body") if protocol == "HTTP" else ():
            until(partial(gateway.figure, "kanal_web_cut_total", awaited=awaited), f"one cut for its {awaited}")
        assert slowed(quiet, citizens) <= FACTOR


@pytest.mark.threat("P1-37", "P1-38", "P2-45")
@pytest.mark.parametrize("flood", FLOODS)
def test_who_floods_holds_up_nobody_else(gateway: Gateway, citizens: Citizens, flood: str) -> None:
    quiet = measured(citizens)
    with attacked(gateway, flood):
        assert slowed(quiet, citizens) <= FACTOR
    assert gateway.page("/healthz") == (200, "ok\n")
