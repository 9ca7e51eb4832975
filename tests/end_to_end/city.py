"""A city's whole set: a gateway, the relay that takes its mails, a Kannel and a citizen's handset."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import adapters.sms
from tests.adapters.kannel import Kannel
from tests.adapters.smtp_running import tool
from tests.end_to_end.kanal import OWN, PATIENCE_SECONDS, SECRET, Gateway, free_port
from tests.end_to_end.relay import Relay


class City(NamedTuple):
    gateway: Gateway
    relay: Relay
    kannel: Kannel


@contextmanager
def city(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    core: str = "",
    settings: Mapping[str, Any] | None = None,
) -> Iterator[City]:
    """Everything up; Kannel calls with the get-url of the documentation."""
    web = free_port()
    address = f"http://127.0.0.1:{web}/in/sms"
    kannel = Kannel(folder, get_url=f"{address}/{SECRET}/{documented_query()}", core=core)
    monkeypatch.setenv("KANNEL_PASSWORD", kannel.password)
    sms = {
        "send_url": kannel.sendsms_url,
        "username": kannel.username,
        "password": {"env": "KANNEL_PASSWORD"},
        "callback_url": address,
        "keywords": ["LAPOR"],
        "quiet_seconds": 0,
    }
    with Relay() as relay, Gateway(folder, web=web, mail=relay.settings, sms=sms, settings=settings) as gateway, kannel:
        yield City(gateway, relay, kannel)


def documented_query() -> str:
    """What follows the secret in the get-url that the SMS channel asks for."""
    found = re.search(r'get-url = "…/SECRET/(.+)"', adapters.sms.__doc__ or "")
    assert found is not None
    return found[1]


def swaks(server: str, sender: str, text: str, *options: str, to: str = OWN) -> None:
    """Send one mail."""
    words = ["--server", server, "--from", sender, "--to", to, "--body", text, "--timeout", "60"]
    command = [tool("swaks", "swaks"), *words, *options]
    ended = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stdout
