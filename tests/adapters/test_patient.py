"""JSON that is not written strictly is read as well as it can be."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import Unreadable, patient

READ: dict[str, tuple[bytes, Any]] = {
    "strict JSON": (b'{"a": [1, 2.5, true, null, "b"]}', {"a": [1, 2.5, True, None, "b"]}),
    "the first half of an emoji": (rb'["a \ud83d", "b"]', ["a ?", "b"]),
    "the second half": (rb'["\ude00 a", "b"]', ["? a", "b"]),
    "a whole emoji beside a half": (rb'["\ud83d\ude00 \ud83d"]', ["😀 ?"]),
    "half an emoji as a name": (rb'{"\ud83d": 1}', {"?": 1}),
    "bytes that are no UTF-8": (b'["a \xff", "b"]', ["a \ufffd", "b"]),
    "no numbers": (b"[NaN, Infinity, -Infinity, 1]", [None, None, None, 1]),
    "numbers beyond all bounds": (b"[1e999, -1e999, 1]", [None, None, 1]),
    "a number of many digits": (b"[" + b"9" * 5000 + b", 1]", [None, 1]),
    "a broken line": (b'["a\nb\tc"]', ["a\nb\tc"]),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "UTF-16": ('{"a": "é"}'.encode("utf-16"), {"a": "é"}),
}
UNREADABLE = {
    "nothing": b"",
    "a page": b"<html>",
    "cut off": b'{"a": "b',
    "more behind it": b"{} {}",
    "depths": b"[" * 100_000 + b"]" * 100_000,
    "depths and an odd value": b"[" * 100_000 + b"NaN" + b"]" * 100_000,
}


@pytest.mark.parametrize("name", READ)
def test_one_odd_value_loses_nothing_else(name: str) -> None:
    raw, values = READ[name]
    assert patient.read(raw) == values


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_json_is_unreadable(name: str) -> None:
    with pytest.raises(Unreadable):
        patient.read(UNREADABLE[name])


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=4), inner),
    max_leaves=20,
)


@given(ODD)
def test_whatever_a_careless_writer_writes_can_be_written_again(value: Any) -> None:
    read = patient.read(json.dumps(value).encode())
    assert patient.read(msgspec.json.encode(read)) == read


@given(st.binary())
def test_whatever_comes_is_read_or_unreadable(raw: bytes) -> None:
    try:
        read = patient.read(raw)
    except Unreadable:
        return
    assert msgspec.json.encode(read)
