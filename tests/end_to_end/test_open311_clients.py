"""Programs that others wrote for Open311 meet a gateway: a client, and a tester that works from our description."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
import pytest
from georeport import GeoReport  # type: ignore[import-untyped]
from msgspec import Meta

from gateway import resources
from tests.end_to_end.kanal import Gateway, fetch, until

#: Many small requests from here, of which most are wrong on purpose, are not to be slowed down.
TRUSTED = {"trusted_proxies": ["127.0.0.0/8"]}
APPS = {"name": "apps", "kind": "open311", "jurisdiction": "jakarta.go.id"}
Text = Annotated[str, Meta(min_length=1)]
Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")]


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What GeoReport's own schema asks of a service: every field is there, codes are text."""

    service_code: Text
    service_name: Text
    description: str
    metadata: bool
    type: Literal["realtime", "batch", "blackbox"]
    keywords: str
    group: str


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """And of a service request."""

    service_request_id: Text
    status: Literal["open", "closed"]
    status_notes: str | None
    service_name: Text
    service_code: Text
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: Time
    updated_datetime: Time
    expected_datetime: Time
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float
    long: float
    media_url: str | None


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("kanal"), more=[APPS], limits=TRUSTED) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def key(gateway: Gateway) -> str:
    made = gateway.kanal("keys", "add", "jaki", "--per-minute", "0", "--per-day", "0")
    assert made.returncode == 0, made.stderr
    return made.stdout.decode().strip()


@pytest.fixture(scope="module")
def reports(gateway: Gateway, key: str) -> list[str]:
    """The codes of two public reports, the newest first."""
    places = {"Lubang besar di Jl. Mahakam": ("-6.24", "106.79"), "Lubang di Jl. Fatmawati": ("-6.29", "106.80")}
    for text, (lat, long) in places.items():
        report = {"service_code": "jalan-rusak", "description": text, "lat": lat, "long": long, "private": "false"}
        status, said = fetch(f"{_url(gateway)}/requests.json", urlencode(report | {"api_key": key}).encode())
        assert status == 200, said
    gateway.settled()
    codes = [row["code"] for row in reversed(gateway.all("cases"))]
    gateway.order("cases", "move", codes[0], "proses", "--note", "Tim berangkat")
    return codes


def _url(gateway: Gateway) -> str:
    return f"http://127.0.0.1:{gateway.web}/in/apps"


def test_the_georeport_client_reads_us_in_both_formats(gateway: Gateway, reports: list[str]) -> None:
    read = {
        form: _read(GeoReport(_url(gateway), jurisdiction="jakarta.go.id", output_format=form), reports[0])
        for form in ("json", "xml")
    }
    assert _in_words(read["json"]) == read["xml"]
    services, definition, requests, one = read["json"]
    assert "jalan-rusak" in {service.service_code for service in msgspec.convert(services, list[Service])}
    assert definition["service_code"] == "jalan-rusak"
    assert [request.service_request_id for request in msgspec.convert(requests, list[Request])] == reports
    assert one == requests[0]


def _read(client: GeoReport, code: str) -> list[Any]:
    return [
        client.get_service_list(),
        client.get_service_definition("jalan-rusak"),
        client.get_service_requests(service_code="jalan-rusak", status="open"),
        client.get_service_request(code),
    ]


def _in_words(value: Any) -> Any:
    """JSON's values as the client has them of XML, where all is text and one element of a list is not in a list."""
    match value:
        case dict():
            return {name: _unwrapped(name, _in_words(inner)) for name, inner in value.items()}
        case list():
            return [_in_words(inner) for inner in value]
        case bool():
            return str(value).lower()
        case None | "":
            return None
    return str(value)


def _unwrapped(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return {name.removesuffix("s"): value[0] if len(value) == 1 else value}


@pytest.mark.threat("P1-40")
def test_what_is_said_of_us_is_true(gateway: Gateway, key: str, reports: list[str], tmp_path: Path) -> None:
    """Schemathesis makes requests from our description, right and wrong, and holds the answers against it. That a
    report is right does not mean that its service is there, so what is right may be answered with 404."""
    (tmp_path / "schemathesis.toml").write_text(f'[auth.openapi.key]\napi_key = "{key}"\n')
    tester = [str(Path(sys.executable).with_name("st")), "--config-file", "schemathesis.toml", "run"]
    described = [str(resources.path("open311.openapi.json")), "--url", _url(gateway)]
    limits = ["--suppress-health-check", "too_slow", "--max-examples", "3", "--seed", "1", "--warnings", "off"]
    checks = ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]
    done = subprocess.run(
        [*tester, *described, *limits, *checks], cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "Operations:       9 selected / 9 total" in done.stdout
    until(lambda: not gateway.figure("kanal_unsettled_deliveries"), "what the tester sent to be settled")
    assert gateway.all("quarantine") == []
