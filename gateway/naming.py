"""What reports are known by, in clear: names that only the key makes of messages and files.

A channel may name a message after its sender, time and words, and a small file can be guessed: a digest without a key
would tell whoever guesses right that they did.
"""

import hmac
from base64 import b32encode
from functools import lru_cache
from hashlib import sha256

from msgspec.structs import replace

from gateway.filed import Filed
from normalizer.message import Attachment


def report_id(key: bytes, channel: str, message: str) -> str:
    """ "r-" and 80 bits in base32: the same message makes the same report on every run. `key` is that of pseudonyms."""
    return "r-" + b32encode(_keyed(key, "report", channel, message)[:10]).decode("ascii").lower()


def talk_id(key: bytes, channel: str, contact: str, conversation: str) -> str:
    """ "t-" and 80 bits in base32, of a contact's conversation on a channel: "" is the private one."""
    return "t-" + b32encode(_keyed(key, "talk", channel, contact, conversation)[:10]).decode("ascii").lower()


def fetch_id(key: bytes, report: str, reference: str) -> str:
    """ "f-" and 160 bits in base32, of a report's file that lies with a provider: nobody can guess it."""
    return "f-" + b32encode(_keyed(key, "fetch", report, reference)[:20]).decode("ascii").lower()


def named(key: bytes, filed: Filed, report: str) -> Filed:
    """It as it is kept under this id: what stands in clear of files is keyed, too, and the same for the same file."""
    files = tuple(_named(key, report, attachment) for attachment in filed.masked.attachments)
    photos = tuple(file_name(key, photo) for photo in filed.fingerprint.photos)
    images = tuple(image_name(key, image) for image in filed.fingerprint.images)
    return Filed(
        replace(filed.report, id=report),
        replace(filed.masked, id=report, attachments=files),
        replace(filed.fingerprint, report=report, photos=photos, images=images),
    )


def _named(key: bytes, report: str, attachment: Attachment) -> Attachment:
    """Who has a provider's own name of a file, and our token there, has the file."""
    if attachment.digest:
        return replace(attachment, digest=file_name(key, attachment.digest), reference=None)
    return replace(attachment, reference=attachment.reference and fetch_id(key, report, attachment.reference))


def file_name(key: bytes, digest: str) -> str:
    """As long as the digest in hex, or the beginning of one, that it stands for."""
    return _keyed(key, "file", digest).hex()[: len(digest)]


def image_name(key: bytes, image: str) -> str:
    """A dHash, 16 hex digits, as it stands in clear: its bits in an order, and some of them turned, that only the key
    tells. As many bits lie between two as between those that they stand for. Raises ValueError if it is none."""
    order, turned = _bits(key)
    bits = int(image, 16)
    moved = sum((bits >> place & 1) << number for number, place in enumerate(order))
    return f"{moved ^ turned:016x}"


@lru_cache(maxsize=8)
def _bits(key: bytes) -> tuple[tuple[int, ...], int]:
    order = sorted(range(64), key=lambda place: _keyed(key, "image", str(place)))
    return tuple(order), int.from_bytes(_keyed(key, "image")[:8])


def _keyed(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, "\0".join(parts).encode("utf-8", "surrogatepass"), sha256)
