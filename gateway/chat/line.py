"""What a citizen types at the terminal, as the channel takes it. Pure, but for the photo that is read."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

HELP = """what begins with a slash:
  /lokasi LINTANG,BUJUR   send a pin, as /lokasi -6.75,111.03
  /foto FILE              send a picture
  /tekan NUMBER           press a button of the last answer
  /keluar                 leave (also Ctrl-D)"""


class NotUnderstood(Exception):
    """What begins with a slash is none of ours; the message says what is."""


def made(typed: str, sender: str, buttons: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A line for the terminal's channel; `buttons` are id and label of those shown last. Raises `NotUnderstood`."""
    line: dict[str, Any] = {"id": uuid4().hex, "from": sender}
    if not typed.startswith("/"):
        return line | {"text": typed}
    verb, _, rest = typed.partition(" ")
    match verb:
        case "/lokasi":
            return line | _pin(rest)
        case "/foto":
            return line | {"photo": b64encode(_content(rest)).decode()}
        case "/tekan":
            return line | _pressed(rest, buttons)
    raise NotUnderstood(HELP)


def _pin(text: str) -> dict[str, float]:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        raise NotUnderstood("a pin is two numbers: /lokasi -6.75,111.03") from None
    return {"latitude": latitude, "longitude": longitude}


def _content(name: str) -> bytes:
    try:
        return Path(name.strip()).expanduser().read_bytes()
    except OSError as error:
        raise NotUnderstood(f"{name}: {error.strerror or error}") from None


def _pressed(number: str, buttons: Sequence[tuple[str, str]]) -> dict[str, str]:
    if not number.strip().isdecimal() or not 0 < int(number) <= len(buttons):
        raise NotUnderstood(f"there are {len(buttons)} buttons to press")
    identity, label = buttons[int(number) - 1]
    return {"choice": identity, "text": label}
