"""Which mail is a machine's, by the headers that systems in use send, and which is a person's all the same."""

import pytest

from normalizer.mails.mail import read_mail

MACHINES = {
    "auto-replied (RFC 3834)": "Auto-Submitted: auto-replied",
    "auto-generated with a parameter": "Auto-Submitted: auto-generated; type=x",
    "auto-notified (RFC 5436)": "Auto-Submitted: auto-notified; owner-email=a@b.id",
    "upper case": "AUTO-SUBMITTED: AUTO-REPLIED",
    "Exchange, out of office": (
        "Subject: Automatic reply: Laporan Anda\nX-Auto-Response-Suppress: All\nauto-submitted: auto-generated\n"
        "X-MS-Exchange-Inbox-Rules-Loop: budi@kantor.example"
    ),
    "Exchange, a notice": "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply",
    "Outlook, in Indonesian, headers lost": "Subject: Balasan otomatis: Laporan Anda",
    "Outlook, in English, headers lost": "Subject: Automatic reply: Your report",
    "Outlook, older": "Subject: Out of Office: Your report",
    "Outlook, oldest": "Subject: Out of Office AutoReply: Your report",
    "Gmail, vacation": "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes",
    "Yahoo, vacation": "Subject: Auto Response\nX-Yahoo-Newman-Property: vacation\nPrecedence: auto_reply",
    "Zimbra, vacation": "Auto-Submitted: auto-replied (zimbra; vacation)\nPrecedence: bulk",
    "vacation of Unix": "Precedence: junk\nSubject: away from my mail",
    "Dovecot Pigeonhole": "X-Sieve: Pigeonhole Sieve 0.5.19\nPrecedence: bulk\nAuto-Submitted: auto-replied (vacation)",
    "cPanel, autoresponder": "X-Autorespond: Laporan\nPrecedence: auto_reply\nX-Precedence: auto_reply",
    "Plesk, autoresponder": "X-Autoresponder: plesk\nSubject: Terima kasih",
    "DirectAdmin": "Subject: Autoreply: Laporan\nX-Autoreply-From: a@b.id",
    "hMailServer": "X-Mail-Autoreply: 1",
    "Kerio": "X-Vacation: yes",
    "Zammad, acknowledgement": "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Loop: yes\nX-Mailer: Zammad",
    "OTRS, acknowledgement": "Precedence: bulk\nAuto-Submitted: auto-replied\nX-OTRS-Loop: support@b.id\nX-Loop: b.id",
    "Znuny": "X-Znuny-Loop: support@b.id",
    "Request Tracker": "RT-Ticket: b.id #12\nX-RT-Loop-Prevention: b.id\nPrecedence: bulk",
    "Zendesk": "X-Zendesk-From-Account-Id: 1a2b3c\nX-Mailer: Zendesk Mailer\nX-Auto-Response-Suppress: All",
    "Freshdesk": "X-FC-MachineGenerated: true\nX-Auto-Response-Suppress: DR, RN, OOF, AutoReply",
    "osTicket": "X-Auto-Response-Suppress: DR, RN, OOF, AutoReply\nAuto-Submitted: auto-generated",
    "Jira": "X-JIRA-FingerPrint: 7a1\nPrecedence: bulk\nAuto-Submitted: auto-generated",
    "GitHub": "X-GitHub-Reason: mention\nList-ID: a/b <b.a.github.com>",
    "cron": "X-Cron-Env: <SHELL=/bin/sh>\nSubject: Cron <root@b.id> jalan",
    "Precedence: bulk": "Precedence: bulk",
    "Precedence: list": "Precedence: list",
    "Precedence: JUNK": "Precedence: JUNK",
    "Mailman": "List-Id: Warga <warga.b.id>\nX-Mailman-Version: 2.1.39\nErrors-To: warga-bounces@b.id",
    "Google Groups": "Mailing-list: list x@googlegroups.com\nList-ID: <x.googlegroups.com>",
    "newsletter": "List-Unsubscribe: <mailto:x@example.id>\nX-Mailer: Mailchimp\nX-MC-User: 1",
    "Facebook": "From: notification@facebookmail.com\nX-Facebook-Notify: x:y",
    "X": "From: notify@x.com\nFeedback-ID: 0040162518f58f41d1f0:15491f3b2ee48656f8e7fb2fac:none:twitterESP",
    "LinkedIn": "From: notifications-noreply@linkedin.com\nX-LinkedIn-Class: INMAIL",
    "Google Drive": "From: drive-shares-noreply@google.com",
    "a bank": "From: no.reply@bank.example",
    "a shop, in Indonesian": "From: jangan-balas@toko.example",
    "do not reply": "From: do-not-reply@example.id",
    "no reply with a tag": "From: noreply+77@example.id",
    "bounce by its sender": "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    "postmaster": "From: postmaster@example.id",
    "a list's owner": "From: owner-warga@b.id",
    "a bounce's address": "From: warga-bounces@b.id",
    "null return path": "Return-Path: <>\nFrom: budi@example.id",
    "Exim, failed recipients": "X-Failed-Recipients: a@b.id\nFrom: x@b.id",
    "qmail, by its subject": "From: sistem@b.id\nSubject: failure notice",
    "Postfix, by its subject": "From: sistem@b.id\nSubject: Undelivered Mail Returned to Sender",
    "Exim, by its subject": "From: sistem@b.id\nSubject: Mail delivery failed: returning message to sender",
    "delivery report (RFC 3464)": "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    "receipt (RFC 8098)": "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    "receipt on its own": "Content-Type: message/disposition-notification",
    "complaint (RFC 5965)": "Content-Type: multipart/report; report-type=feedback-report; boundary=x",
    "complaint, headers of old": "Feedback-Type: abuse",
    "calendar, accepted": "Subject: Accepted: Rapat\nContent-Type: text/calendar; method=REPLY; charset=utf-8",
    "calendar, another time": "Content-Type: text/calendar; method=COUNTER",
}

