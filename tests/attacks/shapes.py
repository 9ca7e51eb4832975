"""Requests and mails that nobody honest sends."""

import gzip
import zlib

#: By name: content encoding and body. Opened, each is of 20 MB or of 40,000 members.
COMPRESSED = {
    "gzip": ("gzip", gzip.compress(b"a" * 20_000_000)),
    "deflate": ("deflate", zlib.compress(b"a" * 20_000_000)),
    "40,000 members": ("gzip", gzip.compress(b"") * 40_000),
    "no gzip at all": ("gzip", b"sender=1"),
    "two encodings": ("gzip, gzip", gzip.compress(gzip.compress(b"a" * 20_000_000))),
    "an unknown encoding": ("br", b"sender=1"),
}

HEADER_BOMBS = {
    "a field too long": "X-A: " + "a" * 100_000 + "\r\n",
    "a name too long": "X" * 100_000 + ": a\r\n",
    "too many fields": "X-A: a\r\n" * 10_000,
    "too many long fields": ("X-A: " + "a" * 8_000 + "\r\n") * 200,
}

_POST = "POST /in/sms/x/mo HTTP/1.1\r\nHost: x\r\n"
_CHUNKED = f"{_POST}Transfer-Encoding: chunked\r\n"
_NEXT = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

#: Each with the statuses that are right for it; a connection that is closed without a word has the status "".
REQUESTS: dict[str, tuple[str, set[str]]] = {
    "length and chunks": (f"{_CHUNKED}Content-Length: 4\r\n\r\n0\r\n\r\n{_NEXT}", {"400"}),
    "chunks and length": (f"{_POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{_NEXT}", {"400"}),
    "two lengths": (f"{_POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", {"400"}),
    "the same length twice": (f"{_POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", {"400", "403"}),
    "a negative length": (f"{_POST}Content-Length: -1\r\n\r\n", {"400"}),
    "a length with a sign": (f"{_POST}Content-Length: +2\r\n\r\nab", {"400"}),
    "a length in hexadecimal": (f"{_POST}Content-Length: 0x2\r\n\r\nab", {"400"}),
    "a length of 2^70": (f"{_POST}Content-Length: {2**70}\r\n\r\nab", {"400", "413"}),
    "lengths in a list": (f"{_POST}Content-Length: 2, 2\r\n\r\nab", {"400"}),
    "chunked in disguise": (f"{_POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", {"400", "403"}),
    "chunked, then identity": (f"{_POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", {"400"}),
    "chunked behind a tab": (f"{_POST}Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n", {"400", "403"}),
    "a blank before the colon": (f"{_POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", {"400"}),
    "a folded field": (f"{_POST}X: a\r\n b\r\nContent-Length: 0\r\n\r\n", {"400", "403"}),
    "a chunk size that is none": (f"{_CHUNKED}\r\nzz\r\n\r\n", {"400"}),
    "a negative chunk size": (f"{_CHUNKED}\r\n-1\r\n\r\n", {"400"}),
    "a chunk size of 2^70": (f"{_CHUNKED}\r\n{2**70:x}\r\na\r\n", {"400"}),
    "a chunk longer than it says": (f"{_CHUNKED}\r\n1\r\nabc\r\n0\r\n\r\n", {"400"}),
    "a chunk ended by LF": (f"{_CHUNKED}\r\n1\na\n0\n\n", {"400"}),
    "a chunk extension of 100,000 letters": (f"{_CHUNKED}\r\n1;{'a' * 100_000}\r\na\r\n0\r\n\r\n", {"400", "403"}),
    "trailers without end": (f"{_CHUNKED}\r\n0\r\n{'X: y' * 20_000}\r\n\r\n", {"400", "403"}),
    "lines ended by LF": ("GET /healthz HTTP/1.1\nHost: x\n\n", {"400", "200"}),
    "lines ended by CR": ("GET /healthz HTTP/1.1\rHost: x\r\r", {"400"}),
    "NUL in a field": (f"{_POST}X: a\0b\r\n\r\n", {"400"}),
    "NUL in the target": ("GET /health\0z HTTP/1.1\r\nHost: x\r\n\r\n", {"400"}),
    "no host": ("GET /healthz HTTP/1.1\r\n\r\n", {"400", "200"}),
    "two hosts": ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {"400"}),
    "HTTP/0.9": ("GET /healthz\r\n\r\n", {"400", ""}),
    "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {"400"}),
    "HTTP/9.9": ("GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n", {"400"}),
    "TLS": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {"400"}),
    "SMTP": ("EHLO x\r\nMAIL FROM:<a@example.org>\r\n\r\n", {"400"}),
    "blank lines": ("\r\n" * 50_000 + _NEXT, {"400", "200"}),
    "an upgrade": ("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", {"200"}),
    "an upgrade to HTTP/2": (
        "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        "HTTP2-Settings: a\r\n\r\n",
        {"200"},
    ),
    "CONNECT": ("CONNECT example.org:25 HTTP/1.1\r\nHost: example.org:25\r\n\r\n", {"404", "405", "400"}),
    "blanks around the target": ("GET  /healthz  HTTP/1.1\r\nHost: x\r\n\r\n", {"400", "200"}),
    "a target that is no URL": ("GET http://[::1/healthz HTTP/1.1\r\nHost: x\r\n\r\n", {"400", "404"}),
    "a port that is none": ("GET http://a:99999999/healthz HTTP/1.1\r\nHost: x\r\n\r\n", {"400", "200"}),
    "letters beyond ASCII in a field": (f"{_POST}X-Hub-Signature-256: é\r\nContent-Length: 0\r\n\r\n", {"400", "403"}),
    "expect": (f"{_POST}Expect: 100-continue\r\nContent-Length: 0\r\n\r\n", {"403", "100"}),
    "expect nonsense": (f"{_POST}Expect: a-miracle\r\nContent-Length: 0\r\n\r\n", {"417", "403"}),
}


