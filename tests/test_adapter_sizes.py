"""`make check` tells how long the adapters are, and warns of one that is too long."""

from tests.sizes import MOST, adapters, lines_of_code, report, shared, sizes, users

SOURCE = '''"""What it is."""

import os  # a comment beside

# a comment alone
def path() -> str:
    """What it does,
    at length."""
    return os.path.join(
        "a",
    )
'''


def test_comments_docstrings_and_blank_lines_are_no_code() -> None:
    assert lines_of_code(SOURCE) == 5


def test_every_adapter_is_told_of() -> None:
    told = report({adapter: sizes(adapter) for adapter in adapters()})
    assert {"sms", "smtp", "webhook", "form"} <= {line.split()[0] for line in told.splitlines()}


def test_what_several_have_in_common_is_told_of_with_their_names() -> None:
    assert {one: set(users(one)) for one in shared()} == {
        "graph": {"facebook", "instagram", "whatsapp"},
        "mails": {"imap", "smtp"},
    }
    told = report({"fax": {"fax": 10}}, {"graph (fax)": {"graph/line": MOST + 1}}).splitlines()
    assert told[2:] == [
        "lines of code that adapters have in common",
        "graph (fax)   251 in  1, most in graph/line: 251",
        "WARNING: graph/line has 251, more than 250",
    ]


def test_a_module_that_is_too_long_is_warned_of() -> None:
    told = report({"fax": {"fax/adapter": MOST + 1, "fax/settings": 10}})
    assert "fax          261 in  2, most in fax/adapter: 251" in told
    assert "WARNING: fax/adapter has 251, more than 250" in told
