"""A mailbox in a Dovecot, and the gateway that reads it: what a citizen mails there is reported soon and answered."""

import time
from pathlib import Path

from tests.adapters.dovecot import Dovecot
from tests.adapters.smtp_running import mail
from tests.end_to_end.kanal import SECRET, Gateway, until
from tests.end_to_end.relay import Relay


def test_a_mail_in_a_mailbox_is_reported_soon_and_answered_by_the_relay(tmp_path: Path) -> None:
    with Dovecot(password=SECRET) as dovecot, Relay() as relay:
        moving = {"after": "move", "moved_to": "Diproses"}
        box = dovecot.settings(name="box", kind="imap", password={"file": "secret"}, **moving, **relay.settings)
        with Gateway(tmp_path, more=[box]) as gateway:
            until(lambda: gateway.figure("kanal_channel_last_poll_timestamp_seconds", channel="box"), "the first look")
            began = time.monotonic()
            dovecot.deliver(mail("Banjir selutut di Jl. Kemang Raya", subject="Banjir"))
            until(lambda: gateway.figure("kanal_deliveries_total", channel="box"), "the mail")
            print(f"the mail was on disk after {time.monotonic() - began:.2f} s")
            (report,) = gateway.reported(1)
            until(lambda: relay.mails, "the answer")
            until(lambda: dovecot.subjects("Diproses") == ["Banjir"], "the mail to be moved")
    assert (report["channel"], report["subject"]) == ("box", "Banjir")
    assert relay.mails[0].to == ("warga@example.org",)
