"""Files are looked at where they come in: every channel whose deliveries hold them gets the same."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from adapters import Delivery
from adapters.smtp import Smtp, SmtpSettings
from gateway import inspecting
from gateway.filed import Filed, Reading
from gateway.inspecting import Inspector
from gateway.reading import read
from normalizer.book import Book
from tests.gateway.test_photos import file, picture
from tests.gateway.test_pictures import HEIC, JAKARTA, scene, taken

BOOK = Book("31")
SMTP = Smtp(SmtpSettings(name="mail", kind="smtp", recipients=("dki@jakarta.go.id",), smtp="127.0.0.1:0"))
PAGE = b"<html><script>alert(1)</script>"


def mail(*files: tuple[bytes, str], text: str = "Lampu mati di Jl Mawar") -> Delivery:
    made = EmailMessage()
    made["From"], made["Subject"] = "Rina <rina@x.id>", "Lampu"
    made.set_content(text)
    for number, (content, media_type) in enumerate(files):
        main, _, sub = media_type.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=f"{number}.jpg")
    body = made.as_bytes()
    return Delivery(id="1", channel="mail", received_at=datetime(2026, 11, 2, tzinfo=UTC), body=body)


def reading(*files: tuple[bytes, str], look: bool = True) -> Reading:
    return read(SMTP, mail(*files), BOOK, Inspector(look))


def filed(*files: tuple[bytes, str], look: bool = True) -> Filed:
    [made] = reading(*files, look=look).filed
    assert made is not None
    return made


@pytest.mark.threat("P2-44")
def test_a_page_by_the_name_of_a_photo_is_called_a_page() -> None:
    made = filed((PAGE, "image/jpeg"))
    [one] = made.report.attachments
    assert (one.media_type, one.claimed, one.doubts) == ("text/html", "image/jpeg", ("mislabelled",))
    assert "mislabelled-file" in made.report.triage


def test_a_photo_by_no_name_is_a_photo() -> None:
    [one] = filed((HEIC, "application/octet-stream")).report.attachments
    assert (one.media_type, one.claimed, one.doubts) == ("image/heic", "application/octet-stream", ())
    assert (one.width, one.height, len(one.image_hash or "")) == (96, 72, 16)


def test_what_is_what_it_is_called_says_nothing_of_it() -> None:
    [one] = filed((file("JPEG", scene()), "image/jpeg")).report.attachments
    assert (one.media_type, one.claimed, one.doubts, one.width) == ("image/jpeg", None, (), 640)


def test_a_photo_hints_where_and_assigns_nothing() -> None:
    made = filed((file("JPEG", scene(), exif=taken(dict(JAKARTA))), "image/jpeg"))
    place = made.report.place
    assert place is not None and place.hint == (-6.175, 106.82)
    assert (place.latitude, place.area) == (None, None)


@pytest.mark.threat("P0-32")
def test_what_a_camera_says_does_not_stand_in_clear() -> None:
    made = filed((HEIC, "image/heic"))
    [one] = made.masked.attachments
    assert (one.taken_at, one.image_hash, one.claimed, one.name) == (None, None, None, None)
    assert made.masked.place is None or made.masked.place.hint is None


def test_reports_are_compared_by_their_photos_too() -> None:
    made = filed((file("JPEG", scene()), "image/jpeg"), (PAGE, "text/html"))
    assert made.fingerprint.images == (made.report.attachments[0].image_hash,)
    assert filed((file("JPEG", scene()), "image/jpeg"), look=False).fingerprint.images == ()


def test_the_hint_of_a_photo_alone_is_no_place() -> None:
    delivery = mail((HEIC, "image/heic"), text="tolong")
    [made] = read(SMTP, delivery, BOOK).filed
    assert made is not None and made.report.place is not None and made.masked.place is None


def test_what_is_too_much_is_kept_in_the_mail_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "MOST_INSPECTED", 2)
    monkeypatch.setattr(inspecting, "MOST_FILES", 3)
    made = filed(*[(PAGE, "image/jpeg")] * 5)
    assert [one.doubts for one in made.report.attachments] == [("mislabelled",), ("mislabelled",), ("cut",)]
    assert made.report.attachments[2].media_type == "application/octet-stream"
    assert "cut" in made.report.triage


def test_what_is_too_large_in_all_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "MOST_BYTES", 100)
    made = filed((PAGE, "text/html"), (bytes(200), "image/jpeg"))
    assert [one.doubts for one in made.report.attachments] == [(), ("cut",)]
    assert [one.size for one in made.report.attachments] == [len(PAGE), 200]


@pytest.mark.threat("P1-38")
def test_where_a_picture_may_have_cost_a_worker_none_is_opened() -> None:
    [one] = filed((file("JPEG", scene()), "image/jpeg"), look=False).report.attachments
    assert (one.media_type, one.width, one.image_hash) == ("image/jpeg", None, None)


@pytest.mark.threat("P1-38")
def test_pictures_are_compared_while_there_is_time_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "PICTURE_SECONDS", 0.0)
    [one] = filed((file("JPEG", picture()), "image/jpeg")).report.attachments
    assert (one.width, one.image_hash) == (64, None)
