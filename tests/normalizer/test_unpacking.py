"""What is inside a mail's winmail.dat, .msg, .eml and text files, and how it is found again."""

import base64
import hashlib
import struct
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.mails import compound, msg, rtf, tnef, uuencoded
from normalizer.mails.letter import MOST_FILES, File
from normalizer.mails.mail import Mail, read_mail
from normalizer.mails.unpacking import MAX_LETTERS_DEEP, attachment_bytes
from tests.normalizer import outlook
from tests.normalizer.outlook import (
    ADDRESS,
    BINARY,
    CODE_PAGE,
    CONTENT,
    FILE_NAME,
    HTML,
    LONG,
    MEDIA_TYPE,
    NAME,
    OBJECT,
    PLAIN,
    RICH,
    STRING,
    SUBJECT,
    UNICODE,
    utf16,
)

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 30
WORDS = "Lampu padam di Jl. Mawar – gelap"
RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Lampu padam\par di Jl. Mawar \u8211- caf\'e9\tab gelap}"
WRAPPED = (
    rb"{\rtf1\ansi\fromhtml1 \deff0{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Lampu &amp; padam\htmlrtf\par}\htmlrtf0"
    rb"{\*\htmltag72 </p>}}"
)
#: The example of MS-OXRTFCP, 4.1.1, in which a piece is copied.
COMPRESSED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
HELLO = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def file_of(name: str, data: bytes, kind: str = "") -> outlook.Given:
    said = {(MEDIA_TYPE, UNICODE): utf16(kind)} if kind else {}
    return {(FILE_NAME, UNICODE): utf16(name), (CONTENT, BINARY): data, **said}


FROM = {(NAME, UNICODE): utf16("Warga"), (ADDRESS, UNICODE): utf16("warga@example.id")}
SAID = {
    "plain": {(PLAIN, UNICODE): utf16(WORDS)},
    "plain in a code page": {(PLAIN, STRING): WORDS.encode("cp1252"), (CODE_PAGE, LONG): struct.pack("<I", 1252)},
    "plain in Chinese": {(PLAIN, STRING): "路灯坏了很久了".encode("gbk"), (CODE_PAGE, LONG): struct.pack("<I", 936)},
    "HTML as octets": {(HTML, BINARY): f"<p>{WORDS}</p>".encode()},
    "HTML as words": {(HTML, UNICODE): utf16(f"<p>{WORDS}</p>")},
    "rich text": {(RICH, BINARY): outlook.rich_text(RTF)},
    "rich text that is not compressed": {(RICH, BINARY): outlook.rich_text(RTF, packed=False)},
    "HTML wrapped in rich text": {(RICH, BINARY): outlook.rich_text(WRAPPED)},
    "empty plain text beside rich text": {(PLAIN, UNICODE): utf16("\r\n"), (RICH, BINARY): outlook.rich_text(RTF)},
    "nothing": {},
}
HEARD = dict.fromkeys(SAID, WORDS) | {
    **{"plain in Chinese": "路灯坏了很久了", "nothing": ""},
    **{"HTML wrapped in rich text": "Lampu &amp; padam"},
    **{name: "Lampu padam\ndi Jl. Mawar – café\tgelap" for name in SAID if "rich text" in name and "HTML" not in name},
}


def msg_file(given: outlook.Given, files: list[outlook.Given | outlook.Tree]) -> bytes:
    return outlook.compound_file(outlook.message(given, files))


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("wrap", [outlook.winmail, msg_file], ids=["winmail.dat", "msg"])
def test_the_words_of_outlook(wrap, name: str) -> None:  # type: ignore[no-untyped-def]
    data = wrap(
        SAID[name] | FROM | {(SUBJECT, UNICODE): utf16("Lampu padam")}, [file_of("foto.jpg", PHOTO, "image/jpeg")]
    )
    letter = tnef.read(data) or msg.read(data)
    assert letter and (letter.subject, letter.cut) == ("Lampu padam", False)
    assert letter.text() == HEARD[name]
    assert letter.sender and (letter.sender.value, letter.sender.name) == ("warga@example.id", "Warga")
    (file,) = letter.items
    assert isinstance(file, File) and (file.name, file.media_type, file.content()) == ("foto.jpg", "image/jpeg", PHOTO)