#: What follows the sender in the query of an SMS. Each is kept but for those that name more than is allowed.
QUERIES = {
    "lone surrogates": "message=%ED%A0%80%ED%B0%80",
    "lone surrogates in UTF-16": "message=%D8%00%DC&coding=2&charset=UTF-16BE",
    "NUL": "message=%00banjir%00",
    "no UTF-8": "message=%FF%FE%C0%AF",
    "an unknown charset": "message=banjir&charset=unicode_escape",
    "a charset that is none": "message=banjir&charset=%00",
    "a time of 2^70": f"message=banjir&time={2**70}",
    "a time of 5,000 digits": "message=banjir&time=" + "9" * 5_000,
    "a time of superscripts": "message=banjir&time=%C2%B2%C2%B3",
    "a negative time": "message=banjir&time=-1",
    "a time without a number": "message=banjir&time=NaN",
    "a header that says more than it has": "message=banjir&udh=%FF%00%03",
    "part 9 of 0": "message=banjir&udh=%05%00%03%01%00%09",
    "an id of blanks": "message=banjir&id=%20%20",
    "an id of NUL": "message=banjir&id=%00",
    "an id of 50,000 letters": "message=banjir&id=" + "x" * 50_000,
    "fields twice": "message=banjir&message=kebakaran&id=twice&id=once",
    "no equals sign": "&&&&message",
    "nothing": "",
    "overwritten by marks": "message=" + "%CC%81" * 9_000,
    "a letter that grows": "message=" + "%EF%B7%BA" * 5_000,
    "right to left": "message=%E2%80%AEbanjir",
    "a script": "message=%3Cscript%3Ealert(1)%3C/script%3E",
    "a formula": "message=%3DHYPERLINK(%22http://example.org%22)",
    "a statement": "message='; DROP TABLE reports; --",
    "too many fields": "&".join(f"f{number}=" for number in range(60)),
    "too long": "message=" + "x" * 66_000,
}

#: Bodies of a request that wants a form. None names a sender.
BODIES = {
    "JSON, deep": b"[" * 30_000 + b"]" * 30_000,
    "JSON, deeper than is taken": b'{"a":' * 100_000,
    "JSON, a number of 5,000 digits": b'{"sender": ' + b"9" * 5_000 + b"}",
    "JSON, no numbers": b'{"sender": NaN, "a": Infinity, "b": -Infinity, "c": 1e999}',
    "JSON, lone surrogates": b'{"sender": "\\ud800"}',
    "JSON, keys twice": b'{"sender": "1", "sender": "2"}',
    "JSON in UTF-16": '{"sender": "1"}'.encode("utf-16"),
    "no UTF-8": b"\xff\xfe\xfd",
    "NUL": b"\0" * 60_000,
    "nothing but fields": b"&" * 60_000,
    "nothing but signs": b"=" * 60_000,
    "nothing but percent": b"%" * 60_000,
    "a form of parts": b"--b\r\nContent-Disposition: form-data; name=sender\r\n\r\n1\r\n--b--\r\n",
    "XML that grows": b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
}


def _deep(depth: int) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
    inner = (f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n'.encode() for n in range(depth))
    return head + b"".join(inner) + b"the end\r\n"


MAILS = {
    "a subject of 16,000 encoded words": b"Subject: " + b"=?utf-8?q?banjir?=\r\n " * 16_000 + b"\r\n\r\nbanjir\r\n",
    "100,000 empty parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\n" * 100_000
    + b"--b--\r\n",
    "20,000 parameters": b"Content-Type: text/plain"
    + b"".join(b";\r\n a%d=b" % n for n in range(20_000))
    + b"\r\n\r\nbanjir\r\n",
    "16,000 recipients": b"To: "
    + b",\r\n ".join(b"w%d@example.org" % n for n in range(16_000))
    + b"\r\n\r\nbanjir\r\n",
    "parts a thousand deep": _deep(1_000),
    "a header of 1,000,000 letters": b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\nbanjir\r\n",
    "100,000 headers": b"X: y\r\n" * 100_000 + b"\r\nbanjir\r\n",
    "no end of its comment": b"From: " + b"(" * 100_000 + b"\r\n\r\nbanjir\r\n",
    "an unknown charset": b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\x3cscript>\r\n",
    "bytes at random": bytes(range(256)) * 100,
}
