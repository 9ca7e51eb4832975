"""Everything that anybody may send to a gateway, well made or not, with canaries wherever there is room for one."""

import base64
import gzip
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.canary.canaries import Citizen
from tests.end_to_end.kanal import OWN, SECRET

SECONDS = 60.0
#: A proxy that the gateway is told to trust, and for whom it calls.
PROXY, BEHIND = "127.9.9.9", "203.0.113.77"
MAILS = Path(__file__).parents[1] / "normalizer" / "mails"
DOOR, APPS = f"/in/sms/{SECRET}", "/in/apps"


def ask(port: int, words: bytes, source: str, hangs_up: bool = False) -> bytes:
    """Say it to a server on 127.0.0.1 from an address of our own, and hear its answer, or all until it ends."""
    with socket.create_connection(("127.0.0.1", port), SECONDS, source_address=(source, 0)) as peer:
        heard = b""
        with suppress(ConnectionError):
            peer.sendall(words)
            if hangs_up:
                peer.shutdown(socket.SHUT_WR)
            while not _is_whole(heard) and (some := peer.recv(65536)):
                heard += some
        return heard


def _is_whole(answer: bytes) -> bool:
    """Is it one of HTTP, of which nothing is missing?"""
    length = re.search(rb"^HTTP/.*\r\nContent-Length: (\d+)\r\n.*\r\n\r\n", answer, re.DOTALL)
    return length is not None and len(answer) >= length.end() + int(length[1])


def request(target: str, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
    """A request that closes its connection."""
    told = [f"Content-Length: {len(body)}"] if body and not any("Length" in one for one in headers) else []
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers, *told]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def form(who: Citizen, **fields: str) -> str:
    return urlencode({"sender": who.phone, "message": who.words, "id": f"m{who.number}", "time": "1793500000"} | fields)


def texts(who: Citizen) -> Mapping[str, bytes]:
    """SMS and delivery reports that have the secret; all but the last few are taken."""
    ucs2 = f"sender={quote(who.phone)}&message={quote(who.words.encode('utf-16-be'))}"
    posted = "Content-Type: application/x-www-form-urlencoded"
    sms = f"{DOOR}/mo"
    return {
        "SMS": request(f"{sms}?{form(who)}"),
        "SMS without an id": request(f"{sms}?{form(who, id='')}"),
        "SMS whose id is a number": request(f"{sms}?{form(who, id=who.phone)}"),
        "SMS posted": request(sms, posted, method="POST", body=form(who).encode()),
        "SMS posted with a query": request(f"{sms}?{form(who)}", method="POST"),
        "SMS in UCS-2": request(f"{sms}?{ucs2}&id=a{who.number}&coding=2&charset=UTF-16BE"),
        "SMS in a charset that it is not in": request(f"{sms}?{ucs2}&id=b{who.number}&charset=UTF-8"),
        "SMS in an unknown charset": request(f"{sms}?{form(who, charset=who.token, coding=who.nik)}"),
        "SMS with odd octets": request(f"{sms}?{form(who)}%ff%00%00%ED%A0%80%ZZ%u0041"),
        "SMS with octets that are no URL": request(f"{sms}?{form(who)}\xff\xfe"),
        "SMS with fields that nobody knows": request(f"{sms}?{form(who, smsc=who.mail, account=who.name)}"),
        "SMS for the city's keyword": request(f"{sms}?{form(who, message='LAPOR ' + who.words)}"),
        "SMS from a name": request(f"{sms}?{form(who, sender=who.name)}"),
        "SMS from an address": request(f"{sms}?{form(who, sender=who.mail)}"),
        "a piece of an SMS": request(f"{sms}?{form(who)}&udh=%05%00%03%2a%02%01"),
        "SMS of two senders": request(f"{sms}?{form(who)}&sender="),
        "delivery report": request(f"{DOOR}/dlr?{report(who, who.phone)}"),
        "delivery report on nothing of ours": request(f"{DOOR}/dlr?type=2&reply={quote(who.mail)}"),
        "SMS by a proxy": request(f"{sms}?{form(who)}", f"X-Forwarded-For: {BEHIND}", f"Forwarded: for={BEHIND}"),
        "SMS without a sender": request(f"{sms}?message={quote(who.words)}"),
        "SMS of many fields": request(f"{sms}?{form(who, **{f'x{n}': who.nik for n in range(60)})}"),
        "SMS that is too long": request(f"{sms}?{form(who, message=who.words * 600)}"),
        "SMS posted as JSON": request(
            sms, "Content-Type: application/json", method="POST", body=f'{{"sender": "{who.phone}"}}'.encode()
        ),
        "SMS by another method": request(f"{sms}?{form(who)}", method="PUT"),
        "SMS at another path": request(f"{DOOR}/{who.token}?{form(who)}"),
    }