def mail(*files: tuple[str, str, bytes], text: str = "", subject: str = "") -> bytes:
    message = EmailMessage()
    message["From"] = "warga@example.id"
    message["Subject"] = subject
    message.set_content(text)
    for name, kind, data in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def eml(text: str, *files: tuple[str, str, bytes], subject: str = "Di dalam") -> bytes:
    return mail(*files, text=text, subject=subject)


OCTETS = "application/octet-stream"
WINMAIL = outlook.winmail(
    {(RICH, BINARY): outlook.rich_text(RTF)}, [file_of("foto.jpg", PHOTO), file_of("b.pdf", b"%PDF")]
)
MSG = msg_file(
    {(PLAIN, UNICODE): utf16(WORDS), (SUBJECT, UNICODE): utf16("Di dalam")},
    [file_of("foto.jpg", PHOTO), outlook.message(SAID["plain"], [file_of("c.jpg", b"c")], within=True)],
)
UU = b"Lubang besar.\n\nbegin 644 foto.gif\n#0V%T\n`\nend\nDi Jl. Mawar.\n"
INSIDE = {
    "winmail.dat": (
        ("winmail.dat", "application/ms-tnef", WINMAIL),
        HEARD["rich text"],
        {"part:1/0": "foto.jpg", "part:1/1": "b.pdf"},
    ),
    "winmail.dat of another type": (
        ("ATT00001.bin", OCTETS, WINMAIL),
        HEARD["rich text"],
        {"part:1/0": "foto.jpg", "part:1/1": "b.pdf"},
    ),
    "msg with a message within": (
        ("surat.msg", "application/vnd.ms-outlook", MSG),
        f"{WORDS}\n\n{WORDS}",
        {"part:1": "surat.msg", "part:1/0": "foto.jpg", "part:1/1/0": "c.jpg"},
    ),
    "eml": (
        ("surat.eml", OCTETS, eml(WORDS, ("foto.jpg", "image/jpeg", PHOTO))),
        WORDS,
        {"part:1": "surat.eml", "part:1/1": "foto.jpg"},
    ),
    "winmail.dat in an eml": (
        ("surat.eml", OCTETS, eml("", ("winmail.dat", OCTETS, WINMAIL))),
        HEARD["rich text"],
        {"part:1": "surat.eml", "part:1/1/0": "foto.jpg", "part:1/1/1": "b.pdf"},
    ),
    "an eml in a winmail.dat": (
        ("winmail.dat", OCTETS, outlook.winmail({}, [file_of("a.eml", eml(WORDS))])),
        WORDS,
        {"part:1/0": "a.eml"},
    ),
    "a winmail.dat in a winmail.dat": (
        ("winmail.dat", OCTETS, outlook.winmail({}, [{(CONTENT, OBJECT): outlook.MESSAGE + WINMAIL}])),
        HEARD["rich text"],
        {"part:1/0/0": "foto.jpg", "part:1/0/1": "b.pdf"},
    ),
    "a text file": (("laporan.txt", "text/plain", WORDS.encode()), WORDS, {"part:1": "laporan.txt"}),
    "a text file of no type": (("laporan.txt", OCTETS, WORDS.encode("cp1252")), WORDS, {"part:1": "laporan.txt"}),
    "a page": (("a.html", "text/html", b"<p>Lampu padam</p>"), "Lampu padam", {"part:1": "a.html"}),
    "rich text": (("a.rtf", "application/rtf", RTF), HEARD["rich text"], {"part:1": "a.rtf"}),
    "a table is no text": (("a.csv", "text/csv", b"a;b"), "", {"part:1": "a.csv"}),
}


@pytest.mark.parametrize(("file", "text", "files"), INSIDE.values(), ids=INSIDE)
def test_a_report_that_is_inside(file: tuple[str, str, bytes], text: str, files: dict[str, str]) -> None:
    raw = mail(file)
    read = read_mail(raw)
    assert read.text == text
    assert {item.reference: item.name for item in read.attachments} == files
    assert_found_again(raw, read)


def assert_found_again(raw: bytes, read: Mail) -> None:
    for item in read.attachments:
        data = attachment_bytes(raw, item.reference or "")
        assert (len(data), hashlib.sha256(data).hexdigest()) == (item.size, item.digest)


