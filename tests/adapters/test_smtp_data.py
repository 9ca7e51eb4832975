"""What is taken for the end of a mail, whatever the network cuts it into."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.smtp.data import TOO_BIG, Data

LIMIT = 10_000


def stuffed(content: bytes) -> bytes:
    """As a client sends it (RFC 5321, 4.5.2)."""
    lines = content.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b".\r\n"


def fed(sent: bytes, sizes: list[int], limit: int = LIMIT) -> tuple[Data, bytes | None]:
    data, rest = Data(limit), None
    for size in [*sizes, len(sent)]:
        chunk, sent = sent[:size], sent[size:]
        if rest is not None:
            rest += chunk
        elif chunk:
            rest = data.feed(chunk)
    return data, rest


CONTENTS = st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"..", b"\0", b"a", b"\xff", b"x" * 900])).map(
    b"".join
)


@given(CONTENTS, st.lists(st.integers(1, 7), max_size=40))
@settings(max_examples=300, deadline=None)
def test_every_mail_arrives_octet_for_octet_however_it_is_cut(content: bytes, sizes: list[int]) -> None:
    content += b"\r\n"
    data, rest = fed(stuffed(content) + b"QUIT\r\n", sizes)
    assert (data.content(), rest, data.refusal) == (content, b"QUIT\r\n", "")


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r\n\0.\r\n", b"\r\r\n.\n"])
def test_nothing_but_crlf_dot_crlf_ends_a_mail(end: bytes) -> None:
    assert Data(LIMIT).feed(b"Subject: x\r\n\r\nbody" + end + b"MAIL FROM:<>\n") is None


def test_an_empty_mail_is_empty() -> None:
    data, rest = fed(b".\r\n", [])
    assert (data.content(), rest) == (b"", b"")


@pytest.mark.parametrize(("size", "too_large"), [(LIMIT, False), (LIMIT + 1, True), (50 * LIMIT, True)])
def test_a_mail_beyond_the_limit_is_read_to_its_end_in_bounded_memory(size: int, too_large: bool) -> None:
    data, rest = fed(b"x" * (size - 2) + b"\r\n.\r\nQUIT\r\n", [997] * (size // 900))
    assert (data.refusal == TOO_BIG, rest) == (too_large, b"QUIT\r\n")
    assert data.size <= LIMIT + 10


def test_a_mail_that_is_refused_midway_is_read_to_its_end_and_forgotten() -> None:
    data = Data(LIMIT)
    assert data.feed(b"x" * 5_000) is None
    data.refuse("452 later")
    assert data.feed(b"x" * 3_000 + b"\r\n.") is None
    assert data.size < 10
    assert (data.feed(b"\r\nNOOP\r\n"), data.refusal) == (b"NOOP\r\n", "452 later")
