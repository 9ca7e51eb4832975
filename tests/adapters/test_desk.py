"""What is entered at a desk: read, checked, and kept without what must not be kept."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from adapters import ChannelDown, Delivery, Message, Office, Unreadable, forms
from adapters.desk import Desk
from adapters.testing import AdapterContract, settings_of

NIK = "3174034107850002"
SESSION = "rahasia-sesi-0123456789"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


class TestDesk(AdapterContract):
    adapter = Desk
    settings = {}
    refused_settings = {
        "a form would not fit": {"max_size": 1000},
        "the look-up is there": {"name": "cari"},
        "fewer photos than none": {"max_photos": -1},
    }
    payloads = Path(__file__).parent / "payloads" / "desk"


def posted(body: bytes, content_type: str = forms.URLENCODED) -> Delivery:
    headers = {"office": "kelurahan-1", "clerk": "sari"}
    return Delivery(
        id="e1", channel="desk", received_at=datetime.now(UTC), body=body, content_type=content_type, headers=headers
    )


def urlencoded(**fields: str) -> Delivery:
    return posted(urlencode(fields).encode())


def in_parts(**fields: str) -> Delivery:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()
    return posted(body, f"multipart/form-data; boundary={BOUNDARY}")


def desk(**settings: object) -> Desk:
    return Desk(settings_of(Desk, settings))


def message(adapter: Desk, delivery: Delivery) -> Message:
    (found,) = adapter.parse(delivery)
    assert isinstance(found, Message)
    return found


@pytest.mark.parametrize("make", [urlencoded, in_parts])
@pytest.mark.parametrize("nik", [NIK, "3174 0341 0785 0002", "317403.410785.0002"])
def test_a_nik_and_the_session_are_not_kept(make: "type[Delivery]", nik: str) -> None:
    given = make(what=f"KTP {nik} belum jadi", nik=nik, csrf=SESSION)  # type: ignore[call-arg]
    kept = desk().entered(given)
    assert nik.encode() not in kept.body
    assert SESSION.encode() not in kept.body
    assert urlencode({"": nik})[1:].encode() not in kept.body
    assert message(desk(), kept).text.startswith("KTP *")


def test_a_nik_is_kept_where_the_settings_say_so() -> None:
    adapter = desk(nik=True)
    kept = adapter.entered(urlencoded(what="KTP belum jadi", nik="3174 0341 0785 0002", csrf=SESSION))
    assert SESSION.encode() not in kept.body
    assert message(adapter, kept).fields["nik"] == NIK


def test_what_cannot_be_taken_out_is_not_taken() -> None:
    part = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=nik\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"MzE3NDAzNDEwNzg1MDAwMg==\r\n--{BOUNDARY}--\r\n"
    )
    with pytest.raises(Unreadable, match="taken out"):
        desk().entered(posted(part.encode(), f"multipart/form-data; boundary={BOUNDARY}"))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"what": "Banjir"}, {}, id="that is enough"),
        pytest.param({}, {"what": "empty"}, id="nothing is said"),
        pytest.param({"joins": "KNL-7F3K-92QX"}, {}, id="who joins a case need not say it again"),
        pytest.param({"what": "a" * 10_001}, {"what": "long"}, id="too long"),
        pytest.param({"what": "a", "phone": "0812"}, {"phone": "phone"}, id="a number with too few digits"),
        pytest.param({"what": "a", "phone": "0811-0000-001", "email": "a@b"}, {}, id="reached by both"),
        pytest.param({"what": "a", "email": "sari"}, {"email": "email"}, id="no mail address"),
        pytest.param({"what": "a", "nik": NIK}, {}, id="a NIK that may be one"),
        pytest.param({"what": "a", "nik": "3174037207850002"}, {"nik": "nik"}, id="born on the 72nd"),
        pytest.param({"what": "a", "nik": "9974034107850002"}, {"nik": "nik"}, id="of no province"),
        pytest.param({"what": "a", "nik": NIK[:15]}, {"nik": "nik"}, id="15 digits"),
        pytest.param({"what": "a", "anonymous": "1", "name": "Sari"}, {"anonymous": "anonymous"}, id="both ways"),
    ],
)
def test_what_is_wrong_is_said_by_field(fields: dict[str, str], wrong: dict[str, str]) -> None:
    assert desk().faults(forms.Form({name: [value] for name, value in fields.items()})) == wrong


async def test_offices_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "kantor.csv"
    path.write_bytes("\ufeffcode;name;area\nkel-1;Kelurahan Satu;31.74.03.1002\npusat;Balai Kota;\n".encode())
    adapter = desk(offices=str(path))
    await adapter.open()
    assert adapter.offices() == (
        Office("kel-1", "Kelurahan Satu", "31.74.03.1002"),
        Office("pusat", "Balai Kota"),
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot be read"),
        (b"kode,nama\n1,Satu\n", "no column 'code'"),
        (b"code,name,area\n1,Satu,\n,Dua,\n", "line 3"),
        (b"code,name\n1,\xff\n", "cannot be read"),
    ],
)
async def test_a_wrong_file_of_offices_is_said(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "kantor.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ChannelDown, match=why):
        await desk(offices=str(path)).open()
