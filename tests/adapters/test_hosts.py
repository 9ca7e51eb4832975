"""What can be the name or address of a host, and which addresses are one subscriber's."""

import pytest

from adapters.hosts import is_host, is_private, source_of

ADDRESSES = ["127.0.0.1", "0.0.0.0", "::1", "fe80::1%eth0"]
NAMES = ["localhost", "mx1.example.go.id", "example.", "sms_gateway", "3com.x"]
OTHERS = ["", ".", "999.1.1.1", "1.2.3", "127", "[::1]", "a..b", "-a.id", "a-.id", "a b", "a:1", "x" * 64, "a." * 128]


@pytest.mark.parametrize("text", ADDRESSES + NAMES)
def test_an_address_or_a_name_is_a_host(text: str) -> None:
    assert is_host(text)


@pytest.mark.parametrize("text", OTHERS, ids=lambda text: text[:12] or "empty")
def test_nothing_else_is(text: str) -> None:
    assert not is_host(text)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("/run/lmtp.sock", "/run/lmtp.sock"),
    ],
)
def test_the_addresses_of_one_subscriber_have_one_source(address: str, source: str) -> None:
    assert source_of(address) == source


READ_BY_NOBODY = {
    "https://api.telegram.org": True,
    "http://127.0.0.1:8081": True,
    "http://[::1]:8081": True,
    "http://localhost": True,
    "http://10.1.2.3:9000": True,
    "http://telegram-bot-api:8081": True,
    "http://api.telegram.org": False,
    "http://8.8.8.8": False,
    "http://localhost.example.org": False,
    "http://10.1.2.3.example.org": False,
    "http://127.0.0.1@example.org": False,
}


@pytest.mark.parametrize("url", READ_BY_NOBODY)
def test_in_clear_text_only_within_networks_of_ones_own(url: str) -> None:
    assert is_private(url) is READ_BY_NOBODY[url]
