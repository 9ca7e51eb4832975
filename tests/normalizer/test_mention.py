"""A person's address is found in the spellings that people and machines use, and in nobody else's."""

import pytest

from normalizer.persons.mention import mention

PHONE = ("phone", "+6281110000001")
MAIL = ("email", "Budi.S@example.org")


@pytest.mark.parametrize(
    ("address", "text", "is_found"),
    [
        (PHONE, "sender=+6281110000001&to=1708", True),
        (PHONE, "hubungi 0811-1000-0001.", True),
        (PHONE, "wa.me/6281110000001", True),
        (PHONE, "+62 (0)811 1000 0001", True),
        (PHONE, "0062 811 1000 0001", True),
        (PHONE, "no 81110000001", True),
        (PHONE, "1708 081110000001 9", True),
        (PHONE, "081110000002", False),
        (PHONE, "0811100000012", False),
        (PHONE, "181110000001", False),
        (("phone", "1708"), "to=1708", True),
        (("phone", "1708"), "to=17080", False),
        (MAIL, "From: Budi <budi.s@EXAMPLE.org>", True),
        (MAIL, "tulis ke budi.s@example.org.", True),
        (MAIL, "abudi.s@example.org", False),
        (MAIL, "x.budi.s@example.org", False),
        (MAIL, "budi.s@example.org.example.net", False),
        (MAIL, "budixs@example.org", False),
        (("handle", "@warga"), "kata @Warga, banjir", True),
        (("handle", "@warga"), "kata @warganet", False),
    ],
)
def test_an_address_is_found_in_a_text(address: tuple[str, str], text: str, is_found: bool) -> None:
    assert bool(mention(*address).search(text)) == is_found
