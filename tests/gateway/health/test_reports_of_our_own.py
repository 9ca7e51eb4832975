"""A canary goes the whole way of a channel, is known by its mark, and becomes no report."""

import re
from pathlib import Path

import pytest

from gateway.health import canary
from tests.gateway.support import LAMP, running, settings_in, sms

NOW = 1_790_000_000.0


def pseudonym(*parts: str) -> str:
    return "".join(f"{ord(char) % 16:x}" for char in "/".join(parts))[::-1].ljust(32, "0")


def test_it_is_known_however_a_provider_writes_it() -> None:
    text = canary.text(pseudonym, "sms", NOW)
    for said in (text, text.upper(), f"  {text}\n-- \nsent from here"):
        assert canary.made_at(pseudonym, "sms", said) == pytest.approx(NOW, abs=60)


def test_it_fits_an_sms_in_any_alphabet_of_theirs() -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,70}", canary.text(pseudonym, "sms", NOW))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Banjir di Jl. Kemang Raya", id="a report"),
        pytest.param("kanal-canary-29833333-0123456789abcdef", id="made up"),
        pytest.param(canary.text(pseudonym, "mail", NOW), id="another channel's"),
        pytest.param(canary.text(pseudonym, "sms", NOW).replace("canary-2", "canary-3"), id="of another time"),
    ],
)
def test_nothing_else_is_one(said: str) -> None:
    assert canary.made_at(pseudonym, "sms", said) is None


async def test_it_becomes_no_report_and_is_not_answered(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        text = (await gateway.app.site.means.ask("canary", channel="sms"))["text"]
        await gateway.send(sms("1", text), sms("2", LAMP))
        assert (len(gateway.all("reports")), len(gateway.all("deliveries"))) == (1, 2)
        assert gateway.app.channels["sms"].canary_at is not None
