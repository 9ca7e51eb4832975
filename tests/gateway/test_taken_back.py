"""What is known of messages that were taken back, or written elsewhere, wherever they are read again."""

from datetime import UTC, datetime

import msgspec

from adapters import Address, Delivery, Message, Sent
from gateway import transcript
from gateway.contacts import contact_of
from gateway.filed import Reading, file
from gateway.naming import talk_id
from gateway.replay import Comparison, Known
from gateway.store.contract import ReportRow
from normalizer.book import Book
from normalizer.report import RETRACTED
from tests.gateway.support import BUDI, FLOOD, RINA

KEY = bytes(range(32))
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
TO = Address("phone", BUDI)


def test_a_replay_does_not_forget_that_a_report_was_taken_back() -> None:
    book, message = Book(""), Message(id="m1", channel="chat", sender=TO, text=FLOOD)
    delivery = Delivery(id="m1", channel="chat", received_at=AT, body=b"")
    made = file(message, delivery, book)
    report, clear = (
        msgspec.structs.replace(one, triage=(*one.triage, RETRACTED)) for one in (made.report, made.masked)
    )
    kept = ReportRow(report=report, masked=clear, case="KNL-1", fingerprint=b"", pin_hash=None)
    comparison = Comparison(book, lambda _, filed: filed, lambda _: kept, lambda *_: False)
    known = Known(seq=1, quarantined=False, reports=frozenset({report.id}))
    assert list(comparison.compare(known, delivery, Reading((message,), (made,)))) == []


def test_what_staff_wrote_elsewhere_is_part_of_the_talk() -> None:
    events = (Sent("chat", "x1", TO, "Sudah dicek."), Sent("chat", "x2", Address("phone", RINA), "Halo"))
    talk = talk_id(KEY, "chat", contact_of(KEY, TO).id, "")
    delivery = {"received_at": 1.0, "seq": 7}
    (line,) = transcript.heard(KEY, talk, delivery, Reading(events, (None, None)))
    assert line == {"at": 1.0, "from": "person", "delivery": 7, "text": "Sudah dicek."}
