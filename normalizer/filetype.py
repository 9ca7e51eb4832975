"""What a file is, by its bytes alone: names and headers are the sender's to choose.

A page, drawing or program is never called a picture, and what is two things at once is said to be. Nothing is unpacked:
of an archive only names are read. The magic numbers are those of the formats' own specifications and of WHATWG's MIME
Sniffing standard. Pure.
"""

import re
from typing import NamedTuple

UNKNOWN = "application/octet-stream"

_HEAD = 1_024
_TAIL = 65_557  # the end of a ZIP archive with the longest comment
_NAMES = 65_536
_MEDIA = {"image": "image", "audio": "sound", "video": "sound"}
#: Names for nothing in particular.
_GENERIC = frozenset({"", UNKNOWN, "application/binary", "application/x-download", "application/force-download"})
_OGG = "application/ogg"

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR-WB", "audio/amr-wb"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"caff", "audio/x-caf"),
    (b"MThd", "audio/midi"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-msdownload"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (b"#!", "text/x-script"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
#: Brands of ISO base media files (ISO/IEC 14496-12; mp4ra.org).
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    **dict.fromkeys((b"mif1", b"msf1", b"miaf", b"MiHE"), "image/heif"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
_OLE_STREAMS = {
    "__substg1.0_": "application/vnd.ms-outlook",
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
_OOXML = "application/vnd.openxmlformats-officedocument."
_ZIPPED = {
    b"word/": f"{_OOXML}wordprocessingml.document",
    b"xl/": f"{_OOXML}spreadsheetml.sheet",
    b"ppt/": f"{_OOXML}presentationml.presentation",
    b"META-INF/MANIFEST.MF": "application/java-archive",
    b"AndroidManifest.xml": "application/vnd.android.package-archive",
}
#: What may act by itself where it is opened.
DANGEROUS = frozenset(
    {
        "text/html",
        "image/svg+xml",
        "text/x-script",
        "application/x-executable",
        "application/x-msdownload",
        "application/x-ms-shortcut",
        "application/java-archive",
        "application/vnd.android.package-archive",
    }
)
_ODF = re.compile(rb"\AP.{28}\x08?.{0,40}?mimetype(application/[a-z0-9.+-]{3,80}?)(?=PK|\Z)", re.DOTALL)
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed|style|title|table|div|meta|link|base|form|img|a\s)",
    re.IGNORECASE,
)
_DRAWING = re.compile(rb"<(?:[a-z]{1,20}:)?svg[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*<[!?/a-z]", re.IGNORECASE)
_WORDS = (
    (re.compile(rb"\s*begin:vcard\b", re.IGNORECASE), "text/vcard"),
    (re.compile(rb"\s*begin:vcalendar\b", re.IGNORECASE), "text/calendar"),
    (re.compile(rb"%!PS-Adobe"), "application/postscript"),
    (
        re.compile(
            rb"(?:>?from \S+ .{10,60}\r?\n)?(?:(?:return-path|received|delivered-to|from|to|date|subject|message-id|"
            rb"mime-version|x-[a-z-]{1,40}|dkim-signature|content-type):[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n)*){3}",
            re.IGNORECASE,
        ),
        "message/rfc822",
    ),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

#: All that a file may be found to be, but for the documents of OpenOffice.
KNOWN = frozenset(
    {UNKNOWN, _OGG, "text/plain", "text/html", "image/svg+xml", "image/bmp", "audio/ogg", "audio/aac"}
    | {"video/3gpp", "video/mp4", "video/ogg", "video/webm", "video/x-matroska", "application/zip"}
    | {*dict(_MAGIC).values(), *dict(_WORDS).values()}
    | {*_RIFF.values(), *_BRANDS.values(), *_OLE_STREAMS.values(), *_ZIPPED.values()}
)


class Found(NamedTuple):
    """What a file is; `polyglot`: it is something else as well."""

    media_type: str
    polyglot: bool = False


def found(content: bytes) -> Found:
    """What a file is; never raises, and takes time linear in its first and last 64 KB."""
    by_magic = _by_magic(content)
    if by_magic is None:
        return Found(_by_words(content))
    return Found(by_magic, _media(by_magic) is not None and _is_more(content))


def settled(claimed: str, is_one: str) -> str:
    """The type to go by: what a file is; of words that are nothing special, what the sender calls them."""
    is_words = is_one == "text/plain" and claimed.startswith(("text/", "message/")) and claimed not in DANGEROUS
    return claimed if is_words else is_one


def mislabelled(claimed: str, is_one: str) -> bool:
    """Was something passed off as what it is not? Another name for the same kind of file is none of it."""
    if claimed in _GENERIC or claimed == is_one:
        return False
    return is_one in DANGEROUS or _media(claimed) not in {None, _media(is_one)}


def _media(media_type: str) -> str | None:
    """Pictures, or sound and video: a file of one is often called by a name of the other."""
    return "sound" if media_type == _OGG else _MEDIA.get(media_type.partition("/")[0])


def _by_magic(content: bytes) -> str | None:
    head = content[:_HEAD]
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _of_archive(content)
    if head[:4] == b"OggS":
        return _of_ogg(head)
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head[:2] == b"BM" and len(content) >= 26 and head[6:10] == bytes(4):
        return "image/bmp"
    if known := next((name for magic, name in _MAGIC if head.startswith(magic)), None):
        return _of_compound(content) if known == "application/x-ole-storage" else known
    return _of_frames(head) or ("application/pdf" if b"%PDF-" in head else None)


def _of_brands(head: bytes) -> str:
    """The major brand says it, or else the first compatible one that is known."""
    size = min(int.from_bytes(head[:4], "big"), 128)
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, size, 4))]
    named = next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)
    if named == "image/heif" and not {b"avif", b"avis"}.isdisjoint(brands):
        return "image/avif"
    if named == "image/heif" and not {b"heic", b"heix"}.isdisjoint(brands):
        return "image/heic"
    return named or ("video/3gpp" if head[8:10] == b"3g" else "video/mp4")