PEOPLE = {
    "a person": "From: sari@example.id",
    "says it is not": "Auto-Submitted: no",
    "says it is not, with a comment": "Auto-Submitted: no (human)",
    "first class": "Precedence: first-class",
    "suppresses nothing": "X-Auto-Response-Suppress: None",
    "Proton": "X-Mailer: Proton\nFeedback-ID: 12345678:user:proton\nX-Pm-Message-ID: abc",
    "Outlook": "X-MS-Exchange-Organization-SCL: 1\nX-MS-Has-Attach: yes\nThread-Index: AdX",
    "Exchange, a rule that redirects": "X-MS-Exchange-Inbox-Rules-Loop: sari@example.id\nFrom: sari@example.id",
    "Yahoo": "X-Mailer: WebService/1.1.22876 YMailNorrin\nX-Yahoo-Newman-Property: ymail-3",
    "a form on the web": "X-PHP-Originating-Script: 1000:kirim.php\nX-Mailer: PHPMailer 6.9",
    "wants a receipt": "Disposition-Notification-To: sari@example.id\nReturn-Receipt-To: sari@example.id",
    "urgent": "X-Priority: 1\nImportance: high",
    "a return path": "Return-Path: <sari@example.id>",
    "a name like it": "From: noreplyanto@example.id",
    "an owner": "From: owner@warung.example",
    "an info address": "From: info@warung.example",
    "writes of notes": "From: notary@example.id",
    "of an automatic reply": "Subject: Balasan otomatis dari kantor lurah salah alamat",
    "about an automatic reply": "Subject: Re: Automatic reply: Laporan",
    "outside an office": "Subject: Di luar kantor: sampah menumpuk",
    "was refused": "Subject: Ditolak: permohonan KTP saya",
    "was not sent": "Subject: Tidak terkirim: laporan kemarin",
    "invites": "Content-Type: text/calendar; method=REQUEST",
}


@pytest.mark.threat("P0-26")
@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_a_machine_is_not_answered(headers: str) -> None:
    assert is_automatic(headers)


@pytest.mark.parametrize("headers", PEOPLE.values(), ids=PEOPLE)
def test_a_person_is(headers: str) -> None:
    assert not is_automatic(headers)


@pytest.mark.threat("P0-26")
def test_a_part_that_accepts_an_invitation_is_a_machines() -> None:
    parts = (
        "Content-Type: multipart/alternative; boundary=x\n\n--x\n\nYa\n--x\nContent-Type: text/calendar; method=%s\n\n"
    )
    assert is_automatic(parts % "REPLY") and not is_automatic(parts % "PUBLISH")


def is_automatic(headers: str) -> bool:
    return read_mail(f"{headers}\n\nLampu mati.\n".encode()).automatic
