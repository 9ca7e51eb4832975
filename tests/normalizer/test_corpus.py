"""The corpus of mails: all are read, none is lost, and none costs more than its bounds."""

import pytest

from normalizer.mail import read_mail
from tests.normalizer import corpus


@pytest.mark.parametrize("name", corpus.names())
def test_what_matters_of_a_mail_is_read(name: str) -> None:
    assert corpus.wrong(read_mail(corpus.raw(name)), corpus.EXPECTED[name]) == {}
