"""/metrics says when a channel's certificate ends, so that somebody can be told in time."""

import re
import time
from pathlib import Path

import pytest

from gateway import certificates
from tests.adapters.certificates import make_certificate
from tests.gateway.support import Running, channel, running, settings_in, sms_channel

END = re.compile(r'^kanal_certificate_expiry_timestamp_seconds\{channel="(\w+)"\} (\S+)$', re.MULTILINE)


async def told(gateway: Running) -> dict[str, float]:
    return {name: float(value) for name, value in END.findall((await gateway.ask("/metrics")).text)}


async def test_the_end_of_a_shown_certificate_is_told_even_after_it_was_replaced(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    files = {"certificate": str(certificate), "private_key": str(key)}
    mail = channel("smtp", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0", **files)
    async with running(settings_in(tmp_path, mail, sms_channel()), process=False) as gateway:
        assert await told(gateway) == {"smtp": pytest.approx(time.time() + 2 * 86_400, abs=3600)}
        certificate.write_text("-----BEGIN CERTIFICATE-----\n")
        assert await told(gateway) == {"smtp": 0.0}
        certificate.unlink()
        assert await told(gateway) == {"smtp": 0.0}


async def test_a_channel_without_certificate_tells_of_none(tmp_path: Path) -> None:
    mail = channel("smtp", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0")
    async with running(settings_in(tmp_path, mail), process=False) as gateway:
        assert await told(gateway) == {}


def test_of_a_chain_the_first_to_end_counts(tmp_path: Path) -> None:
    chain = tmp_path / "chain.pem"
    chain.write_text("".join(make_certificate(tmp_path, days=days)[0].read_text() for days in (30, 3, 90)))
    assert certificates.end(chain) == pytest.approx(time.time() + 3 * 86_400, abs=3600)
