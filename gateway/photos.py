"""Photos as others may see them: the picture, and nothing that tells where, when, with what and by whom it was taken.

EXIF, XMP, comments, thumbnails and what is hidden behind the picture are lost because it is painted anew: nothing of
the file itself is passed on. Pure, and for worker processes only, since it decodes what strangers made.
"""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"
#: Of phones, some take 108 million; a picture of a few kilobytes can claim any number.
MOST_PIXELS = 120_000_000
LONGEST_SIDE = 2560
QUALITY = 85


def cleaned(data: bytes) -> bytes | None:
    """The picture as a JPEG of at most `LONGEST_SIDE` pixels each way, upright, of an animation the first frame.

    None if it is none of `FORMATS`, damaged or too large: then nothing of it may be passed on. Raises MemoryError.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=FORMATS) as image:
            return _repainted(image) if image.width * image.height <= MOST_PIXELS else None
    except MemoryError:
        raise
    except Exception:  # Pillow lets through whatever its decoders raise over a damaged file
        return None


def _repainted(image: Image.Image) -> bytes:
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than is needed
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = _upright(image)
    canvas = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        canvas.paste(upright, mask=upright)
    else:
        canvas.paste(upright.convert("RGB"))
    written = BytesIO()
    canvas.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its camera said; as it is where that cannot be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image