def _of_ogg(head: bytes) -> str:
    if any(name in head for name in (b"OpusHead", b"\x01vorbis", b"Speex   ")):
        return "audio/ogg"
    return "video/ogg" if b"\x80theora" in head else _OGG


def _of_archive(content: bytes) -> str:
    """By the names at its beginning, and in its directory at the end, where Android and Java look."""
    if document := _ODF.match(content[:_HEAD]):
        return document[1].decode("ascii")
    names = content[:_NAMES] + content[-_TAIL:]
    return next((kind for name, kind in _ZIPPED.items() if name in names), "application/zip")


def _of_compound(content: bytes) -> str:
    streams = content[: 1 << 20] + content[-_TAIL:]
    of_stream = ((kind, name.encode("utf-16-le")) for name, kind in _OLE_STREAMS.items())
    return next((kind for kind, name in of_stream if name in streams), "application/x-ole-storage")


def _of_frames(head: bytes) -> str | None:
    """MPEG sound without a tag begins with its first frame: layer III, or AAC in ADTS."""
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    has_rates = head[2] >> 4 not in {0, 15} and head[2] >> 2 & 3 != 3
    return "audio/mpeg" if head[1] & 0xE6 == 0xE2 and has_rates else None


def _is_more(content: bytes) -> bool:
    """Is a picture or sound an archive (GIFAR), a document or a page as well?"""
    head = content[:_HEAD]
    return b"PK\x05\x06" in content[-_TAIL:] or b"%PDF-" in head or _PAGE.search(head) is not None


def _by_words(content: bytes) -> str:
    head = _narrow(content[:_HEAD])
    if _MARKUP.match(head) and _DRAWING.search(head):
        return "image/svg+xml"
    if _MARKUP.match(head) and _PAGE.search(head):
        return "text/html"
    if not head.strip() or _CONTROLS.search(head):
        return UNKNOWN
    return next((name for words, name in _WORDS if words.match(_narrow(content[:8_192]))), "text/plain")


def _narrow(head: bytes) -> bytes:
    """Text of one byte a letter, as browsers see it, also where it came in UTF-16."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")