def test_a_photo_within_is_the_photo() -> None:
    assert attachment_bytes(mail(("winmail.dat", OCTETS, WINMAIL)), "part:1/0") == PHOTO
    assert attachment_bytes(mail(("a.msg", OCTETS, MSG)), "part:1/1/0") == b"c"


def test_own_words_come_first_and_the_files_are_there_all_the_same() -> None:
    read = read_mail(mail(("winmail.dat", "application/ms-tnef", WINMAIL), text="Mohon dilihat."))
    assert (read.text, [item.name for item in read.attachments]) == ("Mohon dilihat.", ["foto.jpg", "b.pdf"])


def test_a_mail_without_a_subject_has_that_of_the_mail_inside() -> None:
    assert read_mail(mail(("a.eml", OCTETS, eml(WORDS)))).subject == "Di dalam"


@pytest.mark.parametrize(
    ("name", "kind", "doubts"),
    [
        ("a.pdf", "application/pdf", ("text-in-attachment",)),
        ("a.docx", OCTETS, ("text-in-attachment",)),
        ("a.jpg", "image/jpeg", ()),
        ("a.ogg", "audio/ogg", ()),
    ],
)
def test_a_text_that_only_people_can_read_is_pointed_out(name: str, kind: str, doubts: tuple[str, ...]) -> None:
    assert read_mail(mail((name, kind, b"%"), subject="Laporan")).doubts == doubts
    assert read_mail(mail((name, kind, b"%"), text="Terlampir.")).doubts == ()


def test_files_within_the_words() -> None:
    raw = b"From: warga@example.id\n\n" + UU
    read = read_mail(raw)
    assert read.text == "Lubang besar.\n\n\nDi Jl. Mawar."
    assert [(item.name, item.size, item.reference) for item in read.attachments] == [("foto.gif", 3, "part:0/0")]
    assert attachment_bytes(raw, "part:0/0") == b"Cat"


UUENCODED = {
    "no end": (b"begin 644 a\n#0V%T\n", b"", [b"Cat"]),
    "junk behind the last digit": (b"begin 644 a\n#0V%T,\n`\nend\n", b"\n", [b"Cat"]),
    "two": (b"begin 644 a\n#0V%T\n`\nend\nbegin 600 b\n#0V%T\nend\n", b"\n\n", [b"Cat", b"Cat"]),
    "a sentence": (b"begin 644 orang\nyang lewat\n", b"begin 644 orang\nyang lewat\n", []),
    "no file": (b"Halo", b"Halo", []),
    "very many that are none": (b"begin 644 a\n!AA\n" * 5_000, b"begin 644 a\n!AA\n" * 5_000, []),
}


@pytest.mark.parametrize(("data", "rest", "files"), UUENCODED.values(), ids=UUENCODED)
def test_uuencoded(data: bytes, rest: bytes, files: list[bytes]) -> None:
    words, found = uuencoded.split(data)
    assert (words, [uuencoded.decoded(lines) for _, lines in found]) == (rest, files)


def test_of_very_many_words_in_files_the_first_are_read_and_the_others_stay_files() -> None:
    letters = rb"{\rtf1 Lampu padam. " + rb"\'e9a" * 20_000 + b"}"
    read = read_mail(mail(*(("a.rtf", "text/rtf", letters) for _ in range(9))))
    assert read.text.startswith("Lampu padam. \u00e9a\u00e9a") and read.text.count("Lampu padam.") < 4
    assert "cut" in read.doubts and [file.size for file in read.attachments] == [len(letters)] * 9


@pytest.mark.parametrize("text", ["= " * 5_000, "Lampu=20padam =  \npadam"])
def test_blanks_behind_the_lines_of_quoted_printable_are_left_out(text: str) -> None:
    raw = f"From: a@b.id\nContent-Transfer-Encoding: quoted-printable\n\n{text}".encode()
    assert "".join(read_mail(raw).text.split()) in ("=" * 5_000, "Lampupadampadam")


def test_rich_text_is_unpacked_as_in_the_specification() -> None:
    assert rtf.unpacked(COMPRESSED) == HELLO
    assert rtf.to_text(HELLO) == "hello world"


