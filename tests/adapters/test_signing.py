"""Proofs hold for whom they should and never raise."""

from ipaddress import ip_network

import pytest

from adapters.signing import allowed, same, same_as_any

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
