"""The gateway is killed while it fetches mails that lie in a Dovecot: each becomes one report."""

from pathlib import Path

import pytest

from tests.crash.mailbox import collected


@pytest.mark.threat("P0-8")
def test_mails_that_lie_in_a_mailbox_are_settled_once_through_kills(tmp_path: Path) -> None:
    outcome = collected(tmp_path, mails=300, kills=3, pause=0.3)
    print(outcome)
    assert outcome.under_way, "a kill that interrupts nothing proves nothing"
