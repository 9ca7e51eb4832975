"""Proofs hold for whom they should and never raise."""

from ipaddress import ip_network

import pytest

from adapters.signing import SIGNATURE, TIMESTAMP, WINDOW_SECONDS, allowed, proven, same, same_as_any, signed

NETWORKS = (ip_network("10.1.2.0/24"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("s3cret", True, id="equal"),
        pytest.param("s3creT", False, id="other"),
        pytest.param("", False, id="empty"),
        pytest.param("s3cré東", False, id="outside ASCII"),
        pytest.param("\udce9", False, id="lone surrogate"),
    ],
)
def test_a_secret_is_compared_whatever_is_given(given: str, expected: bool) -> None:
    assert same(given, "s3cret") is expected


@pytest.mark.parametrize(
    ("given", "valid", "expected"),
    [
        pytest.param("old", ["new", "old"], True, id="one of two"),
        pytest.param("older", ["new", "old"], False, id="none of two"),
        pytest.param("", [], False, id="nothing is valid"),
    ],
)
def test_several_secrets_may_be_valid_at_once(given: str, valid: list[str], expected: bool) -> None:
    assert same_as_any(given, valid) is expected


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        pytest.param("10.1.2.200", True, id="inside"),
        pytest.param("10.1.3.1", False, id="outside"),
        pytest.param("::1", True, id="IPv6"),
        pytest.param("::2", False, id="other IPv6"),
        pytest.param("::ffff:10.1.2.3", True, id="IPv4 through an IPv6 socket"),
        pytest.param("::ffff:10.1.3.1", False, id="other IPv4 through an IPv6 socket"),
        pytest.param("", False, id="none"),
        pytest.param("10.1.2.3, 1.2.3.4", False, id="a list"),
        pytest.param("10.1.2", False, id="short form"),
    ],
)
def test_only_listed_networks_are_allowed(peer: str, expected: bool) -> None:
    assert allowed(peer, NETWORKS) is expected


NOW = 1_795_000_000.0
MESSAGE = b'{"type": "ping"}'


def test_a_signature_is_what_anybody_computes() -> None:
    """As `printf '1795000000.{"type": "ping"}' | openssl dgst -sha256 -hmac rahasia` does."""
    assert signed("rahasia", MESSAGE, NOW + 0.7) == {
        TIMESTAMP: "1795000000",
        SIGNATURE: "v1=98706e4ab2f78220f3ba38c53831eb22588dd38a4db75de3583d24bba502180c",
    }


PROOFS: dict[str, tuple[dict[str, str], bool]] = {
    "genuine": ({}, True),
    "by a clock that is late": ({TIMESTAMP: "1794999800"}, False),
    "no time": ({TIMESTAMP: ""}, False),
    "no number": ({TIMESTAMP: "1795000000.0"}, False),
    "a number in other digits": ({TIMESTAMP: "١٧٩٥٠٠٠٠٠٠"}, False),
    "an endless number": ({TIMESTAMP: "9" * 5000}, False),
    "no signature": ({SIGNATURE: ""}, False),
    "another one": ({SIGNATURE: "v1=" + "0" * 64}, False),
    "another scheme": ({SIGNATURE: "v0="}, False),
    "outside ASCII": ({SIGNATURE: "v1=é"}, False),
}


@pytest.mark.threat("P0-15", "P0-16")
@pytest.mark.parametrize(("changed", "expected"), PROOFS.values(), ids=PROOFS.keys())
def test_a_proof_holds_for_what_was_signed_alone(changed: dict[str, str], expected: bool) -> None:
    headers = signed("rahasia", MESSAGE, NOW) | changed
    assert proven(["rahasia"], MESSAGE, headers, NOW) is expected


@pytest.mark.threat("P0-15")
def test_no_byte_of_a_message_can_be_changed() -> None:
    headers = signed("rahasia", MESSAGE, NOW)
    changed = (MESSAGE[:at] + bytes([MESSAGE[at] ^ 1]) + MESSAGE[at + 1 :] for at in range(len(MESSAGE)))
    assert not any(proven(["rahasia"], other, headers, NOW) for other in changed)


@pytest.mark.threat("P0-17")
def test_a_proof_holds_for_a_while() -> None:
    headers = signed("rahasia", MESSAGE, NOW)
    times = (NOW - WINDOW_SECONDS, NOW + WINDOW_SECONDS, NOW - WINDOW_SECONDS - 1, NOW + WINDOW_SECONDS + 1)
    assert [proven(["rahasia"], MESSAGE, headers, at) for at in times] == [True, True, False, False]


def test_while_one_secret_replaces_another_both_are_good_in_either_direction() -> None:
    old, new = signed("lama", MESSAGE, NOW), signed("baru", MESSAGE, NOW)
    both = new | {SIGNATURE: f"{old[SIGNATURE]}, {new[SIGNATURE]}"}
    assert all(proven(["baru", "lama"], MESSAGE, headers, NOW) for headers in (old, new))
    assert all(proven([secret], MESSAGE, both, NOW) for secret in ("baru", "lama"))
    assert not proven(["", "lain"], MESSAGE, both, NOW)
