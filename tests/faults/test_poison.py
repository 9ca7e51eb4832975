"""Messages that cannot be stored or end whatever reads them, amid others."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.citizens import Citizens
from tests.end_to_end.kanal import Gateway, fetch

CHANNEL = {"name": "poison", "kind": "poison"}
LETTER = {"id": "m1", "channel": "poison", "sender": None, "text": "Lampu padam"}
#: An adapter should not, but may, give such ids; with the answer to each.
IDS: dict[str, tuple[Any, int]] = {
    "half of a character": ("\ud800", 200),
    "a huge number": (2**70, 422),
    "a list": (["m"], 422),
    "nothing": (None, 422),
    "a zero octet": ("m\0m", 200),
    "no character": ("", 200),
    "a million characters": ("m" * 1_000_000, 200),
}


def send(gateway: Gateway, identity: object, body: str) -> int:
    asked = json.dumps({"id": identity, "body": body}).encode()
    return fetch(f"http://127.0.0.1:{gateway.web}/in/poison/", asked)[0]


@pytest.mark.threat("P0-4", "P0-5", "P1-39")
def test_what_cannot_be_stored_or_read_costs_no_other_message(tmp_path: Path, poison: None) -> None:
    with Gateway(tmp_path, more=[CHANNEL]) as gateway, ThreadPoolExecutor(16) as pool:
        citizens = Citizens(gateway)
        others = [pool.submit(citizens.both) for _ in range(8)]
        answers = {
            name: pool.submit(send, gateway, identity, json.dumps(LETTER | {"id": name}))
            for name, (identity, _) in IDS.items()
        }
        deadly = [pool.submit(send, gateway, does, does) for does in ("exit", "eat")]
        others += [pool.submit(citizens.both) for _ in range(8)]
        assert {name: answer.result() for name, answer in answers.items()} == {
            name: status for name, (_, status) in IDS.items()
        }
        assert [one.result() for one in deadly] == [200, 200]
        assert [one.result() for one in others] == [(200, 250)] * len(others)
        gateway.settled()
        bad = {row["reason"]: (row["stage"], row["tries"]) for row in gateway.all("quarantine")}
        assert bad == {
            "reading it failed 3 times: its process ended (code 9)": ("read", 3),
            "reading it failed 3 times: it ran out of memory": ("read", 3),
        }
        kept = sum(status == 200 for _, status in IDS.values())
        assert len(gateway.all("reports", "--channel", "poison")) == kept
        assert (gateway.page("/readyz")[0], gateway.log.count("a request failed")) == (200, 0)
