"""Photos as others may see them: the picture, and nothing that tells where, when, with what and by whom it was taken.

EXIF, XMP, comments, thumbnails and what is hidden behind the picture are lost because it is painted anew: nothing of
the file itself is passed on. Pure, and for worker processes only, since it decodes what strangers made.
"""

from io import BytesIO

from PIL import Image

from gateway import pictures

MEDIA_TYPE = "image/jpeg"
LONGEST_SIDE = 2560
QUALITY = 85


def cleaned(data: bytes) -> bytes | None:
    """The picture as a JPEG of at most `LONGEST_SIDE` pixels each way, upright, of an animation the first frame.

    None if it is none of `gateway.pictureformats.FORMATS`, damaged or too large: then nothing of it may be passed on.
    Raises MemoryError.
    """
    try:
        with pictures.opened(data) as image:
            return _repainted(image)
    except MemoryError:
        raise
    except Exception:  # Pillow lets through whatever its decoders raise over a damaged file
        return None


def _repainted(image: Image.Image) -> bytes:
    written = BytesIO()
    pictures.painted(image, LONGEST_SIDE).save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