def applications(who: Citizen, key: str) -> Mapping[str, bytes]:
    """What an application may post and ask; some of it with its key."""
    who_ = {"email": who.mail, "phone": who.phone, "first_name": who.name, "device_id": who.token}
    told = {"service_code": "banjir", "description": who.words, "private": "false"} | who_
    keyed, form = {"api_key": key}, "Content-Type: application/x-www-form-urlencoded"
    unreachable = {"email": who.name, "phone": who.words, "account_id": who.nik}
    update = {"service_request_id": who.phone, "description": who.words, "status": who.token} | keyed

    def posted(fields: Mapping[str, str], *headers: str, path: str = "requests.json") -> bytes:
        return request(f"{APPS}/{path}", *(headers or (form,)), method="POST", body=urlencode(fields).encode())

    def asked(path: str) -> bytes:
        return request(f"{APPS}/{path}")

    return {
        "report": posted(told | keyed),
        "report of a place": posted(told | keyed | {"address_string": who.words, "attribute[dampak]": "rumah"}),
        "report of who cannot be reached": posted(told | keyed | unreachable, path="requests.xml"),
        "report that is sent again": posted(told | keyed, form, f"Idempotency-Key: {who.mail}"),
        "report in parts": posted_in_parts(who, told | keyed),
        "report without a key": posted(told),
        "report with a wrong key": posted(told | {"api_key": who.token}),
        "report of nothing there is": posted(told | keyed | {"service_code": who.token}, path="requests.xml"),
        "report with all wrong": posted(
            told | keyed | {"lat": who.phone, "private": who.mail, "attribute[arus]": who.nik}
        ),
        "report as JSON": posted(told, "Content-Type: application/json"),
        "report in no charset": posted(told | keyed, f"{form}; charset={who.token}"),
        "update": posted(update, path="servicerequestupdates.json"),
        "update with its id": posted(update | who_ | {"update_id": who.mail}, path="servicerequestupdates.xml"),
        "reports": asked(f"requests.json?api_key={key}"),
        "reports in XML": asked("requests.xml?start_date=2020-01-01T00:00:00Z"),
        "reports of a number": asked(f"requests.json?service_request_id={quote(who.phone)},{quote(who.mail)}"),
        "reports since a name": asked(f"requests.xml?start_date={quote(who.name)}&status={who.token}"),
        "report of a name": asked(f"requests/{quote(who.name)}.json"),
        "service of a name": asked(f"services/{quote(who.name)}.xml?api_key={who.token}"),
        "token of a number": asked(f"tokens/{who.phone}.json"),
        "moves": asked(f"servicerequestupdates.json?api_key={key}"),
        "discovery": asked(f"discovery.xml?jurisdiction_id={who.token}"),
        "what there is none of": asked(f"{who.token}.json?{urlencode(who_)}"),
    }


