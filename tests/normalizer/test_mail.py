"""Mails as they come, each a file in `mails/`: what is read of them, and what bombs cost."""

import hashlib
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.mails import mime
from normalizer.mails.body import MAX_TEXT
from normalizer.mails.mail import Mail, authentication, read_mail
from normalizer.mails.unpacking import attachment_bytes
from tests.normalizer.bombs import BOMBS, MULTIPART

MAILS = Path(__file__).parent / "mails"
PLAIN = {
    "message_id": "<1@example.id>",
    "subject": "Lampu jalan padam",
    "sender": ("sari@example.id", "Sari Dewi"),
    "date": datetime(2026, 11, 2, 3, tzinfo=UTC),
    "in_reply_to": None,
    "references": (),
    "files": [],
    "automatic": False,
    "doubts": (),
}
READ: dict[str, dict[str, Any]] = {
    "plain": {"text": "Lampu di Jl. Mawar padam sejak Senin.\n\nTerima kasih."},
    "html-only": {
        "text": "Sampah menumpuk di Jl. Melati <https://example.id/a> & baunya\xa0minta ampun.\n\nMohon\ndiangkut."
    },
    "alternative": {"text": "Banjir setinggi lutut – mohon pompa."},
    "empty-plain-alternative": {"text": "Hanya ada di HTML"},
    "photo": {"text": "Foto lubang terlampir.", "files": [("lubang.png", "image/png", 70, "part:2")]},
    "words-around-photo": {
        "text": "Sebelum foto.\n\nSesudah foto.",
        "files": [(None, "image/png", 70, "part:1")],
    },
    "latin-1": {"text": "Di depan Café Olé, suhu 30°."},
    "gb2312": {"text": "路灯坏了"},
    "lying-charset": {"text": "Di depan Café – “bising”.", "doubts": ("charset",)},
    "says-utf-8-is-latin-1": {"text": "Di depan Café Olé.", "doubts": ("charset",)},
    "unknown-charset": {"text": "Pohon tumbang.", "doubts": ("charset",)},
    "unicode-escape": {"text": r"\x3cscript\x3e", "doubts": ("charset",)},
    "utf-7": {"text": "+ADw-script+AD4-", "doubts": ("charset",)},
    "encoded-subject": {
        "subject": "Jalan rusak – mohon perbaiki segera",
        "sender": ("rene@example.id", "René Putra"),
        "text": "Jalan rusak.",
    },
    "split-character-subject": {"subject": "Banjir – tinggi", "text": "Banjir."},
    "raw-utf-8-subject": {"subject": "Café bising", "text": "Bising."},
    "rfc2231-name": {
        "text": "Terlampir.",
        "files": [
            ("foto jalan €.png", "image/png", 70, "part:1"),
            ("foto €.png", "image/png", 70, "part:2"),
            ("passwd", "image/png", 70, "part:3"),
        ],
    },
    "bounce": {
        "message_id": "<dsn@mx.example.id>",
        "subject": "Undelivered Mail Returned to Sender",
        "sender": ("MAILER-DAEMON@mx.example.id", "Mail Delivery System"),
        "text": "Tidak dapat diantar.",
        "files": [(None, "message/delivery-status", 105, "part:1"), (None, "message/rfc822", 64, "part:2")],
        "automatic": True,
    },
    "out-of-office": {
        "subject": "Balasan otomatis: cuti",
        "in_reply_to": "<kanal-1@jakarta.go.id>",
        "references": ("<a@x>", "<kanal-1@jakarta.go.id>"),
        "text": "Saya cuti.",
        "automatic": True,
    },
    "mailing-list": {"text": "Kabar warga.", "automatic": True},
    "no-reply": {"sender": ("no-reply@shop.example", None), "text": "Promo.", "automatic": True},
    "forwarded": {
        "subject": "Fwd: keluhan",
        "text": "Got mampet di RT 3.",
        "files": [("keluhan.eml", "message/rfc822", 114, "part:1")],
    },
    "empty-body": {"subject": "Banjir di Jl. Mawar", "text": ""},
    "nothing": {
        "message_id": None,
        "subject": None,
        "sender": ("sari@example.id", None),
        "date": None,
        "text": "",
        "doubts": ("empty",),
    },
    "group-address": {"text": "Untuk semua."},
    "group-sender": {"sender": None, "text": "Dari siapa?"},
    "no-message-id": {"message_id": None, "text": "Tanpa nomor."},
    "quoted-sender": {"sender": ("sari@example.id", "Sari, S.H. <palsu@example.net>"), "text": "Halo."},
    "sender-in-comment": {"text": "Halo."},
    "injection": {"sender": None, "text": "Halo."},
    "odd-date": {"date": None, "text": "Halo."},
    "date-without-zone": {"date": datetime(2026, 11, 2, 10, tzinfo=UTC), "text": "Halo."},
    "broken-base64": {"text": "Banjir tinggi"},
    "no-closing-boundary": {"text": "Terpotong di tengah jal"},
    "boundary-missing": {"text": "Tidak ada pembatas."},
    "both-continuations": {"text": "Parameter aneh."},
    "no-headers": {
        "message_id": None,
        "subject": None,
        "sender": None,
        "date": None,
        "text": "Halo pak, lampu mati",
    },
}


