"""Applications that report by GeoReport: what is taken, what is refused and in which words, and what is read of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import AppKey, Delivery, Equipment, Message, RequestRefused, Response, Unreadable, WebRequest, forms
from adapters.open311 import Open311
from adapters.open311.output import Document, answer
from adapters.testing import RECEIVED_AT, AdapterContract, recordings, settings_of
from normalizer.sorting.categories import Attribute, Categories, Category, Datatype, Group, Names, Value

PAYLOADS = Path(__file__).parent / "payloads" / "open311"
KEY, OTHER_KEY = "kanal_kunci-jaki-0123456789", "kanal_kunci-qlue-0123456789"
BOUNDARY = "batas"
IN_PARTS = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
JPEG = b"\xff\xd8\xff\xe0 bukan gambar \r\n\x00"


def names(text: str) -> Names:
    return Names(id=text, en=f"{text} (en)")


def asked(code: str, datatype: Datatype, required: bool = False, *values: str) -> Attribute:
    offered = tuple(Value(code=value, name=names(value)) for value in values)
    return Attribute(code=code, name=names(code), datatype=datatype, required=required, values=offered)


FLOOD = Category(
    code="banjir",
    name=names("Banjir"),
    group="air",
    keywords=("banjir", "genangan"),
    attributes=(
        asked("dalam", Datatype.NUMBER),
        asked("sejak", Datatype.DATETIME),
        asked("arus", Datatype.ONE_OF, False, "deras", "tenang"),
        asked("dampak", Datatype.SOME_OF, False, "rumah", "jalan"),
        asked("catatan", Datatype.TEXT),
    ),
)
HOLE = Category(
    code="jalan-rusak", name=names("Jalan"), group="air", attributes=(asked("lebar", Datatype.STRING, True),)
)
BRIBE = Category(code="pungli", name=names("Pungli"), group="aparatur")
CATEGORIES = Categories(
    {one.code: one for one in (FLOOD, HOLE, BRIBE)},
    {"air": Group(code="air", name=names("Air")), "aparatur": Group(code="aparatur", name=names("A"), accuses=True)},
)


def key(app: str, secret: str, per_minute: int = 0, per_day: int = 0) -> AppKey:
    return AppKey(app=app, digest=sha256(secret.encode()).hexdigest(), per_minute=per_minute, per_day=per_day)


KEYS = (key("jaki", KEY), key("qlue", OTHER_KEY))


def equipped(adapter: Open311, *keys: AppKey) -> Open311:
    adapter.equip(Equipment(zone=UTC, text=str, categories=CATEGORIES, keys=keys or KEYS))
    return adapter


def open311(*keys: AppKey, **settings: Any) -> Open311:
    return equipped(Open311(settings_of(Open311, settings)), *keys)


def posted(path: str = "requests.json", **changes: Any) -> WebRequest:
    form = {"api_key": KEY, "service_code": "banjir", "description": "Banjir di Jl. Kemang Raya"}
    request = WebRequest(
        method="POST",
        path=path,
        public_url=f"https://kanal.example/in/apps/{path}",
        headers={"Content-Type": forms.URLENCODED},
        query="",
        body=urlencode(form).encode(),
        peer="192.0.2.7",
        received_at=RECEIVED_AT,
    )
    return msgspec.structs.replace(request, **changes)


def filled(fields: Mapping[str, str | Sequence[str]], path: str = "requests.json", **changes: Any) -> WebRequest:
    """A good report, and these fields in it."""
    form = {"api_key": KEY, "service_code": "banjir", "description": "Banjir"} | dict(fields)
    return posted(path, body=urlencode(form, doseq=True, errors="surrogatepass").encode(), **changes)


def part(disposition: str, content: bytes, *more: str) -> bytes:
    head = "\r\n".join([f"--{BOUNDARY}", f"Content-Disposition: form-data; {disposition}", *more, "", ""])
    return head.encode() + content + b"\r\n"


def in_parts(*parts: bytes, end: bytes = f"--{BOUNDARY}--\r\n".encode(), **changes: Any) -> WebRequest:
    known = part('name="api_key"', KEY.encode()) + part('name="service_code"', b"banjir")
    return posted(body=known + b"".join(parts) + end, headers=IN_PARTS, **changes)


def photo(name: str = "banjir.jpg") -> bytes:
    return part(f'name="media"; filename="{name}"', JPEG, "Content-Type: image/jpeg")


def taken(adapter: Open311, request: WebRequest) -> tuple[Delivery, Message, dict[str, Any]]:
    """The one delivery in a request, what it says, and what is answered to it."""
    received = adapter.receive(request)
    (delivery,) = received.deliveries
    (message,) = adapter.parse(delivery)
    assert isinstance(message, Message)
    (row,) = msgspec.json.decode(received.response.body)
    return delivery, message, row


def refused(adapter: Open311, request: WebRequest) -> Response:
    with pytest.raises(RequestRefused) as caught:
        adapter.receive(request)
    assert caught.value.answer is not None
    assert caught.value.answer.status == caught.value.status
    return caught.value.answer


@pytest.mark.threat("P0-15")
class TestOpen311(AdapterContract):
    adapter = Open311
    settings = {"contact": "dki@jakarta.go.id"}
    payloads = PAYLOADS
    genuine = posted(headers={"Content-Type": forms.URLENCODED, "Idempotency-Key": "7"})
    refused = {
        "forged key": filled({"api_key": KEY + "x"}),
        "forged key outside ASCII": filled({"api_key": "kanal_\u00e9\udcff"}),
        "forged key in the query": filled({"api_key": ""}, query="api_key=kanal_salah"),
        "unproven": filled({"api_key": ""}),
        "unproven update": filled({"api_key": "", "service_request_id": "KNL-1"}, "servicerequestupdates.xml"),
    }
    refused_settings = {"too small": {"max_size": 10}, "no reports at all": {"per_minute": "many"}}

    def make(self, **changes: Any) -> Any:
        return equipped(super().make(**changes))


def test_a_report_is_answered_with_a_token_alone() -> None:
    delivery, message, row = taken(open311(), posted())
    assert row == {"token": delivery.id, "service_notice": "app_received", "account_id": None}
    assert (message.fields["app"], message.fields["category"]) == ("jaki", "banjir")


@pytest.mark.threat("P0-30")
def test_what_is_kept_does_not_hold_the_key() -> None:
    delivery, _, _ = taken(open311(), in_parts(photo()))
    assert KEY.encode() not in delivery.body
    assert len(delivery.body) == len(in_parts(photo()).body)


FAULTS: Mapping[str, tuple[Mapping[str, str | Sequence[str]], int, str]] = {
    "no service_code": ({"service_code": ""}, 400, "service_code was not given"),
    "a service_code that there is none of": ({"service_code": "meteor"}, 404, "service_code was not found"),
    "nothing said": ({"description": " "}, 400, "neither what nor where"),
    "a long description": ({"description": "a" * 4001}, 400, "4000"),
    "a long name": ({"first_name": "a" * 1001}, 400, "1000"),
    "a latitude alone": ({"lat": "-6.2"}, 400, "lat and long"),
    "a place beyond the poles": ({"lat": "-96.2", "long": "106.8"}, 400, "lat and long"),
    "a place that is no number": ({"lat": "nan", "long": "inf"}, 400, "lat and long"),
    "a flag that is neither": ({"private": "maybe"}, 400, "private"),
    "an attribute left out": ({"service_code": "jalan-rusak"}, 400, "attribute[lebar] is required"),
    "an attribute without a value": ({"service_code": "jalan-rusak", "attribute[lebar]": ""}, 400, "required"),
    "no number": ({"attribute[dalam]": "selutut"}, 400, "attribute[dalam] is no number"),
    "no time": ({"attribute[sejak]": "kemarin"}, 400, "attribute[sejak]"),
    "none of the values": ({"attribute[arus]": "kencang"}, 400, "attribute[arus]"),
    "one of the values is none": ({"attribute[dampak][]": ["rumah", "langit"]}, 400, "attribute[dampak]"),
    "two values for one": ({"attribute[arus][]": ["deras", "tenang"]}, 400, "more than once"),
    "a photo that is none": ({"media": "banjir.jpg"}, 400, "media is a photo"),
    "many attributes": ({f"attribute[a{n}]": "1" for n in range(51)}, 400, "50 attributes"),
}


@pytest.mark.parametrize(("fields", "status", "says"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told_in_georeports_words(fields: Mapping[str, str], status: int, says: str) -> None:
    response = refused(open311(), filled(fields))
    assert (response.status, response.content_type) == (status, "application/json")
    faults = msgspec.json.decode(response.body)
    assert {tuple(fault) for fault in faults} == {("code", "description")}
    assert any(fault["code"] == status and says in fault["description"] for fault in faults)


def test_all_that_is_wrong_is_told_at_once_in_xml() -> None:
    response = refused(open311(), filled({"service_code": "", "lat": "1", "private": "?"}, "requests.xml"))
    assert response.content_type == "text/xml; charset=utf-8"
    codes = [code.text for code in ElementTree.fromstring(response.body).findall("error/code")]
    assert codes == ["400", "400", "400"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(posted("requests"), 404, id="no format"),
        pytest.param(posted("requests.yaml"), 404, id="another format"),
        pytest.param(filled({"api_key": [KEY, KEY]}), 400, id="a key twice"),
        pytest.param(
            posted(body=f"api_key=%{ord(KEY[0]):x}{KEY[1:]}&service_code=banjir&description=Banjir".encode()),
            400,
            id="a key that would be kept, since it is written with an escape",
        ),
        pytest.param(posted("requests/.json"), 404, id="half a path"),
        pytest.param(posted("requests/KNL-1.json"), 405, id="a request that there is already"),
        pytest.param(posted("services.json"), 405, id="what nobody may post"),
        pytest.param(posted("pages.json"), 404, id="what there is none of"),
        pytest.param(posted(method="PUT"), 405, id="another method"),
        pytest.param(posted(headers={"Content-Type": "application/json"}), 400, id="JSON"),
        pytest.param(posted(headers={"Content-Type": "multipart/form-data"}), 400, id="no boundary"),
        pytest.param(posted(headers={"Content-Type": "multipart/form-data; boundary*=x; boundary*0=y"}), 400, id="odd"),
        pytest.param(filled({"jurisdiction_id": "bogor.go.id"}), 404, id="another city"),
        pytest.param(posted("servicerequestupdates.json"), 400, id="an update of nothing"),
    ],
)
def test_a_request_that_is_no_report_is_refused(request_: WebRequest, status: int) -> None:
    assert refused(open311(jurisdiction="jakarta.go.id"), request_).status == status


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (False, True, False)),
        ({"private": "false"}, (True, True, False)),
        ({"private": "FALSE", "confidential": "0", "anonymous": "1"}, (True, False, True)),
    ],
    ids=["nothing said", "public", "everything said"],
)
def test_what_the_reporter_was_promised(fields: Mapping[str, str], expected: tuple[bool, bool, bool]) -> None:
    _, message, _ = taken(open311(), filled(fields))
    assert (message.public, message.confidential, message.anonymous) == expected


def test_promises_that_the_application_does_not_make_are_the_channels() -> None:
    _, message, _ = taken(open311(private=False, confidential=False, anonymous=True), filled({"email": "a@b.id"}))
    assert (message.public, message.confidential, message.anonymous) == (True, False, True)
    assert message.sender is None
    assert "a@b.id" not in str(msgspec.to_builtins(message))


def test_an_empty_parameter_is_as_one_that_is_not_there() -> None:
    _, message, _ = taken(
        open311(), filled({"lat": "", "long": "", "email": " ", "private": "", "attribute[arus]": ""})
    )
    assert (message.place, message.sender, message.public) == (None, None, False)


def test_a_report_sent_again_is_the_same_if_the_application_says_so() -> None:
    adapter = open311()

    def token(mark: str = "", **fields: str) -> str:
        headers = {"Content-Type": forms.URLENCODED} | ({"Idempotency-Key": mark} if mark else {})
        delivery, _, _ = taken(adapter, filled(fields, headers=headers))
        return delivery.id

    assert token("m1") == token("m1")
    assert token("m1") != token("m2")
    assert token("m1") != token("m1", description="Lampu padam")
    assert token("m1") != token("m1", api_key=OTHER_KEY)
    assert token() != token()
    assert token(device_id="d7") != token(device_id="d7")
    when = "2026-11-02T15:00:00+07:00"
    assert token(device_id="d7", requested_datetime=when) == token(device_id="d7", requested_datetime=when)


def test_a_photo_sent_again_in_other_clothes_is_the_same() -> None:
    first = msgspec.structs.replace(in_parts(photo()), headers=IN_PARTS | {"Idempotency-Key": "m1"})
    body = first.body.replace(BOUNDARY.encode(), b"lain")
    again = posted(body=body, headers={"Content-Type": "multipart/form-data; boundary=lain", "Idempotency-Key": "m1"})
    assert taken(open311(), first)[0].id == taken(open311(), again)[0].id


def test_photos_can_be_had_from_what_is_kept() -> None:
    adapter = open311()
    delivery, message, _ = taken(adapter, in_parts(photo(), photo("../../rumah;\r\n.jpg")))
    assert [adapter.content(delivery, one) for one in message.attachments] == [JPEG, JPEG]
    assert [one.size for one in message.attachments] == [len(JPEG)] * 2
    with pytest.raises(Unreadable):
        adapter.content(delivery, msgspec.structs.replace(message.attachments[0], reference="part:0"))


@pytest.mark.threat("P1-25", "P1-28")
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\kunci.txt", "kunci.txt"),
        ('a\\"b.jpg', 'a"b.jpg'),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\u0000.jpg", ".jpg"),
        ("foto banjir é.jpg", "foto banjir é.jpg"),
        ("/", None),
    ],
)
def test_the_name_of_a_file_is_only_a_name(written: str, read: str | None) -> None:
    _, message, _ = taken(open311(), in_parts(photo(written)))
    assert message.attachments[0].name == read


HOSTILE: Mapping[str, WebRequest] = {
    "thousands of parts": in_parts(*[part('name="a"', b"1")] * 5000),
    "a part without a name": in_parts(part("", b"1")),
    "a part with a long head": in_parts(part('name="a"', b"1", f"X: {'a' * forms.LONGEST_HEAD}")),
    "parts within a part": in_parts(
        part('name="a"', b"--x\r\n\r\n\r\n--x--", "Content-Type: multipart/mixed; boundary=x")
    ),
    "no end": in_parts(photo(), end=b""),
    "cut off in a photo": posted(body=in_parts(photo()).body[:-30], headers=IN_PARTS),
    "many photos": in_parts(*[photo()] * 11),
    "a huge value": in_parts(part('name="description"', b"a" * 100_000)),
    "thousands of parameters": posted(body=b"&".join(b"a%d=1" % number for number in range(5000))),
    "a huge form": posted(body=b"%41" * 100_000),
    "another boundary": posted(
        body=in_parts(photo()).body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    ),
    "boundaries without end": in_parts(f"--{BOUNDARY}\r\n".encode() * 50_000),
}


@pytest.mark.threat("P1-39")
@pytest.mark.parametrize("request_", HOSTILE.values(), ids=HOSTILE)
def test_what_is_broken_or_beyond_limits_is_refused_whole(request_: WebRequest) -> None:
    assert refused(open311(), request_).status == 400


def test_attributes_within_attributes_are_none() -> None:
    _, message, _ = taken(open311(), filled({"attribute" + "[a]" * 50: "1", "attribute[]": "2", "attribute[x": "3"}))
    assert {name for name in message.fields if name.startswith("attribute")} == set()


def test_limits_are_the_applications_own() -> None:
    adapter = open311(key("jaki", KEY, per_minute=3, per_day=2), key("qlue", OTHER_KEY))
    for _ in range(2):
        taken(adapter, posted())
    response = refused(adapter, posted())
    assert (response.status, response.headers["Retry-After"]) == (429, "60")
    taken(adapter, filled({"api_key": OTHER_KEY}))


def test_an_open_channel_takes_some_reports_of_anybody_but_no_updates() -> None:
    adapter = open311(open=True, per_minute=2)
    nobody = filled({"api_key": ""})
    _, message, _ = taken(adapter, nobody)
    assert "app" not in message.fields
    taken(adapter, nobody)
    assert refused(adapter, nobody).status == 429
    taken(adapter, msgspec.structs.replace(nobody, peer="192.0.2.8"))
    update = filled({"api_key": "", "service_request_id": "KNL-7F3K-92QX"}, "servicerequestupdates.json")
    assert refused(adapter, update).status == 403


def test_an_update_quotes_the_code_and_has_an_id_of_its_own() -> None:
    fields = {"service_request_id": "KNL-7F3K-92QX", "update_id": "7", "service_code": ""}
    received = [open311().receive(filled(fields, "servicerequestupdates.json")) for _ in range(2)]
    (delivery,), (again,) = (one.deliveries for one in received)
    assert delivery.id == again.id
    assert msgspec.json.decode(received[0].response.body) == [{"update_id": delivery.id}]
    (message,) = open311().parse(delivery)
    assert isinstance(message, Message)
    assert (message.subject, message.text, message.public) == ("KNL-7F3K-92QX", "Banjir", False)


@given(
    st.binary(max_size=300), st.sampled_from([forms.URLENCODED, IN_PARTS["Content-Type"], ""]) | st.text(max_size=80)
)
def test_any_octets_are_a_form_or_broken(body: bytes, content_type: str) -> None:
    wrapped = f"--{BOUNDARY}\r\n".encode() + body + f"\r\n--{BOUNDARY}--".encode()
    for octets in (body, wrapped):
        try:
            form = forms.read(octets, content_type)
        except forms.Broken as error:
            assert str(error)
        else:
            assert all(text.strip() for values in form.fields.values() for text in values)


@given(st.binary(max_size=200))
def test_octets_in_a_recorded_form_lead_to_one_message_or_none(noise: bytes) -> None:
    for recording in recordings(PAYLOADS).values():
        at = len(recording.body) // 2
        delivery = msgspec.structs.replace(recording, body=recording.body[:at] + noise + recording.body[at:])
        try:
            events = open311().parse(delivery.delivery("open311"))
        except Unreadable:
            continue
        assert [(type(event), event.channel) for event in events] == [(Message, "open311")]


@pytest.mark.threat("P1-40")
@given(st.text(), st.text())
def test_any_words_can_be_answered_in_both_formats(one: str, other: str) -> None:
    document = Document("errors", [{"code": 400, "description": one}, {"code": None, "description": other}])
    assert len(msgspec.json.decode(answer(document, "json").body)) == 2
    root = ElementTree.fromstring(answer(document, "xml").body)
    assert [(child.tag, [inner.tag for inner in child]) for child in root] == [("error", ["code", "description"])] * 2


@pytest.mark.parametrize("text", ["<script>&amp;\"'", "]]>", "a\x00b\x0c\ufffe", "\ud800", "\U0001f30a é"])
def test_what_xml_cannot_hold_is_shown_as_missing(text: str) -> None:
    body = answer(Document("errors", [{"code": 400, "description": text}]), "xml").body
    read = ElementTree.fromstring(body).findtext("error/description")
    bad = str.maketrans(dict.fromkeys("\x00\x0c\ufffe\ud800", "\ufffd"))
    assert read == text.translate(bad)
