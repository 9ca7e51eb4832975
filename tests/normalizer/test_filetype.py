"""A file is what its bytes are, whatever its sender calls it."""

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.filetype import DANGEROUS, KNOWN, UNKNOWN, found, mislabelled, settled

OOXML = "application/vnd.openxmlformats-officedocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
EXECUTABLE = b"MZ\x90\0" + bytes(60) + b"PE\0\0"
MAIL = b"Return-Path: <a@x.id>\r\nReceived: from x\r\n\tby y\r\nFrom: a@x.id\r\nSubject: lampu\r\n\r\nmati\r\n"


def archive(*names: str, first: bytes = b"") -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name in names:
            file.writestr(name, b"isi" * 20)
    return first + written.getvalue()


def open_document(kind: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        file.writestr("content.xml", "<x/>")
    return written.getvalue()


def brands(major: bytes, *others: bytes) -> bytes:
    body = b"ftyp" + major + bytes(4) + b"".join(others)
    return struct.pack(">I", len(body) + 4) + body + bytes(40)


KINDS = {
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    "GIF": (b"GIF89a\1\0\1\0", "image/gif"),
    "WebP": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    "BMP": (b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(30), "image/bmp"),
    "TIFF of Intel": (b"II*\0\x08\0\0\0", "image/tiff"),
    "TIFF of Motorola": (b"MM\0*\0\0\0\x08", "image/tiff"),
    "HEIC of an iPhone": (brands(b"heic", b"mif1", b"heic"), "image/heic"),
    "HEIC that is first of all HEIF": (brands(b"mif1", b"mif1", b"heic"), "image/heic"),
    "HEIF": (brands(b"mif1", b"miaf"), "image/heif"),
    "AVIF": (brands(b"avif", b"mif1"), "image/avif"),
    "AVIF that is first of all HEIF": (brands(b"mif1", b"avif"), "image/avif"),
    "voice note of WhatsApp": (b"OggS\0\2" + bytes(22) + b"OpusHead\1\1", "audio/ogg"),
    "video in Ogg": (b"OggS\0\2" + bytes(22) + b"\x80theora", "video/ogg"),
    "voice note of an old phone": (b"#!AMR\n<", "audio/amr"),
    "voice note in wideband": (b"#!AMR-WB\n<", "audio/amr-wb"),
    "voice memo of an iPhone": (brands(b"M4A ", b"isom"), "audio/mp4"),
    "MP3 with a tag": (b"ID3\4\0\0\0\0\0\0", "audio/mpeg"),
    "MP3 without": (b"\xff\xfb\x90\x64" + bytes(20), "audio/mpeg"),
    "AAC": (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
    "WAV": (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    "FLAC": (b"fLaC\0\0\0\x22", "audio/flac"),
    "video of a phone": (brands(b"isom", b"mp42"), "video/mp4"),
    "video of an old phone": (brands(b"3gp4", b"isom"), "video/3gpp"),
    "video of an iPhone": (brands(b"qt  "), "video/quicktime"),
    "WebM": (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm", "video/webm"),
    "Matroska": (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x88matroska", "video/x-matroska"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "application/pdf"),
    "PDF after some rubbish": (b"\0\0garbage\n%PDF-1.4\n", "application/pdf"),
    "Word": (
        archive("[Content_Types].xml", "word/document.xml"),
        f"{OOXML}wordprocessingml.document",
    ),
    "Excel": (archive("[Content_Types].xml", "xl/workbook.xml"), f"{OOXML}spreadsheetml.sheet"),
    "PowerPoint": (archive("[Content_Types].xml", "ppt/presentation.xml"), f"{OOXML}presentationml.presentation"),
    "OpenOffice's text": (open_document("text"), "application/vnd.oasis.opendocument.text"),
    "an archive": (archive("foto.jpg"), "application/zip"),
    "an empty archive": (archive(), "application/zip"),
    "a program for Android": (archive("AndroidManifest.xml"), "application/vnd.android.package-archive"),
    "a program in Java": (archive("META-INF/MANIFEST.MF"), "application/java-archive"),
    "Word of old": (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
    "Excel of old": (OLE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
    "a mail of Outlook": (OLE + "__substg1.0_0037001F".encode("utf-16-le"), "application/vnd.ms-outlook"),
    "something else of Microsoft's": (OLE, "application/x-ole-storage"),
    "winmail.dat": (b"\x78\x9f\x3e\x22\1\0", "application/ms-tnef"),
    "RTF": (b"{\\rtf1\\ansi", "application/rtf"),
    "gzip": (b"\x1f\x8b\x08\0", "application/gzip"),
    "RAR": (b"Rar!\x1a\x07\x01\0", "application/vnd.rar"),
    "a program for Windows": (EXECUTABLE, "application/x-msdownload"),
    "a program for Linux": (b"\x7fELF\2\1\1", "application/x-executable"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "text/x-script"),
    "a page": (b"<!DOCTYPE html><p>hai", "text/html"),
    "a page without a beginning": (b"\n  <script>alert(1)</script>", "text/html"),
    "a page in UTF-16": ("<html><script>alert(1)</script>".encode("utf-16"), "text/html"),
    "a page behind a mark": (b"\xef\xbb\xbf<HTML>", "text/html"),
    "a page behind a remark": (b"<!-- x --><iframe src=x>", "text/html"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
    "a drawing behind its declaration": (b"<?xml version='1.0'?>\n<!-- x -->\n<svg:svg >", "image/svg+xml"),
    "a card": (b"BEGIN:VCARD\r\nVERSION:3.0", "text/vcard"),
    "a meeting": (b"begin:vcalendar\r\n", "text/calendar"),
    "a mail": (MAIL, "message/rfc822"),
    "words": ("Lampu mati di Jl. Mawar – sudah tiga hari".encode(), "text/plain"),
    "words in Latin 1": ("jalan rusak, près".encode("latin-1"), "text/plain"),
    "XML": (b"<?xml version='1.0'?><laporan/>", "text/plain"),
    "nothing": (b"", UNKNOWN),
    "anything else": (bytes(range(256)), UNKNOWN),
}


@pytest.mark.threat("P2-44")
@pytest.mark.parametrize(("content", "media_type"), KINDS.values(), ids=KINDS.keys())
def test_a_file_is_what_its_bytes_are(content: bytes, media_type: str) -> None:
    assert found(content) == (media_type, False)
    assert media_type in KNOWN or media_type.startswith("application/vnd.oasis.opendocument.")


TWO_THINGS = {
    "GIFAR": archive("Exploit.class", first=b"GIF89a\1\0\1\0" + bytes(20)),
    "JPEG and archive": archive("x.js", first=b"\xff\xd8\xff\xe0" + bytes(200)),
    "picture and page": b"GIF89a/*<html><script>alert(1)</script>*/=1;",
    "bitmap and page": b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0<script>alert(1)</script>",
    "picture and document": b"\xff\xd8\xff\xe0\0\x10JFIF\0%PDF-1.4\n",
    "sound and page": b"ID3\4\0\0<script src=//x></script>",
}


@pytest.mark.threat("P2-44")
@pytest.mark.parametrize("content", TWO_THINGS.values(), ids=TWO_THINGS.keys())
def test_what_is_two_things_at_once_is_said_to_be(content: bytes) -> None:
    assert found(content).polyglot


@pytest.mark.parametrize(
    ("claimed", "is_one", "wrong"),
    [
        ("image/jpeg", "text/html", True),
        ("image/jpeg", "image/svg+xml", True),
        ("image/png", "application/zip", True),
        ("image/jpeg", UNKNOWN, True),
        ("image/jpeg", "video/mp4", True),
        ("application/pdf", "application/x-msdownload", True),
        ("text/plain", "text/html", True),
        ("image/jpg", "image/jpeg", False),
        ("image/heif", "image/heic", False),
        ("image/jpeg", "image/heic", False),
        ("audio/3gpp", "video/3gpp", False),
        ("audio/ogg", "application/ogg", False),
        ("application/ogg", "audio/ogg", False),
        (UNKNOWN, "application/x-msdownload", False),
        ("text/csv", "text/plain", False),
        ("application/x-zip-compressed", "application/zip", False),
    ],
)
def test_only_what_passes_for_something_else_is_mislabelled(claimed: str, is_one: str, wrong: bool) -> None:
    assert mislabelled(claimed, is_one) is wrong


@pytest.mark.parametrize(
    ("claimed", "is_one", "known_as"),
    [
        ("text/csv", "text/plain", "text/csv"),
        ("message/delivery-status", "text/plain", "message/delivery-status"),
        ("text/html", "text/plain", "text/plain"),
        ("image/jpeg", "text/plain", "text/plain"),
        ("image/png", "image/jpeg", "image/jpeg"),
    ],
)
def test_words_are_of_the_kind_that_their_sender_says(claimed: str, is_one: str, known_as: str) -> None:
    assert settled(claimed, is_one) == known_as


@given(st.binary(max_size=2_000) | st.sampled_from([content for content, _ in KINDS.values()]), st.binary(max_size=40))
def test_anything_is_something(beginning: bytes, end: bytes) -> None:
    media_type, polyglot = found(beginning + end)
    assert media_type in KNOWN or media_type.startswith("application/")
    assert not (polyglot and media_type in DANGEROUS)


@given(st.sampled_from([b"<html", b"<svg ", b"<script>", b"<!doctype html"]), st.binary(max_size=400))
def test_a_page_is_never_a_picture_that_can_be_shown(beginning: bytes, rest: bytes) -> None:
    assert found(beginning + rest).media_type in {"text/html", "image/svg+xml"}
