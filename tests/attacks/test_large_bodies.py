"""Hosts that send many large bodies slowly take no more memory than they may have, and hold up nobody else."""

import json
import resource
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.attacks.attackers import UPLOADS
from tests.attacks.honest import FACTOR, SHORT_SMTP, SHORT_WEB, attacked, measured, slowed
from tests.end_to_end.citizens import Citizens
from tests.end_to_end.kanal import Gateway, until
from tests.poison import poison_installed

MB = 1 << 20
MEMORY = 128 * MB
LARGE = 5 * MB
PAGE = resource.getpagesize()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    app = {"name": "app", "kind": "poison"}
    limits = {**SHORT_WEB, "body_timeout": 5, "max_memory": MEMORY}
    with (
        poison_installed(tmp_path_factory.mktemp("site")),
        Gateway(tmp_path_factory.mktemp("bodies"), limits=limits, mail=SHORT_SMTP, more=[app]) as gateway,
    ):
        yield gateway


def resident(gateway: Gateway) -> int:
    return int(Path(f"/proc/{gateway.pid}/statm").read_text().split()[1]) * PAGE


def upload(gateway: Gateway, number: int) -> int:
    """An honest report that is large; the status."""
    message = {"type": "Message", "id": f"m{number}", "channel": "app", "sender": None, "text": "Banjir"}
    content = json.dumps({"id": f"m{number}", "body": json.dumps(message)}).encode().ljust(LARGE)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.web}/in/app/", content, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
    except OSError:
        return 0


@pytest.mark.threat("P1-36", "P1-37")
def test_large_bodies_in_drips_take_no_more_memory_than_they_may_have(gateway: Gateway) -> None:
    citizens = Citizens(gateway)
    quiet, before = measured(citizens), resident(gateway)
    assert upload(gateway, 1) == 200
    with attacked(gateway, *(list(UPLOADS) * 4)):
        until(partial(gateway.figure, "kanal_web_turned_away_total", limit="memory"), "the room to be full")
        assert slowed(quiet, citizens) <= FACTOR
        assert resident(gateway) - before < 2 * MEMORY
        until(lambda: upload(gateway, 2) == 200, "room for an honest report", 60)
        assert resident(gateway) - before < 2 * MEMORY
    until(lambda: not gateway.figure("kanal_web_body_bytes"), "all room to be free again")
    gateway.settled()
    assert [row["channel"] for row in gateway.all("deliveries")].count("app") == 2