def summary(mail: Mail) -> dict[str, Any]:
    return {
        "message_id": mail.message_id,
        "subject": mail.subject,
        "sender": (mail.sender.value, mail.sender.name) if mail.sender else None,
        "date": mail.date,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "text": mail.text,
        "files": [(file.name, file.media_type, file.size, file.reference) for file in mail.attachments],
        "automatic": mail.automatic,
        "doubts": mail.doubts,
    }


@pytest.mark.threat("P2-43")
@pytest.mark.parametrize("name", sorted(path.stem for path in MAILS.glob("*.eml")))
def test_what_is_read(name: str) -> None:
    assert summary(read_mail((MAILS / f"{name}.eml").read_bytes())) == PLAIN | READ[name]


@pytest.mark.parametrize("name", ["photo", "rfc2231-name", "bounce", "forwarded", "words-around-photo"])
def test_attachments_are_found_again_by_their_reference(name: str) -> None:
    raw = (MAILS / f"{name}.eml").read_bytes()
    for file in read_mail(raw).attachments:
        data = attachment_bytes(raw, file.reference or "")
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size, file.digest)


@pytest.mark.parametrize("reference", ["part:9", "part:-1", "part:x", "part:", "3", "", "media-1", "part:²"])
def test_a_reference_to_nothing_is_refused(reference: str) -> None:
    with pytest.raises(LookupError):
        attachment_bytes((MAILS / "photo.eml").read_bytes(), reference)


def test_a_mail_by_the_standard_library_is_read_as_it_was_written() -> None:
    message = EmailMessage()
    message["From"] = "Sari Déwi <sari@example.id>"
    message["Subject"] = "Banjir – " + "tinggi " * 20
    message["Date"] = datetime(2026, 11, 2, tzinfo=UTC)
    message.set_content("Banjir “tinggi”\n" * 30)
    message.add_alternative("<p>Banjir</p>", subtype="html")
    message.add_attachment(
        b"\0\1\2" * 1000, maintype="image", subtype="jpeg", filename="foto – banjir di depan rumah.jpg"
    )
    mail = read_mail(message.as_bytes())
    assert mail.sender and (mail.sender.value, mail.sender.name) == ("sari@example.id", "Sari Déwi")
    assert (mail.subject, mail.date) == (("Banjir – " + "tinggi " * 20).strip(), datetime(2026, 11, 2, tzinfo=UTC))
    assert mail.text == ("Banjir “tinggi”\n" * 30).strip()
    assert [file.name for file in mail.attachments] == ["foto – banjir di depan rumah.jpg"]
    assert mail.doubts == ()


RESULTS = {
    "passed": (["mx.id; spf=pass smtp.mailfrom=a; dkim=pass; dmarc=pass"], ()),
    "dmarc failed": (["mx.id 1; dkim=fail; dmarc=fail (p=reject dis=none) header.from=b.id"], ("forged-sender",)),
    "spf failed alone": (["mx.id; spf=fail smtp.mailfrom=a"], ("forged-sender",)),
    "spf failed, a signature passed": (["mx.id; spf=fail; dkim=fail; dkim=pass"], ()),
    "spf in one header, dkim in the next": (["mx.id; spf=fail", "mx.id; dkim=pass"], ()),
    "soft failure": (["mx.id; spf=softfail; dmarc=none"], ()),
    "somebody else's word": (["mx.evil; dmarc=fail"], ()),
    "ours below somebody else's": (["mx.evil; dmarc=pass", "mx.id; dmarc=fail"], ()),
    "a forged pass below ours": (["mx.id; dmarc=fail", "mx.id; dmarc=pass"], ("forged-sender",)),
    "a result in a comment": (["mx.id (dmarc=fail; dmarc=fail); dmarc=pass (x; dmarc=fail)"], ()),
    "no result": (["mx.id; none"], ()),
}


@pytest.mark.parametrize(("results", "doubts"), RESULTS.values(), ids=RESULTS)
def test_authentication_results(results: list[str], doubts: tuple[str, ...]) -> None:
    raw = "".join(f"Authentication-Results: {result}\r\n" for result in results) + "From: a@b.id\r\n\r\nteks"
    assert authentication(raw.encode(), frozenset({"mx.id"})) == doubts


@pytest.mark.parametrize("header", ["X-Spam-Flag: YES", "X-Spam-Status: Yes, score=9.1 required=5"])
def test_spam_headers_count_only_if_the_relay_sets_them(header: str) -> None:
    raw = f"{header}\r\n\r\nteks".encode()
    assert authentication(raw, frozenset()) == ()
    assert authentication(raw, frozenset(), spam_headers=True) == ("spam",)


@pytest.mark.threat("P1-39")
@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS)
def test_a_bomb_reaches_a_cap_and_stays_readable(raw: bytes) -> None:
    started = time.process_time()
    mail = read_mail(raw)
    assert time.process_time() - started < 6
    assert "cut" in mail.doubts
    assert mail.sender and mail.sender.value == "a@b.id"
    assert len(mail.text) <= MAX_TEXT and len(mail.attachments) <= mime.MAX_PARTS


