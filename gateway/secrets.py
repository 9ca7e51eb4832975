"""Secrets from the environment, from files, or made at first start.

Nothing here, neither a message nor a hint, repeats a secret or what stands in its place.
"""

import os
import re
import secrets
import stat
from pathlib import Path
from typing import Any

import msgspec

from adapters.settings import Secret
from gateway.durable import sync_directory, write_draft

FORMS = '{ env = "NAME" }, { file = "PATH" } or { made = "NAME" }'
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Unusable(ValueError):
    """A secret or a path cannot be had; `hint` says what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class Absent(Unusable):
    """There is nothing yet at the place that is named."""


class NotKept(Unusable):
    """The data folder takes no secrets: whichever was to be made, nothing is wrong with it."""


class Source(msgspec.Struct, frozen=True):
    """Where secrets come from: `base` is what relative paths start from; those we make are kept in `data`/secrets.

    With `make` false, one that is not made yet is replaced by a random one, so that settings can be checked without
    leaving a trace.
    """

    base: Path
    data: Path
    make: bool = False

    def read(self, value: Any) -> Secret:
        """The secret that a setting's value stands for. Raises `Unusable`; `NotKept` where it could not be made."""
        match value:
            case {"env": str(name), **rest} if not rest:
                return Secret(_from_environment(name))
            case {"file": str(path), **rest} if not rest:
                return Secret(_from_file(self.path(path)))
            case {"made": str(name), **rest} if not rest:
                return Secret(self._made(name))
            case str():
                raise Unusable("a secret is never written into this file", f"use {FORMS}")
            case _:
                raise Unusable("this is no way to name a secret", f"use {FORMS}")

    def file_of(self, value: Any) -> Path | None:
        """The file a setting's value names as the place of a secret."""
        match value:
            case {"file": str(path)}:
                return self.path(path)
            case _:
                return None

    def path(self, text: str) -> Path:
        """A path as the settings mean it. Raises `Unusable`."""
        if "\0" in text:
            raise Unusable("no path can hold a NUL character", "")
        try:
            return self.base / Path(text).expanduser()
        except RuntimeError:
            raise Unusable(f"there is no home folder for {text}", "write the path without '~'") from None

    def _made(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise Unusable(f"'{name}' cannot be the name of a made secret", "use letters, digits, '-', '_' and '.'")
        path = place(self.data, name)
        if _is_there(path):
            return _from_file(path)
        value = secrets.token_hex(16)
        return self._keep(path, value) if self.make else value

    def _keep(self, path: Path, value: str) -> str:
        """Put a new secret on disk, whole or not at all; if another process was faster, take its secret."""
        done = "made"
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            done = "written"
            path.parent.mkdir(mode=0o700, exist_ok=True)
            return _placed(path, value)
        except OSError as error:
            what = f"the data folder {self.data} cannot be {done}: {error.strerror}"
            raise NotKept(what, "it must be a folder of the user that runs Kanal") from None


def place(data: Path, name: str) -> Path:
    """The file of a made secret."""
    return data / "secrets" / name


def made(value: Any) -> set[str]:
    """The names of the secrets that settings have us make, wherever they stand in them."""
    match value:
        case {"made": str(name), **rest} if not rest:
            return {name}
        case dict():
            return set().union(*map(made, value.values()))
        case list():
            return set().union(*map(made, value))
    return set()


def exposed(path: Path) -> bool:
    """Can every user of this machine read the file?"""
    try:
        return bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    hint = 'export it, or use { file = "PATH" }'
    if value is None:
        raise Absent(f"environment variable {name} is not set", hint)
    if not value.strip():
        raise Unusable(f"environment variable {name} is empty", hint)
    return value


def _from_file(path: Path) -> str:
    try:
        value = path.read_text("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Unusable(f"file {path} is not text in UTF-8", "write the secret as one line of text") from None
    except OSError as error:
        kind = Absent if isinstance(error, FileNotFoundError) else Unusable
        raise kind(f"file {path} cannot be read: {error.strerror}", "create it with mode 0600") from None
    if not value.strip():
        raise Unusable(f"file {path} is empty", "write the secret into it as one line of text")
    return value


def _is_there(path: Path) -> bool:
    """False also where the folder may not be looked into; `Path.exists` raises then."""
    try:
        return path.exists()
    except PermissionError:
        return False


def _placed(path: Path, value: str) -> str:
    draft = write_draft(path, f"{value}\n".encode())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return _from_file(path)
    finally:
        draft.unlink()
    for folder in (path.parent, path.parent.parent):
        sync_directory(folder)
    return value
