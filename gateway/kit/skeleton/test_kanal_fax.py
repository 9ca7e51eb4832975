"""The channel fax passes the suite of all channels, with what its provider posts."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from adapters import WebRequest
from adapters.testing import RECEIVED_AT, AdapterContract
from gateway.kit.skeleton.kanal_fax import Fax

PAYLOADS = Path(__file__).parent / "payloads"
TOKEN = "-".join(("a", "token", "of", "the", "provider"))
GENUINE = WebRequest(
    method="POST",
    path="",
    public_url="https://kanal.example.go.id/in/fax",
    headers={"X-Token": TOKEN},
    query="",
    body=(PAYLOADS / "posted.json").read_bytes(),
    peer="192.0.2.7",
    received_at=RECEIVED_AT,
)


class TestFax(AdapterContract):
    adapter = Fax
    settings = {"token": TOKEN}
    payloads = PAYLOADS
    genuine = GENUINE
    refused: ClassVar[Mapping[str, WebRequest]] = {
        "forged": msgspec.structs.replace(GENUINE, headers={"X-Token": "another-token-altogether"}),
        "unproven": msgspec.structs.replace(GENUINE, headers={}),
    }