def test_parts_beyond_the_cap_are_left_in_the_raw_mail() -> None:
    part = b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n"
    assert len(read_mail(MULTIPART + part * (mime.MAX_PARTS - 1)).attachments) == mime.MAX_PARTS - 1
    assert read_mail(MULTIPART + part * 500).doubts == ("cut",)


PIECES = st.sampled_from(
    [
        b"From: a@b.id\r\n",
        b"Subject: =?utf-8?b?",
        b"?=",
        b"=?big5?q?=ff",
        b"Content-Type: multipart/alternative; boundary=b\r\n",
        b"Content-Type: text/html; charset*0*=utf-16'';name=\r\n",
        b"; filename*=x'y'%ff; filename*0=",
        b"Content-Disposition: attachment",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n",
        b"\r\n\r\n",
        b"\n--b\n",
        b"\n--b--\n",
        b"<script>",
        b"&#99999999;",
        b"\xff\xfe",
        b"\0",
        b'"',
        b"(",
        b"<",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(st.one_of(PIECES, st.binary(max_size=8))).map(b"".join)))
def test_any_bytes_give_a_mail(raw: bytes) -> None:
    mail = read_mail(raw)
    assert len(mail.text) <= MAX_TEXT
    assert all(len(attachment_bytes(raw, file.reference or "")) == file.size for file in mail.attachments)
    assert set(authentication(raw, frozenset({"b"}), spam_headers=True)) <= {"forged-sender", "spam"}


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename*=UTF-\0\08''foto%20jalan",
        b"Content-Type: text/plain; charset*=u\0''utf-8",
    ],
)
def test_what_a_search_by_coverage_found(head: bytes) -> None:
    mail = read_mail(b"From: warga@example.id\r\n" + head + b"\r\n\r\nBanjir")
    assert mail.text == "Banjir" or [file.size for file in mail.attachments] == [6]


def test_of_a_header_with_thousands_of_parameters_the_first_are_read() -> None:
    """Each question asked of a header reads all its parameters again."""
    (leaf,) = mime.read_tree(b"Content-Type: text/plain; charset=utf-8" + b";a=b" * 900 + b"\n\nBanjir").leaves
    assert leaf.described.get_content_charset() == "utf-8"
    assert len(leaf.described.get_params([])) == mime.MOST_PARAMETERS


IDS = {
    "one": ("In-Reply-To: <a@b>", "<a@b>", ()),
    "a comment behind": ("In-Reply-To: <a@b> (Pesan Sari <sari@example.id>, Senin)", "<a@b>", ()),
    "a comment before": ("In-Reply-To: (Pesan <sari@example.id>) <a@b>", "<a@b>", ()),
    "words of Netscape": ('In-Reply-To: "Pesan Anda <x@y>" <a@b>', "<a@b>", ()),
    "no brackets": ("In-Reply-To: a@b", "<a@b>", ()),
    "words only": ("In-Reply-To: pesan dari a@b kemarin", None, ()),
    "empty, then one": ("In-Reply-To:\nIn-Reply-To: <a@b>", "<a@b>", ()),
    "two": ("In-Reply-To: <a@b> <c@d>", "<a@b>", ()),
    "folded before": ("In-Reply-To:\n <a@b>", "<a@b>", ()),
    "folded within": ("In-Reply-To: <a.long.one\n @b>", "<a.long.one@b>", ()),
    "only Outlook's": ("Thread-Index: AdXyz==\nThread-Topic: Lampu", None, ()),
    "references folded": ("References: <a@b>\n\t<c@d>\n <e@f>", None, ("<a@b>", "<c@d>", "<e@f>")),
    "references twice": ("References: <a@b>\nReferences: <c@d> <a@b>", None, ("<a@b>", "<c@d>")),
    "references with commas": ("References: <a@b>,<c@d>", None, ("<a@b>", "<c@d>")),
    "references without brackets": ("References: a@b c@d", None, ("<a@b>", "<c@d>")),
    "references run together": ("References: <a@b><c@d>", None, ("<a@b>", "<c@d>")),
    "an id with brackets in it": ("In-Reply-To: <a(b)c@d>", "<a(b)c@d>", ()),
    "Exchange's": (
        "In-Reply-To: <SG2PR01MB@SG2PR01MB.prod.exchangelabs.com>",
        "<SG2PR01MB@SG2PR01MB.prod.exchangelabs.com>",
        (),
    ),
}


@pytest.mark.parametrize(("header", "in_reply_to", "references"), IDS.values(), ids=IDS)
def test_what_a_mail_answers(header: str, in_reply_to: str | None, references: tuple[str, ...]) -> None:
    mail = read_mail(f"{header}\nFrom: a@b.id\n\nteks".encode())
    assert (mail.in_reply_to, mail.references) == (in_reply_to, references)


def test_of_two_message_ids_the_first_counts() -> None:
    assert read_mail(b"Message-ID:\nMessage-Id: a@b\nMessage-ID: <c@d>\n\nteks").message_id == "<a@b>"
