"""What it costs to unpack a picture, found without doing it: small files can claim any number of pixels, and a JPEG any
number of passes over them. Pure."""

import re

from PIL import Image

#: Octets a pixel as measured, with all that Pillow and its libraries hold at once.
_OF_FORMAT = {"WEBP": 17, "HEIF": 10}
_OF_MODE = {"1": 1, "L": 1, "P": 1, "I;16": 2, "LA": 8, "PA": 8, "RGBA": 8}
_OTHERWISE = 4

#: What a decoder does next (ITU-T T.81, B.1.1.2): 0xFF is followed by zero, or by more of it, where it is no marker.
_MARKER = re.compile(rb"\xff([^\x00\xff])")
_END, _SCAN = 0xD9, 0xDA
#: RST0-7 and SOI have no length, nor have markers below SOF0, which decoders skip.
_BARE = frozenset({*range(0x01, 0xC0), *range(0xD0, 0xD9)})


def octets(image: Image.Image, pixels: int, scans: int = 1) -> int:
    """Of memory, for a picture of so many `pixels` that may be drafted smaller. A JPEG of several scans is held whole
    until the last one, two octets for each pixel and colour."""
    each = _OF_FORMAT.get(image.format or "", _OF_MODE.get(image.mode, _OTHERWISE))
    whole = 2 * len(image.getbands()) * pixels if scans > 1 else 0
    return each * image.width * image.height + whole


def scans(data: bytes, most: int) -> int:
    """How often a JPEG goes over its pixels; counting ends above `most`."""
    if data.count(b"\xff\xda") <= 1:
        return 1
    count, at = 0, 0
    while count <= most and (found := _MARKER.search(data, at)):
        marker, at = found[1][0], found.end()
        if marker == _END:
            break
        count += marker == _SCAN
        at += 0 if marker in _BARE else int.from_bytes(data[at : at + 2], "big")
    return count
