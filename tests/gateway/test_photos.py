"""What others are shown of a photo: the picture. Who, where, when and with what stays behind, and so does all else."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gateway import photos
from gateway.photos import cleaned

SECRET = b"Budi-08111000001"
GPS_INFO, ORIENTATION, ARTIST, CAMERA = 0x8825, 0x0112, 0x013B, 0x0110
RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def exif(**more: int) -> Image.Exif:
    made = Image.Exif()
    made[ARTIST], made[CAMERA] = SECRET.decode(), SECRET.decode()
    made.get_ifd(GPS_INFO).update({1: "S", 2: (6.0, 10.0, 30.0), 29: SECRET.decode()})
    for name, value in more.items():
        made[{"orientation": ORIENTATION}[name]] = value
    return made


def file(kind: str, image: Image.Image | None = None, **values: Any) -> bytes:
    written = BytesIO()
    (image or picture()).save(written, kind, **values)
    return written.getvalue()


def text_in_png() -> bytes:
    notes = PngInfo()
    notes.add_text("Author", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return file("PNG", pnginfo=notes, exif=exif())


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    image = Image.open(BytesIO(content))
    image.load()
    return image


def colours(image: Image.Image, *places: tuple[int, int]) -> list[str]:
    """Which of the three is strongest there."""
    return ["RGB"[max(range(3), key=lambda part: image.getpixel(place)[part])] for place in places]  # type: ignore[index]


TELLING = {
    "JPEG with EXIF, place and all": file("JPEG", exif=exif()),
    "JPEG with a comment": file("JPEG", comment=SECRET),
    "JPEG with XMP": file("JPEG", xmp=SECRET),
    "JPEG with a colour profile": file("JPEG", icc_profile=SECRET * 10),
    "JPEG with a thumbnail that shows more": file("JPEG") + b"\xff\xd8" + SECRET,
    "JPEG that is an archive as well": file("JPEG") + b"PK\x03\x04" + SECRET,
    "PNG with texts": text_in_png(),
    "PNG with more behind its end": file("PNG") + SECRET,
    "WebP with EXIF and XMP": file("WEBP", exif=exif(), xmp=SECRET),
}


@pytest.mark.threat("P0-32")
@pytest.mark.parametrize("telling", TELLING.values(), ids=TELLING.keys())
def test_nothing_but_the_picture_is_left(telling: bytes) -> None:
    assert SECRET in telling
    content = cleaned(telling)
    image = opened(content)
    assert content is not None and SECRET not in content
    assert (image.format, image.size, len(image.getexif())) == ("JPEG", (64, 32), 0)
    assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert colours(image, (5, 5), (60, 5)) == ["R", "B"]


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (64, 32), (5, 5)), (3, (64, 32), (60, 5)), (6, (32, 64), (5, 5)), (8, (32, 64), (5, 60))],
    ids=["upright", "upside down", "to be turned right", "to be turned left"],
)
def test_it_stands_upright_though_nothing_says_any_more_how_it_was_held(
    orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    image = opened(cleaned(file("JPEG", exif=exif(orientation=orientation))))
    assert image.size == size
    assert colours(image, red) == ["R"]


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "RGB"])
def test_every_way_to_store_colours_is_read(mode: str) -> None:
    made = file("JPEG" if mode == "CMYK" else "PNG", picture(mode=mode))
    assert opened(cleaned(made)).size == (64, 32)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_is_white(kind: str) -> None:
    image = opened(cleaned(file(kind, Image.new("RGBA", (16, 16), (0, 0, 0, 0)))))
    assert image.getpixel((8, 8)) == (255, 255, 255)


def test_of_an_animation_the_first_picture_is_shown() -> None:
    made = file("WEBP", save_all=True, append_images=[Image.new("RGB", (64, 32), BLUE)])
    assert colours(opened(cleaned(made)), (5, 5)) == ["R"]


def test_a_large_one_is_made_smaller_in_proportion() -> None:
    assert opened(cleaned(file("JPEG", picture((4000, 1000))))).size == (photos.LONGEST_SIDE, photos.LONGEST_SIDE // 4)


def test_the_largest_that_phones_take_are_shown() -> None:
    made = file("JPEG", Image.new("L", (12_000, 9_000), 128), quality=1)
    assert opened(cleaned(made)).size == (photos.LONGEST_SIDE, photos.LONGEST_SIDE * 3 // 4)


def test_cleaning_gives_the_same_each_time() -> None:
    assert cleaned(file("JPEG", exif=exif())) == cleaned(file("JPEG"))


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


NOT_PASSED_ON: dict[str, Callable[[], bytes]] = {
    "nothing": bytes,
    "text": lambda: b"just words",
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "a drawing with a script in it": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a document": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + SECRET,
    "a kind that is not read": lambda: file("TIFF"),
    "half a photo": lambda: file("JPEG", picture((640, 320)))[:900],
    "the beginning of a photo": lambda: file("JPEG")[:20],
    "more pixels than any camera": lambda: png_that_claims(11_000, 11_000),
    "a bomb": lambda: png_that_claims(2**31 - 1, 2**31 - 1),
    "no pixel at all": lambda: png_that_claims(0, 0),
}


@pytest.mark.threat("P1-38")
@pytest.mark.parametrize("made", NOT_PASSED_ON.values(), ids=NOT_PASSED_ON.keys())
def test_what_cannot_be_cleaned_is_not_passed_on(made: Callable[[], bytes]) -> None:
    assert cleaned(made()) is None


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_photo_is_cleaned_or_nothing(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([TELLING[name] for name in sorted(TELLING)])))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    content = cleaned(bytes(whole))
    assert content is None or (SECRET not in content and opened(content).format == "JPEG")