def test_of_rich_text_that_grows_without_end_a_part_is_read() -> None:
    again = b"\xff" + b"\x0c\xf0\x0d\xff" * 4
    assert len(rtf.unpacked(struct.pack("<II4sI", 9, 9, b"LZFu", 0) + again * 200_000)) < rtf.LIMIT + 200


@pytest.mark.parametrize(
    "reference", ["part:1/9", "part:1/1", "part:1/0/0", "part:0/0", "part:1/" + "0/" * 9 + "0", "part:1/"]
)
def test_a_reference_to_nothing_inside_is_refused(reference: str) -> None:
    with pytest.raises(LookupError):
        attachment_bytes(mail(("surat.msg", OCTETS, MSG)), reference)


@pytest.mark.threat("P1-39")
def test_mails_in_mails_are_opened_to_a_depth_and_listed_below() -> None:
    raw = eml(WORDS)
    for _ in range(MAX_LETTERS_DEEP + 3):
        raw = eml("", ("a.eml", OCTETS, raw))
    read = read_mail(raw)
    assert (read.doubts, len(read.attachments)) == (("cut", "text-in-attachment"), MAX_LETTERS_DEEP + 1)
    assert_found_again(raw, read)


@pytest.mark.threat("P1-39")
def test_of_very_many_files_within_the_first_are_listed() -> None:
    files = [file_of(f"{number}.txt", b"x") for number in range(MOST_FILES + 50)]
    for data in (outlook.winmail(SAID["plain"], files), msg_file(SAID["plain"], [*files])):
        read = read_mail(mail(("a.dat", OCTETS, data), ("b.dat", OCTETS, data)))
        assert "cut" in read.doubts and len(read.attachments) == MOST_FILES


@pytest.mark.threat("P1-39")
def test_a_compound_file_that_leads_in_circles_is_refused() -> None:
    """Each entry of the table of sectors leads to itself, and each storage to the root."""
    table = MSG.rindex(struct.pack("<I", 0xFFFFFFFD))
    start = table // 512 * 512
    circles = MSG[:start] + struct.pack("<128I", *range(128)) + MSG[start + 512 :]
    assert msg.read(circles) is None or len(read_mail(mail(("a.msg", OCTETS, circles))).attachments) < MOST_FILES


@pytest.mark.parametrize("size", [0, 4, 511, 512, 600, 1024, 2048, len(MSG) - 1])
def test_a_message_cut_short_stays_a_file(size: int) -> None:
    read = read_mail(mail(("surat.msg", OCTETS, MSG[:size] or b"?")))
    assert "surat.msg" in [item.name for item in read.attachments]


@pytest.mark.parametrize("size", range(0, len(WINMAIL), 97))
def test_a_winmail_cut_short_stays_a_file(size: int) -> None:
    raw = mail(("winmail.dat", OCTETS, WINMAIL[:size] or b"?"))
    read = read_mail(raw)
    assert read.attachments
    assert_found_again(raw, read)


CONTAINERS = {"winmail.dat": WINMAIL, "msg": MSG, "rich text": outlook.rich_text(RTF), "copied": COMPRESSED}


def spoilt(data: bytes) -> st.SearchStrategy[bytes]:
    change = st.tuples(st.integers(0, len(data) - 1), st.binary(min_size=1, max_size=8))
    return st.lists(change, max_size=6).map(lambda changes: _changed(data, changes))


def _changed(data: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    for at, octets in changes:
        data = data[:at] + octets + data[at + len(octets) :]
    return data


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(CONTAINERS)).flatmap(lambda name: spoilt(CONTAINERS[name])))
def test_spoilt_containers_are_read_or_left(data: bytes) -> None:
    raw = mail(("a.bin", OCTETS, data), ("a.rtf", OCTETS, rtf.unpacked(data)))
    read = read_mail(raw)
    assert len(read.attachments) <= MOST_FILES
    assert_found_again(raw, read)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_octets_behind_the_signs_are_read_or_left(data: bytes) -> None:
    assert tnef.read(tnef.SIGNATURE + data) is not None
    assert msg.read(compound.MAGIC + data) is None
    assert len(rtf.to_text(rb"{\rtf1" + data)) <= 300


def test_a_file_is_written_as_base64_or_as_it_is() -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
    head += b"Content-Transfer-Encoding: base64\n\n"
    assert read_mail(head + base64.encodebytes(eml(WORDS)) + b"--b--\n").text == WORDS
