"""A reply is as short as its channel wants it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import Capabilities
from gateway.fitting import ENDING, fit
from normalizer.words import gsm7

SMS = Capabilities(text_limit=459, alphabet="gsm7")
POST = Capabilities(text_limit=20)


@pytest.mark.parametrize(
    ("text", "capabilities", "expected"),
    [
        pytest.param("Laporan diterima", Capabilities(), "Laporan diterima", id="no limit"),
        pytest.param("dua puluh karakter ok", POST, "dua puluh...", id="cut between words"),
        pytest.param("dua puluh karakter k", POST, "dua puluh karakter k", id="just fits"),
        pytest.param("x" * 30, POST, ENDING, id="one endless word"),
    ],
)
def test_a_text_is_cut_between_words(text: str, capabilities: Capabilities, expected: str) -> None:
    assert fit(text, capabilities) == expected


@given(st.lists(st.text("abc ~éĂ🙂", max_size=40), max_size=60).map(" ".join))
def test_an_sms_never_takes_more_parts_than_the_channel_allows(text: str) -> None:
    fitted = fit(text, SMS)
    assert gsm7.segments(fitted) <= 3
    assert fitted == text or text.startswith(fitted.removesuffix(ENDING))
