"""Requests as Meta makes them to a channel of one of its products, and such as it does not make."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from aiohttp import ClientSession

from adapters import WebRequest
from adapters.graph.hook import SIGNATURE, signature
from adapters.testing import RECEIVED_AT
from adapters.testing.standins.graph import Graph

SECRET, VERIFY = "rahasia-aplikasi", "kata-kata-verifikasi"
SECRETS: Mapping[str, str] = {"token": "EAAtokenrahasia", "app_secret": SECRET, "verify_token": VERIFY}


def request(body: bytes, **changes: Any) -> WebRequest:
    made = WebRequest(
        method="POST",
        path="",
        public_url="https://kanal.example.go.id/in/meta",
        headers={"Content-Type": "application/json"},
        query="",
        body=body,
        peer="192.0.2.7",
        received_at=RECEIVED_AT,
    )
    return msgspec.structs.replace(made, **changes)


def signed(body: bytes, secret: str = SECRET, **changes: Any) -> WebRequest:
    return request(body, headers={SIGNATURE: signature(secret, body)}, **changes)


def challenge(**changes: str | None) -> WebRequest:
    told = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY} | changes
    query = urlencode({name: value for name, value in told.items() if value is not None})
    return request(b"", method="GET", query=query, headers={})


def refused(body: bytes) -> Mapping[str, WebRequest]:
    """All that proves nothing."""
    anew = json.dumps(json.loads(body)).encode()
    return {
        "forged with another secret": signed(body, secret="tebakan"),
        "forged with an empty secret": signed(body, secret=""),
        "forged body": request(body + b" ", headers={SIGNATURE: signature(SECRET, body)}),
        "forged by writing it anew": request(anew, headers={SIGNATURE: signature(SECRET, body)}),
        "forged outside ASCII": request(body, headers={SIGNATURE: "sha256=é"}),
        "forged challenge": challenge(**{"hub.verify_token": "tebakan"}),
        "unproven": request(body),
        "unproven by the signature of former days": request(body, headers={"X-Hub-Signature": "sha1=00"}),
        "unproven challenge": challenge(**{"hub.verify_token": None}),
    }


def proven(given: WebRequest) -> WebRequest:
    """Signed anew."""
    return msgspec.structs.replace(given, headers={SIGNATURE: signature(SECRET, given.body)})


def reaching(meta: Graph) -> dict[str, Any]:
    """The settings that lead to a stand-in."""
    return {"graph_url": meta.graph_url, **{name: getattr(meta, name) for name in SECRETS}}


async def get(url: str, headers: Mapping[str, str] | None = None) -> bytes:
    """As the gateway fetches."""
    async with ClientSession() as session, session.get(url, headers=headers) as response:
        return await response.read()


async def unasked(url: str, headers: Mapping[str, str] | None = None) -> bytes:
    raise AssertionError("nothing is asked")
