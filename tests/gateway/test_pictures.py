"""What is read of a picture: its size, what its camera says, and by what it is known again."""

import struct
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from gateway import pictures, unpacking
from gateway.photos import cleaned
from tests.gateway.test_photos import GPS_INFO, ORIENTATION, SECRET, file, opened, picture, png_that_claims

#: 96 x 72 pixels, as `heif-enc` makes it of a JPEG with EXIF: taken in Jakarta.
HEIC = (Path(__file__).parent / "pictures" / "phone.heic").read_bytes()
EXIF = 0x8769
NEAR = 6


def scene(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Something with light and shade."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    drawing = ImageDraw.Draw(image)
    width, height = size
    drawing.ellipse((width // 8, height // 8, width // 2, height // 2), fill=(240, 240, 90))
    drawing.rectangle((width * 5 // 8, height // 4, width * 7 // 8, height * 7 // 8), fill=(30, 60, 20))
    return image


def taken(gps: dict[int, object] | None = None, at: dict[int, str] | None = None, orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[ORIENTATION] = orientation
    made.get_ifd(GPS_INFO).update(gps or {})
    made.get_ifd(EXIF).update(at or {})
    return made


def looks(content: bytes) -> int:
    found = pictures.read(content)
    assert found is not None and found.hash is not None
    return int(found.hash, 16)


def apart(one: bytes, other: bytes) -> int:
    return (looks(one) ^ looks(other)).bit_count()


ORIGINAL = file("PNG", scene())
SAME = {
    "as a JPEG": file("JPEG", scene(), quality=85),
    "as a poor JPEG": file("JPEG", scene(), quality=20),
    "as a WebP": file("WEBP", scene(), quality=60),
    "smaller": file("JPEG", scene().resize((160, 120))),
    "larger": file("JPEG", scene().resize((1900, 1425))),
    "in grey": file("JPEG", scene().convert("L")),
    "on its side, with a word of it": file(
        "JPEG", scene().transpose(Image.Transpose.ROTATE_90), exif=taken(orientation=6)
    ),
    "cleaned": cleaned(ORIGINAL) or b"",
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME.keys())
def test_a_picture_is_known_again(content: bytes) -> None:
    assert apart(ORIGINAL, content) <= NEAR


def test_others_are_told_apart() -> None:
    mirrored = file("JPEG", scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    upside_down = file("JPEG", scene().transpose(Image.Transpose.FLIP_TOP_BOTTOM))
    assert min(apart(ORIGINAL, mirrored), apart(ORIGINAL, upside_down)) > 3 * NEAR


@pytest.mark.parametrize("colour", ["black", "white", "red"])
def test_a_picture_of_nothing_is_like_no_other(colour: str) -> None:
    found = pictures.read(file("JPEG", Image.new("RGB", (300, 200), colour)))
    assert found == pictures.Picture(300, 200, None)


def test_a_photo_of_an_iphone_is_read_like_any_other() -> None:
    found = pictures.read(HEIC)
    assert found is not None and found.hash
    assert (found.width, found.height) == (96, 72)
    assert found.position == (-6.175, 106.82)
    assert found.taken_at == datetime(2026, 11, 2, 7, 30, tzinfo=timezone(timedelta(hours=7)))


@pytest.mark.threat("P0-32")
def test_nothing_but_the_picture_is_left_of_a_photo_of_an_iphone() -> None:
    content = cleaned(HEIC)
    assert SECRET in HEIC
    assert content is not None and SECRET not in content
    assert (opened(content).size, len(opened(content).getexif())) == ((96, 72), 0)


JAKARTA = {1: "S", 2: (6.0, 10.0, 30.0), 3: "E", 4: (106.0, 49.0, 12.0)}
POSITIONS: dict[str, tuple[dict[int, object], tuple[float, float] | None]] = {
    "in the south and east": (dict(JAKARTA), (-6.175, 106.82)),
    "in the north and west": ({1: "N", 2: (6.0, 0.0, 0.0), 3: "W", 4: (1.5, 0.0, 0.0)}, (6.0, -1.5)),
    "nowhere": ({}, None),
    "half of one": ({1: "S", 2: (6.0, 10.0, 30.0)}, None),
    "the zero of a camera that does not know": ({2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}, None),
    "beyond the pole": ({**JAKARTA, 2: (96.0, 0.0, 0.0)}, None),
    "too many minutes": ({**JAKARTA, 2: (6.0, 77.0, 0.0)}, None),
    "one number": ({**JAKARTA, 2: 6.175}, None),
}


@pytest.mark.parametrize(("gps", "position"), POSITIONS.values(), ids=POSITIONS.keys())
def test_where_it_was_taken(gps: dict[int, object], position: tuple[float, float] | None) -> None:
    found = pictures.read(file("JPEG", scene((64, 48)), exif=taken(gps)))
    assert found is not None and found.position == position


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ({0x9003: "2026:11:02 07:30:00"}, datetime.fromisoformat("2026-11-02T07:30:00")),
        ({0x9003: "2026:11:02 07:30:00", 0x9011: "+07:00"}, datetime.fromisoformat("2026-11-02T07:30:00+07:00")),
        ({0x9003: "0000:00:00 00:00:00"}, None),
        ({0x9003: "kemarin"}, None),
    ],
    ids=["no zone", "with its zone", "a clock that was never set", "words"],
)
def test_when_it_was_taken(at: dict[int, str], when: datetime | None) -> None:
    found = pictures.read(file("JPEG", scene((64, 48)), exif=taken(at=at)))
    assert found is not None and found.taken_at == when


def test_a_picture_lying_on_its_side_has_the_size_that_is_seen() -> None:
    found = pictures.read(file("JPEG", picture((64, 32)), exif=taken(orientation=8)))
    assert found is not None and (found.width, found.height) == (32, 64)


@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.threat("P1-38")
def test_what_is_too_large_to_be_compared_is_measured(compared: bool) -> None:
    assert pictures.read(png_that_claims(8_000, 8_000), compared) == pictures.Picture(8_000, 8_000, None)


@pytest.mark.parametrize("content", [b"", b"words", b"<svg/>", png_that_claims(11_000, 11_000), ORIGINAL[:30]])
@pytest.mark.threat("P1-38")
def test_what_is_no_picture_that_may_be_opened_is_none(content: bytes) -> None:
    assert pictures.read(content) is None


def of_scans(count: int, size: tuple[int, int] = (64, 64), between: bytes = b"") -> bytes:
    """A progressive JPEG of one colour: a scan of its brightness, and more that change nothing."""
    width, height = size
    blocks = (width // 8) * (height // 8)
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + bytes([1, 0x11, 0])
    tables = (bytes([0]) + bytes([1, *[0] * 15, 0]), bytes([0x10]) + bytes([1, *[0] * 15, 0xE0]))
    head = [b"\xff\xd8", b"\xff\xdb", struct.pack(">HB", 67, 0), bytes([1] * 64), b"\xff\xc2", frame]
    head += [b"\xff\xc4\0\x14" + table for table in tables]
    first = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 0, 0) + bytes(blocks // 8 + 1)
    runs = bytes((blocks // 16_384 + 2) * 2)
    more = [
        between + b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 1, 63, 0x10 if number else 1) + runs
        for number in range(count - 1)
    ]
    return b"".join([*head, first, *more, b"\xff\xd9"])


@pytest.mark.threat("P1-38")
@pytest.mark.parametrize("between", [b"", b"\xff\xd0", b"\xff\x01", b"\xff\xff", b"\xff\xfe\0\x04ab"])
def test_a_jpeg_of_too_many_scans_is_not_opened(between: bytes) -> None:
    few, many = of_scans(pictures.MOST_SCANS, between=between), of_scans(pictures.MOST_SCANS + 1, between=between)
    assert pictures.read(few) == pictures.Picture(64, 64, None) and cleaned(few)
    assert (pictures.read(many), cleaned(many)) == (None, None)


@pytest.mark.threat("P1-38")
def test_of_a_large_jpeg_fewer_scans_are_enough() -> None:
    many = of_scans(30, (8_304, 8_304))
    assert (pictures.read(many), cleaned(many)) == (None, None)


def test_a_film_behind_a_photo_counts_for_nothing() -> None:
    moving = file("JPEG", scene(), progressive=True) + b"\xff\xda" * 100
    assert looks(moving) and cleaned(moving)


@pytest.mark.threat("P1-38")
@pytest.mark.parametrize(
    ("kind", "mode", "size", "shown"),
    [
        ("PNG", "RGB", (8_000, 8_000), True),
        ("PNG", "RGBA", (8_000, 5_600), False),
        ("WEBP", "RGB", (4_800, 3_900), True),
        ("WEBP", "RGB", (5_000, 4_200), False),
        ("HEIF", "RGB", (5_712, 4_284), True),
        ("HEIF", "RGB", (8_064, 6_048), False),
    ],
)
def test_what_takes_too_much_memory_is_known_by_its_head(
    kind: str, mode: str, size: tuple[int, int], shown: bool
) -> None:
    image = Image.new(mode, (1, 1))
    image.format, image._size = kind, size
    assert (unpacking.octets(image, size[0] * size[1]) <= pictures.MOST_OCTETS) is shown


@pytest.mark.threat("P1-38")
def test_what_takes_too_much_memory_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_COMPARED_OCTETS", 640 * 480 * 5)
    assert looks(ORIGINAL)
    assert pictures.read(file("PNG", scene().convert("RGBA"))) == pictures.Picture(640, 480, None)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_picture_raises_nothing(data: st.DataObject) -> None:
    telling = file("JPEG", scene((64, 48)), exif=taken(dict(JAKARTA), {0x9003: "2026:11:02 07:30:00"}))
    whole = bytearray(data.draw(st.sampled_from([HEIC, telling, file("GIF", picture()), file("BMP", picture())])))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = pictures.read(bytes(whole))
    assert found is None or (found.width > 0 and (found.hash is None or len(found.hash) == 16))
    content = cleaned(bytes(whole))
    assert content is None or Image.open(BytesIO(content)).format == "JPEG"