def posted_in_parts(who: Citizen, fields: Mapping[str, str]) -> bytes:
    """With a photo whose name tells who took it."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    photo = (
        f'Content-Disposition: form-data; name="media"; filename="{who.name}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    body = "".join(f"--{who.number}\r\n{part}\r\n" for part in [*parts, photo + who.token]) + f"--{who.number}--\r\n"
    kind = f"Content-Type: multipart/form-data; boundary={who.number}"
    return request(f"{APPS}/requests.json", kind, method="POST", body=body.encode())


def report(who: Citizen, reply: str) -> str:
    """A delivery report, as Kannel makes it when it is asked for more than we ask for."""
    return urlencode({"type": "16", "reply": reply.encode().hex(), "sender": who.phone, "answer": who.words})


def public_pages(who: Citizen) -> Mapping[str, bytes]:
    """What somebody writes on the public form, and asks of a report, where the answer says nothing of it again."""
    told = {"what": who.words, "where": who.words, "contact": who.phone, "name": who.name}

    def posted(path: str, fields: Mapping[str, str], *headers: str) -> bytes:
        form = "Content-Type: application/x-www-form-urlencoded"
        return request(path, form, *headers, method="POST", body=urlencode(fields).encode())

    return {
        "report on the form": posted("/lapor/form", told),
        "report by mail address": posted("/lapor/form", told | {"contact": who.mail, "altcha": who.token}),
        "report that anybody may read": posted("/lapor/form", told | {"public": "yes", "entry": who.token}),
        "report of a person's browser": posted(
            "/lapor", told, f"Cookie: laporan={who.token}", f"User-Agent: {who.name}"
        ),
        "what is alike": posted("/lapor/form/serupa", told),
        "puzzle of nobody": request(f"/lapor/uji?kanal={who.token}&isian={who.phone}"),
        "status with a wrong PIN": posted("/lacak", {"kode": "KNL-0000-0000", "pin": who.nik}),
        "status with a cookie": request("/lacak/KNL-0000-0000", f"Cookie: lacak={who.token}", "Accept: text/html"),
        "where a point lies": request(f"/peta/di?lat={who.phone}&lon={quote(who.words)}"),
    }


def requests(who: Citizen) -> Mapping[str, bytes]:
    """What has no proof, is malformed, or is about nothing."""
    sms, long = f"{DOOR}/mo?{form(who)}", f"{who.words} " * 100
    posted = partial(request, method="POST", body=who.words.encode())
    return {
        "wrong secret": request(f"/in/sms/{who.token}/mo?{form(who)}"),
        "no secret": request(f"/in/sms/mo?{form(who)}"),
        "unknown channel": request(f"/in/{who.token}/mo?{form(who)}"),
        "unknown channel posted": posted(f"/in/{quote(who.mail)}/"),
        "absolute form": request(f"http://{who.mail}:{who.token}@127.0.0.1{sms}"),
        "absolute form that is none": request(f"http://[{who.token}/in/sms"),
        "huge target": request(f"/{quote(long)}{quote(long)}"),
        "huge header": request(sms, f"X-Citizen: {long}"),
        "many headers": request(sms, *(f"X-{who.token}-{number}: {who.phone}" for number in range(100))),
        "header called after someone": request("/healthz", f"{who.token}: {who.mail}"),
        "header that is none": request("/healthz", f"{who.name}: {who.phone}"),
        "header without a colon": request("/healthz", who.words),
        "header with odd octets": request("/healthz", f"X-A: {who.phone}\x00{who.mail}\x7f"),
        "cookie and token": request(sms, f"Cookie: s={who.token}", f"Authorization: Bearer {who.token}", method="HEAD"),
        "method that is none": request("/healthz", method=who.token.upper()),
        "method with blanks": request("/healthz", method=who.name),
        "version that is none": f"GET / HTTP/{who.token}\r\n\r\n".encode(),
        "no HTTP": f"{who.words}\r\n\r\n".encode(),
        "TLS": b"\x16\x03\x01\x02\x00\x01" + who.token.encode(),
        "length that is none": posted(DOOR, f"Content-Length: {who.phone}"),
        "two lengths": posted(DOOR, "Content-Length: 3", f"Content-Length: {who.nik}"),
        "coding that is none": posted(f"{DOOR}/mo", f"Transfer-Encoding: {who.token}"),
        "broken chunks": request(
            f"{DOOR}/mo", "Transfer-Encoding: chunked", method="POST", body=f"zz{who.token}\r\n{who.words}".encode()
        ),
        "chunk that breaks off": request(
            f"{DOOR}/mo", "Transfer-Encoding: chunked", method="POST", body=b"fff\r\n" + who.words.encode()
        ),
        "body that breaks off": posted(f"{DOOR}/mo", "Content-Length: 5000"),
        "body that is too large": posted(f"{DOOR}/mo", "Content-Length: 99999999"),
        "compressed": request(
            f"{DOOR}/mo", "Content-Encoding: gzip", method="POST", body=gzip.compress(who.words.encode())
        ),
        "said to be compressed": posted(f"{DOOR}/mo", f"Content-Encoding: {who.token}"),
        "form of another kind": posted(f"{DOOR}/mo", f"Content-Type: multipart/form-data; boundary={who.token}"),
        "expectation": posted(f"{DOOR}/mo", f"Expect: {who.token}"),
        "upgrade": request("/healthz", f"Upgrade: {who.token}", "Connection: upgrade"),
        "host that is none": f"GET /healthz HTTP/1.1\r\nHost: {who.token}@{who.mail} x\r\n\r\n".encode(),
        "status of a name": request(f"/lacak/{quote(who.name)}?pin={who.nik}"),
        "status of a number": request(f"/lacak/{who.phone}", "Accept: application/json"),
        "status in a language that is none": request(f"/lacak/KNL-AAAA-AAAA?bahasa={who.token}&pin={who.phone}"),
        "status posted": posted(f"/lacak/{who.token}"),
        "status of half a character": request(f"/lacak/%ED%A0%80{who.token}", "Accept: application/json"),
        "figures": request(f"/metrics?x={who.token}", f"Referer: https://{who.mail}/"),
        "page that is none": request(f"/{who.token}?{form(who)}"),
        "page above all": request(f"/../../{who.token}"),
        "page in HTML": request(f"/{who.token}", "Accept: text/html"),
    }


def talks(who: Citizen, hello: str = "EHLO") -> Mapping[str, bytes]:
    """What is said to a mail server that leads to no mail."""
    token = base64.b64encode(f"\0{who.mail}\0{who.token}".encode()).decode()
    begun = ["a", f"MAIL FROM:<{who.mail}>"]
    lines = {
        "greeting": [who.name, begun[1], f"RCPT TO:<{who.mail}>"],
        "recipient of others": [*begun, f"RCPT TO:<{who.mail}>", f"RCPT TO:{who.name}", f"RCPT TO:<{OWN}> {who.token}"],
        "sender that is none": ["a", f"MAIL FROM:{who.words}", f"{begun[1]} {who.token}", f"MAIL FROM:<{who.name}@>"],
        "login": ["a", f"AUTH PLAIN {token}", "AUTH LOGIN", token, f"AUTH {who.token}", f"AUTH PLAIN {who.token}"],
        "commands that are none": ["a", who.token, f"{who.phone} {who.mail}", f"GET /{who.token}", f"VRFY {who.mail}"],
        "too many that are none": ["a", *[who.token] * 60],
        "help": ["a", f"HELP {who.token}", f"EXPN {who.mail}", f"NOOP {who.words}", f"RSET {who.token}"],
        "odd octets": ["a", f"{who.token}\xff\xfe", f"MAIL FROM:<{who.mail}\xff\xed>", f"MAIL FROM:<\0{who.mail}>"],
        "long line": ["a", f"NOOP {who.words * 40}", f"{who.token * 5_000}", f"MAIL FROM:<{who.token * 300}@x>"],
        "mail that is too large": ["a", f"{begun[1]} SIZE=99999999999", f"{begun[1]} SIZE={who.token}"],
        "TLS that is not there": ["a", "STARTTLS", f"STARTTLS {who.token}"],
        "mail that breaks off": [*begun, f"RCPT TO:<{OWN}>", "DATA", f"Subject: {who.words}", "", who.words],
    }
    said = {name: [f"{hello} {first}", *rest, "QUIT", ""] for name, (first, *rest) in lines.items()}
    return {name: "\r\n".join(words).encode("latin-1") for name, words in said.items()}


def handed_over(who: Citizen, mail: bytes, hello: str = "EHLO") -> bytes:
    """What a mail server is told to take one mail."""
    dotted = mail.replace(b"\r\n.", b"\r\n..")
    head = f"{hello} {who.token}\r\nMAIL FROM:<{who.mail}>\r\nRCPT TO:<{OWN}>\r\nDATA\r\n"
    return head.encode() + dotted + b"\r\n.\r\nQUIT\r\n"


def mails(who: Citizen) -> Mapping[str, bytes]:
    """Mails of every quality: whatever a mail may say of its sender, it says."""
    damaged = {path.stem: _damaged(who, path.read_bytes()) for path in sorted(MAILS.glob("*.eml"))}
    trace = _trace(who)
    return damaged | {
        "with everything": trace + _everything(who),
        "large": trace + _everything(who, filler=b"x" * 300_000),
        "nothing but words": who.words.encode(),
        "only headers": trace + f"From: {who.name} <{who.mail}>\r\n".encode(),
        "no sender": trace + f"Subject: {who.words}\r\n\r\n{who.words}".encode(),
        "from two": trace + f"From: {who.name} <{who.mail}>, {who.phone}\r\nSender: {who.mail}\r\n\r\nBanjir".encode(),
        "to others": trace + f"To: {who.name} <{who.mail}>\r\nCc: {who.mail}\r\nReply-To: {who.mail}\r\n\r\nx".encode(),
        "type called after someone": trace
        + f"Content-Type: image/{who.token}; name={who.mail}\r\nFrom: {who.mail}\r\n\r\n{who.words}".encode(),
        "broken multipart": trace
        + f"Content-Type: multipart/mixed; boundary={who.token}\r\n\r\n--{who.token}\r\n"
        f"Content-Type: application/{who.phone}\r\n"
        f"Content-Disposition: attachment; filename*=utf-8''{who.nik}\r\n\r\n{who.words}".encode(),
        "base64 that is not told": trace + b"From: a@x.example\r\n\r\n" + base64.encodebytes(who.words.encode()),
        "UTF-16 that is not told": trace + b"From: a@x.example\r\n\r\n" + who.words.encode("utf-16"),
        "HTML that is not told": trace + f"From: {who.mail}\r\n\r\n<p>{who.words}</p>".encode(),
        "odd octets": trace + f"Subject: {who.words}\r\n\r\n{who.words}".encode() + b"\xff\xfe\x00\xed\xa0\x80",
        "answered": trace
        + f"From: {who.mail}\r\nSubject: Re: {who.words}\r\n\r\nMasih banjir.\r\n\r\nHormat saya,\r\n{who.name}\r\n"
        f"{who.phone}\r\n\r\nPada 2 Nov 2026 10.00, {who.name} <{who.mail}> menulis:\r\n> {who.words}\r\n".encode(),
        "forwarded": trace
        + f"From: {who.mail}\r\nSubject: Fwd: {who.words}\r\n\r\n---------- Pesan terusan ---------\r\n"
        f"Dari: {who.name} <{who.mail}>\r\nSubject: {who.words}\r\n\r\n{who.words}\r\n".encode(),
        "encoded words": trace
        + f"Subject: {_word(who.words)}\r\nFrom: {_word(who.name)} <{who.mail}>\r\n\r\nBanjir".encode(),
    }


def _trace(who: Citizen) -> bytes:
    """The headers that servers on the way put on top."""
    lines = [
        f"Return-Path: <{who.mail}>",
        f"Received: from {who.token} ([{who.address}]) by mx.example.org; Mon, 2 Nov 2026 10:00:00 +0700",
        f"X-Originating-IP: [{who.address}]",
        f"Authentication-Results: mx.example.org; auth=pass smtp.auth={who.mail}",
        f"Message-ID: <{who.token}.{who.phone[1:]}@{who.mail.partition('@')[2]}>",
        f"In-Reply-To: <{who.phone[1:]}@{who.token}>",
        f"References: <{who.mail}> <{who.phone[1:]}@{who.token}>",
        "",
    ]
    return "\r\n".join(lines).encode()


def _everything(who: Citizen, filler: bytes = b"") -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"{who.name} <{who.mail}>", OWN, who.words[:150]
    mail.set_content(who.words)
    mail.add_alternative(f"<html><body title='{who.token}'><p>{who.words}</p></body></html>", subtype="html")
    mail.add_attachment(who.words.encode() + filler, "image", "jpeg", filename=f"ktp-{who.name}-{who.nik}.jpg")
    mail.add_attachment(f"FN:{who.name}\nTEL:{who.phone}\n", subtype="vcard", filename=f"{who.phone}.vcf")
    return mail.as_bytes()


def _damaged(who: Citizen, mail: bytes) -> bytes:
    """A mail that is odd already, with canaries above and below."""
    headers, mark, body = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").partition(b"\r\n\r\n")
    named = f"From: {who.name} <{who.mail}>\r\nSubject: {who.words}\r\nX-Phone: {who.phone}\r\n".encode()
    return named + headers + mark + body + b"\r\n" + who.words.encode() + b"\r\n"


def _word(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="
