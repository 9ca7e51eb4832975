"""Where in a mail earlier mails begin: "… menulis:", "-----Original Message-----", blocks of headers, ">" marks.

All patterns are matched against single lines or a few together, so that time grows with the mail alone.
"""

import re
from collections.abc import Sequence

_LONGEST = 400
_MOST_WRAPPED = 4
_MOST_HEADERS = 12

MARK = re.compile(r"[ \t]?>")
_MARKS = re.compile(r"[ \t]?>[ \t]?")

_RULE = r"\s*(?:[-_=*\u2013\u2014]{2,}\s*)%s(?:\s*[-_=*\u2013\u2014]{2,})?(?:\s*$|\s*(?:from|dari)\s*:)"
_FORWARD_WORDS = (
    r"(?:forwarded (?:message|mail|by .{1,60})|(?:(?:awal )?pesan|e-?mail|surel) (?:yang )?(?:di)?terus?k?an"
    r"|terusan pesan)"
)
_FORWARD = re.compile(
    rf"(?:{_RULE % _FORWARD_WORDS}|\s*(?:begin forwarded message|forwarded message"
    r"|(?:awal|mulai|memulai) pesan (?:yang )?(?:di)?teruskan|pesan (?:yang )?diteruskan dimulai)\s*:\s*$)",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    _RULE
    % r"(?:original (?:message|appointment|mail|e-?mail)|reply message|(?:pesan|e-?mail) (?:asli|awal|semula|balasan))",
    re.IGNORECASE,
)
_LINE = re.compile(r"\s*(?:_{10,}|-{10,}|={10,})\s*$")

_ENDS = re.compile(
    r"(?:\b(?:menulis|nulis|wrote|writes|berkata|mengirim(?:kan)? (?:pesan|e-?mail)|tulis)[\s*\xa0]*:"
    r"|\b(?:wrote|menulis)(?: on| pada)? [\d/.:, apmAPM-]{6,30}:|\d\d:\d\d.{0,60}<[^<>@\s]+@[^<>\s]+>:)$",
    re.IGNORECASE,
)
_RUN_ON = re.compile(r"\b(?:menulis|wrote):[ \xa0]{2,}\S", re.IGNORECASE)
_BEGINS = re.compile(r"\W*(?:pada|on|tanggal|tgl|hari|dalam (?:pesan|e-?mail)|in (?:a|the) (?:message|mail))\b", re.I)
_IS_DATED = re.compile(r"[\d@]")
_SAYS_WHEN = re.compile(r"\d{1,2}[:.]\d\d|@")

_SENDERS, _DATES = r"from|dari|pengirim|de|von", r"sent|date|dikirim|terkirim|tanggal|tgl|waktu|hari"
_REST = (
    r"to|kepada|ke|untuk|cc|tembusan|salinan|bcc|subject|subjek|perihal|hal|judul|topik|reply-to|balas ke|importance"
    r"|prioritas|attachments?|lampiran|message-id"
)
_HEADER = re.compile(
    rf"[\s*_]*(?:(?P<sender>{_SENDERS})|(?P<date>{_DATES})|(?P<rest>{_REST}))[\s*_]*[:\uff1a][\s*_]*(?P<value>.*)$",
    re.IGNORECASE,
)


def without_mark(line: str) -> str:
    """A quoted line without its first ">"."""
    mark = _MARKS.match(line)
    return line[mark.end() :] if mark else line


def is_forward_mark(line: str) -> bool:
    return len(line) <= _LONGEST and _FORWARD.match(line) is not None


def is_original_mark(line: str) -> bool:
    return len(line) <= _LONGEST and _ORIGINAL.match(line) is not None


def is_rule(line: str) -> bool:
    return len(line) <= _LONGEST and _LINE.match(line) is not None


def attribution_end(lines: Sequence[str], start: int) -> int | None:
    """Where the line, or the two to four wrapped ones, that say who wrote what follows end; None if none begins."""
    first = lines[start]
    if not (_BEGINS.match(first) or _ends(first)):
        return None
    if _runs_on(first):
        return start + 1
    for end in range(start + 1, min(start + _MOST_WRAPPED, len(lines)) + 1):
        last = lines[end - 1]
        if len(last) > _LONGEST or not last.strip():
            return None
        if _ends(last):
            return end if any(map(_IS_DATED.search, lines[start:end])) else None
    return None


def _runs_on(line: str) -> bool:
    """Yahoo's programs for phones write the first line of what they quote behind who wrote it."""
    named = _RUN_ON.search(line[:_LONGEST]) if _BEGINS.match(line) else None
    return named is not None and _SAYS_WHEN.search(line, 0, named.start()) is not None


def _ends(line: str) -> bool:
    line = line[-_LONGEST:].rstrip("* \t\xa0\r")
    return line.endswith(":") and _ENDS.search(line) is not None


def says_when(lines: Sequence[str]) -> bool:
    """Whether an attribution has a time or an address: without it may be anybody's sentence."""
    return any(map(_SAYS_WHEN.search, lines))


def headers_end(lines: Sequence[str], start: int) -> int:
    """Where the header lines that begin at `start` end; a long value may go on in a line or two of its own."""
    end = at = start
    while at < len(lines) and at - start < _MOST_HEADERS and at - end <= 2 and lines[at].strip():
        if len(lines[at]) <= 10 * _LONGEST and _HEADER.match(lines[at]):
            end = at + 1
        at += 1
    return end


def is_header_block(lines: Sequence[str], start: int) -> bool:
    """Whether mail headers stand here as Outlook writes them above what is answered: from whom, when, to whom or about
    what, and the time of the day or an address. Letters have such heads, too, but tell no hour."""
    first = _HEADER.match(lines[start][:_LONGEST]) if ":" in lines[start][:40] else None
    if first is None or not first["sender"]:
        return False
    block = (_HEADER.match(line[:_LONGEST]) for line in lines[start : headers_end(lines, start)])
    found = [header for header in block if header]
    exact = any(_SAYS_WHEN.search(header["value"]) for header in found)
    return exact and all(any(header[kind] for header in found) for kind in ("sender", "date", "rest"))
