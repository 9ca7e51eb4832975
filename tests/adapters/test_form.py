"""The public form: what is read of it, and that nobody need say who they are."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import Delivery, Message, forms
from adapters.form import UNPROVEN, PublicForm
from adapters.testing import RECEIVED_AT, AdapterContract, settings_of
from normalizer.report import UNANSWERED


class TestPublicForm(AdapterContract):
    adapter = PublicForm
    settings = {}
    payloads = Path(__file__).parent / "payloads" / "form"
    refused_settings = {"nothing to reckon": {"difficulty": 0}, "nobody may report": {"per_minute": 0}}


def read(fields: dict[str, str], proven: str = "yes") -> Message:
    delivery = Delivery(
        id="1",
        channel="form",
        received_at=RECEIVED_AT,
        body=urlencode(fields, errors="surrogatepass").encode(),
        content_type=forms.URLENCODED,
        headers={"proven": proven},
    )
    [message] = PublicForm(settings_of(PublicForm, {})).parse(delivery)
    assert isinstance(message, Message)
    return message


def test_who_says_nothing_more_is_private_and_anonymous_and_gets_a_pin() -> None:
    message = read({"what": "Got mampet"})
    assert (message.sender, message.anonymous, message.public, message.receipt) == (None, True, False, True)


def test_what_no_browser_has_reckoned_for_is_taken_and_marked() -> None:
    assert read({"what": "Got mampet"}, proven="no").doubts == (UNPROVEN,)
    assert UNPROVEN not in UNANSWERED


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("91", "0"), ("0", "181"), ("nan", "0"), ("inf", "0"), ("", "106.8"), ("x", "y")]
)
def test_a_pin_that_is_nowhere_is_none(latitude: str, longitude: str) -> None:
    assert read({"what": "x", "lat": latitude, "lon": longitude}).place is None


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"what": "Got mampet", "where": "Jl. Melati"}, {}),
        ({"what": "Got mampet", "lat": "-6.2", "lon": "106.8", "contact": "0811 0000 001"}, {}),
        ({}, {"what": "empty", "where": "empty"}),
        ({"what": "x" * 4001, "where": "y" * 1001}, {"what": "long", "where": "long"}),
        ({"what": "x", "where": "y", "contact": "nanti saja"}, {"contact": "unknown"}),
        ({"what": "x", "where": "y", "contact": "112"}, {"contact": "unknown"}),
    ],
)
def test_what_is_wrong_is_said_by_field(fields: dict[str, str], faults: dict[str, str]) -> None:
    form = PublicForm(settings_of(PublicForm, {}))
    assert form.faults(forms.Form({name: [value] for name, value in fields.items()})) == faults


def test_what_is_not_asked_for_is_not_taken() -> None:
    form = PublicForm(settings_of(PublicForm, {"ask_contact": False, "ask_public": False}))
    given = Path(__file__).parent / "payloads" / "form" / "report.form"
    delivery = Delivery(
        id="1", channel="form", received_at=RECEIVED_AT, body=given.read_bytes(), content_type=forms.URLENCODED
    )
    [message] = form.parse(delivery)
    assert isinstance(message, Message)
    assert (message.sender, message.public) == (None, False)


@given(st.dictionaries(st.sampled_from(["what", "where", "lat", "lon", "accuracy", "contact", "joins"]), st.text()))
def test_whatever_is_written_is_one_message(fields: dict[str, str]) -> None:
    message = read(fields)
    place = message.place
    assert place is None or place.latitude is None or abs(place.latitude) <= 90
