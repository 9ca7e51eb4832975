"""The master key: 32 bytes that open all others. It is never in the database: the environment or a file of the
operator's holds it, or it is made at first start, beside the data."""

import base64
import binascii
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

from adapters.settings import Secret
from gateway.durable import write_new

FILE = "master.key"
STORE = "kanal.db"
KEY_BYTES = 32


def master_key(folder: Path, given: Secret | None) -> bytes:
    """The key that the settings name, else the one beside the data. Raises ValueError or OSError, saying what to do."""
    return decoded(given.reveal()) if given else _kept(folder / FILE)


def made_if_new(folder: Path, given: Secret | None) -> bytes:
    """`master_key`; where there are neither a key nor data yet, it is made, with mode 0600."""
    path = folder / FILE
    if given is None and not path.exists() and not (folder / STORE).exists():
        write_new(path, os.urandom(KEY_BYTES))
    return master_key(folder, given)


def written_out() -> str:
    """A new key, as the environment or a file of the operator's would hold it."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def decoded(text: str) -> bytes:
    """The key in a setting: 32 bytes in base64 or hex. Raises ValueError."""
    for read in (bytes.fromhex, _from_base64):
        try:
            key = read(text.strip())
        except ValueError:
            continue
        if len(key) == KEY_BYTES:
            return key
    raise ValueError(f"the master key must be {KEY_BYTES} bytes in base64 or hex")


def problem(given: Secret) -> tuple[str, str] | None:
    """What is wrong with a key in the settings, and what to do about it."""
    try:
        decoded(given.reveal())
    except ValueError as error:
        return str(error), "`kanal secret make` prints a new one"
    return None


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError from error


async def change(folder: Path, wrap: Callable[[bytes], Awaitable[None]]) -> None:
    """Replace the key beside the data by a new one, under which `wrap` puts everything. Until that is proven the file
    holds both, so that however this ends, what is there opens the data. Raises ValueError or OSError."""
    path = folder / FILE
    old, new = _kept(path), os.urandom(KEY_BYTES)
    write_new(path, new + old)
    await wrap(new)
    write_new(path, new)


def make_file(path: Path) -> bytes:
    """The key in a file of the operator's, which is made with mode 0600 if it is not there. Raises ValueError or
    OSError."""
    if not path.exists():
        write_new(path, f"{written_out()}\n".encode())
    return decoded(path.read_text("ascii"))


def _kept(path: Path) -> bytes:
    """A new one would open nothing of what is kept, so a lost one is never replaced."""
    if not path.exists():
        raise ValueError(f"{path} is missing, but there are data that need it: restore it from a backup")
    key = path.read_bytes()
    if not key or len(key) % KEY_BYTES:  # several, if changing it was cut short
        raise ValueError(f"{path} does not hold {KEY_BYTES} bytes: restore it from a backup")
    return key
