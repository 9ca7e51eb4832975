"""Codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds), and those that stand in for it."""

import base64
import hmac
import secrets
from collections.abc import Callable

import pyotp
import segno

SECRET_BYTES = 20
STEP_SECONDS = 30
#: A clock may be one step off (RFC 6238, 5.2).
STEPS_OFF = 1
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5


def secret(seed: bytes) -> str:
    """In base32; the same seed, of 20 bytes or more, makes the same one."""
    return base64.b32encode(seed[:SECRET_BYTES]).decode()


def picture(totp: str, name: str) -> str:
    """What an app reads with the camera, as a data: address of a picture."""
    address = pyotp.TOTP(totp).provisioning_uri(name=name, issuer_name="Kanal")
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff"))


def step_of(totp: str, code: str, now: float, after: int) -> int | None:
    """The time step of a code that is right now, or a moment off, and newer than the step `after`; else None."""
    made, typed = pyotp.TOTP(totp), "".join(code.split()).encode("utf-8", "replace")
    newest = int(now // STEP_SECONDS)
    for step in range(newest - STEPS_OFF, newest + STEPS_OFF + 1):
        if step > after and hmac.compare_digest(made.generate_otp(step).encode(), typed):
            return step
    return None


def recovery() -> list[str]:
    """New codes, of 49 random bits each, as in "k7mq2-x9wpa"."""
    return ["-".join(_letters() for _ in range(2)) for _ in range(RECOVERY_CODES)]


def without(code: str, kept: tuple[str, ...], name: Callable[[str], str]) -> tuple[str, ...] | None:
    """The hashes that are left once this code was used; None if it is none of them. `name` hashes one."""
    typed = name("".join(letter for letter in code.casefold() if letter.isalnum()))
    return tuple(one for one in kept if one != typed) if typed in kept else None


def names(made: list[str], name: Callable[[str], str]) -> tuple[str, ...]:
    """The hashes that are kept of new codes."""
    return tuple(name(code.replace("-", "")) for code in made)


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_HALF))
