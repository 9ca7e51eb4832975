"""What pictures are, and what they say of themselves: opened only as the one format that their bytes are.

Pure, and for worker processes only, since it decodes what strangers made.
"""

import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any

import msgspec
import pi_heif  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from gateway import unpacking
from gateway.pictureformats import FORMATS
from normalizer.filetype import found

#: Of phones, some take 108 million; a picture of a few kilobytes can claim any number.
MOST_PIXELS = 120_000_000
#: Of JPEGs: programs that save them for the web make 10 scans or so, and each goes over all pixels.
MOST_SCANS, MOST_SCANNED = 64, 2_000_000_000
#: Octets of memory for one that is painted anew; what it is painted on takes 70 million more.
MOST_OCTETS = 320_000_000
#: What is unpacked only to be compared: a JPEG is unpacked no larger than is needed, others are whole.
MOST_COMPARED_PIXELS = {"JPEG": 70_000_000}
MOST_COMPARED_OTHERWISE = 12_500_000
MOST_COMPARED_SCANNED = 250_000_000
MOST_COMPARED_OCTETS = 130_000_000

_WIDE, _HIGH = 9, 8
_ORIENTATION, _EXIF, _GPS, _TAKEN, _TAKEN_OFFSET = 0x0112, 0x8769, 0x8825, 0x9003, 0x9011
_TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d) (\d\d:\d\d:\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")

pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


class Picture(msgspec.Struct, frozen=True):
    """Width and height as it is to be seen. `position` (latitude, longitude) and `taken_at` are what its camera says
    of itself, or whoever changed it. `hash` is its dHash in hex, of few bits' difference for pictures that look alike;
    None if it shows nothing."""

    width: int
    height: int
    hash: str | None = None
    position: tuple[float, float] | None = None
    taken_at: datetime | None = None


def read(data: bytes, compared: bool = True) -> Picture | None:
    """What a picture says, without its hash unless it is to be `compared` with others; None if it is none. A damaged
    one has what can be read of it."""
    try:
        with opened(data) as image:
            return _read(image, compared)
    except Exception:  # Pillow lets through whatever its decoders raise; also MemoryError: it costs only itself
        return None


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """A picture, of which only the head was read so far; its info has "scans". Raises whatever Pillow does, and
    ValueError if it is none of `FORMATS` or too large."""
    kind = FORMATS.get(found(data).media_type)
    if kind is None:
        raise ValueError("it is no picture of a kind that is opened")
    with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=(kind,)) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("it has too many pixels")
        scans = unpacking.scans(data, MOST_SCANS) if kind == "JPEG" else 1
        if scans > MOST_SCANS or scans * image.width * image.height > MOST_SCANNED:
            raise ValueError("it has too many scans")
        image.info["scans"] = scans
        yield image


def painted(image: Image.Image, longest: int, most_octets: int = MOST_OCTETS) -> Image.Image:
    """Painted anew on white, upright, at most so many pixels each way. Raises ValueError if that takes more memory."""
    pixels = image.width * image.height
    image.draft(None, (longest, longest))  # a JPEG is unpacked no larger than is needed
    if unpacking.octets(image, pixels, image.info["scans"]) > most_octets:
        raise ValueError("it takes too much memory")
    image.thumbnail((longest, longest))
    upright = _upright(image)
    canvas = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        canvas.paste(upright, mask=upright)
    else:
        canvas.paste(upright.convert("RGB"))
    return canvas


def dhash(image: Image.Image) -> str | None:
    """Whether each of 8 x 8 fields is brighter than the one to its left: 64 bits in hex, of which re-encoding and
    resizing change few. None if those are all the same: it shows too little to be compared."""
    fields = image.convert("L").resize((_WIDE, _HIGH), Image.Resampling.BOX).tobytes()
    pairs = (pair for row in range(_HIGH) for pair in zip(_row(fields, row), _row(fields, row)[1:], strict=False))
    bits = "".join("1" if right > left else "0" for left, right in pairs)
    return f"{int(bits, 2):016x}" if len(set(bits)) > 1 else None


def _row(fields: bytes, row: int) -> bytes:
    return fields[row * _WIDE : (row + 1) * _WIDE]


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its camera said; as it is where that cannot be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _read(image: Image.Image, compared: bool) -> Picture:
    exif = _exif(image)
    turned = exif.get(_ORIENTATION) in {5, 6, 7, 8}
    width, height = image.size[::-1] if turned else image.size
    position, taken_at = _position(exif), _taken_at(exif)
    most = MOST_COMPARED_PIXELS.get(image.format or "", MOST_COMPARED_OTHERWISE)
    few = width * height <= most and image.info["scans"] * width * height <= MOST_COMPARED_SCANNED
    looks = _looks(image) if compared and few else None
    return Picture(width, height, looks, position, taken_at)


def _looks(image: Image.Image) -> str | None:
    try:
        return dhash(painted(image, 32 * _HIGH, MOST_COMPARED_OCTETS))
    except Exception:  # damaged or larger than the memory
        return None


def _exif(image: Image.Image) -> Image.Exif:
    """Of a PNG Pillow would unpack the whole picture to look for some behind it."""
    try:
        return image.getexif() if image.format != "PNG" or "exif" in image.info else Image.Exif()
    except Exception:
        return Image.Exif()


def _position(exif: Image.Exif) -> tuple[float, float] | None:
    """Degrees of WGS 84; what is out of range, or the zero of a camera that did not know, is no position."""
    try:
        gps = exif.get_ifd(_GPS)
        latitude, longitude = _degrees(gps[2], gps[1] == "S"), _degrees(gps[4], gps[3] == "W")
    except Exception:
        return None
    known = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)
    return (latitude, longitude) if known else None


def _degrees(parts: Any, negative: bool) -> float:
    """Raises ValueError, TypeError or ZeroDivisionError."""
    degrees, minutes, seconds = map(float, parts)
    whole = degrees + minutes / 60 + seconds / 3600
    if not (math.isfinite(whole) and degrees >= 0 and 0 <= minutes < 60 and 0 <= seconds < 60):
        raise ValueError("it is no angle")
    return round(-whole if negative else whole, 6)


def _taken_at(exif: Image.Exif) -> datetime | None:
    """Naive where the camera does not say its zone."""
    try:
        values = exif.get_ifd(_EXIF)
        day = _TIME.match(str(values.get(_TAKEN, "")))
        offset = _OFFSET.match(str(values.get(_TAKEN_OFFSET, "")))
        return (
            datetime.fromisoformat(f"{day[1]}-{day[2]}-{day[3]}T{day[4]}{offset[0] if offset else ''}") if day else None
        )
    except Exception:
        return None
