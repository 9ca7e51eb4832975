"""Hosts that send many large bodies slowly take no more memory than they may have, and hold up nobody else."""

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

MB = 1 << 20
MEMORY = 128 * MB
LARGE = 5 * MB
PAGE = resource.getpagesize()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    apps = {"name": "apps", "kind": "open311", "open": True}
    limits = {**SHORT_WEB, "body_timeout": 5, "max_memory": MEMORY}
    with Gateway(tmp_path_factory.mktemp("bodies"), limits=limits, mail=SHORT_SMTP, more=[apps]) as gateway:
        yield gateway


def resident(gateway: Gateway) -> int:
    return int(Path(f"/proc/{gateway.pid}/statm").read_text().split()[1]) * PAGE


def upload(gateway: Gateway) -> int:
    """An honest report with a large photo; the status."""
    fields = {"service_code": "banjir", "description": "Banjir"}
    parts = [_part(f'name="{name}"', value.encode()) for name, value in fields.items()]
    photo = _part('name="media"; filename="foto.jpg"\r\nContent-Type: image/jpeg', bytes(LARGE))
    content = b"".join([*parts, photo, b"--b--\r\n"])
    url = f"http://127.0.0.1:{gateway.web}/in/apps/requests.json"
    asked = urllib.request.Request(url, content, {"Content-Type": "multipart/form-data; boundary=b"})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
    except OSError:
        return 0


def _part(head: str, content: bytes) -> bytes:
    return f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


@pytest.mark.threat("P1-36", "P1-37")
def test_large_bodies_in_drips_take_no_more_memory_than_they_may_have(gateway: Gateway) -> None:
    citizens = Citizens(gateway)
    quiet, before = measured(citizens), resident(gateway)
    assert upload(gateway) == 200
    with attacked(gateway, *(list(UPLOADS) * 4)):
        until(partial(gateway.figure, "kanal_web_turned_away_total", limit="memory"), "the room to be full")
        assert slowed(quiet, citizens) <= FACTOR
        assert resident(gateway) - before < 2 * MEMORY
        until(lambda: upload(gateway) == 200, "room for an honest report")
        assert resident(gateway) - before < 2 * MEMORY
    until(lambda: not gateway.figure("kanal_web_body_bytes"), "all room to be free again")
    gateway.settled()
    assert [row["channel"] for row in gateway.all("deliveries")].count("apps") == 2
