"""The corpus of mails: all are read, none is lost, and none costs more than its bounds."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.mails.body import MAX_TEXT
from normalizer.mails.mail import read_mail
from normalizer.mails.unpacking import attachment_bytes
from tests.normalizer import corpus, mail_costs
from tests.normalizer.mail_costs import Cost


@pytest.mark.parametrize("name", corpus.names())
def test_what_matters_of_a_mail_is_read(name: str) -> None:
    assert corpus.wrong(read_mail(corpus.raw(name)), corpus.EXPECTED[name]) == {}


@pytest.fixture(scope="module")
def costs() -> list[Cost]:
    return mail_costs.measured()


@pytest.mark.threat("P1-39")
def test_no_mail_is_lost_or_takes_200_megabytes_or_two_seconds(costs: list[Cost]) -> None:
    assert [cost for cost in costs if cost.error or cost.seconds > 2 or cost.memory > mail_costs.MEMORY] == []
    assert len(costs) == len(list(mail_costs.every())) >= 150 + len(mail_costs.pythons())


def test_the_mails_of_python_itself_are_among_them(
    costs: list[Cost], record_property: Callable[[str, object], None]
) -> None:
    """Debian installs Python without its tests: then the corpus has to do."""
    there = [path.name for path in mail_costs.pythons()]
    record_property("mails of CPython that were left out", "none" if there else "all, its tests are not installed")
    assert {cost.name for cost in costs} >= set(there)


HOLD = [corpus.raw(name) for name in corpus.names()]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(HOLD).flatmap(lambda raw: st.tuples(st.just(raw), spoilings(len(raw)))))
def test_a_spoilt_mail_is_read_all_the_same(spoilt: tuple[bytes, list[tuple[int, int, bytes]]]) -> None:
    raw, spoilings = spoilt
    for at, length, octets in spoilings:
        raw = raw[:at] + octets + raw[at + length :]
    mail = read_mail(raw)
    assert len(mail.text) <= MAX_TEXT
    assert all(len(attachment_bytes(raw, file.reference or "")) == file.size for file in mail.attachments)


def spoilings(size: int) -> st.SearchStrategy[list[tuple[int, int, bytes]]]:
    """Where, how much is taken out, and what is put there."""
    pieces = st.one_of(st.binary(max_size=6), st.sampled_from([b"\n", b"\r\n\r\n", b"--b", b"=?", b'"', b";", b"\0"]))
    return st.lists(st.tuples(st.integers(0, size), st.integers(0, 40), pieces), max_size=5)
