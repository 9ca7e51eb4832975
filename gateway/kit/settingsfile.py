"""A settings file that a command changes: whole or not at all, with a way back."""

import os
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.settings import Problem
from gateway import durable, resources, settings
from gateway.errors import ConfigError
from gateway.kit import questions

_SECRETS = "secrets"
_TABLE = re.compile(r"^\s*\[\[\s*channels\s*\]\]", re.MULTILINE)


class NewSecrets:
    """The secrets of a channel that is being added, beside the settings file in `folder`."""

    def __init__(self, folder: Path, channel: str) -> None:
        self._folder = folder
        self._channel = channel
        self._made: list[Path] = []
        #: Where each is to be found, by its setting.
        self.places: dict[str, str] = {}

    def named(self, key: str, written: str) -> dict[str, str] | None:
        """How the settings name it: "env:NAME", "file:PATH" or "made"; None if it is the secret itself."""
        form, colon, where = written.partition(":")
        if written == "made":
            form, where = "made", self._name(key)
        elif form not in {"env", "file"} or not colon or not where:
            return None
        self.places[key] = {"env": "environment variable ", "made": "secrets of the data folder, as "}.get(
            form, ""
        ) + where
        return {form: where}

    def keep(self, key: str, secret: str) -> dict[str, str]:
        """Put it into a file of its own. Raises FileExistsError."""
        path = self._folder / _SECRETS / self._name(key)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with open(path, "x", encoding="utf-8", opener=durable.for_its_owner) as file:
            file.write(f"{secret}\n")
        self._made.append(path)
        _given_to_owner_of(self._folder, path.parent, path)
        self.places[key] = f"{_SECRETS}/{path.name}"
        return {"file": self.places[key]}

    def take_back(self) -> None:
        for path in self._made:
            path.unlink()

    def _name(self, key: str) -> str:
        return f"{self._channel}-{key.replace('.', '-')}"


def with_channel(file: Path, values: Mapping[str, Any]) -> str:
    """The file's text, or that of the built-in settings, with one more channel at its end. Raises `ConfigError`."""
    base = file if file.exists() else resources.path("kanal.toml")
    listed = "channels" in settings.outline(base)
    text = base.read_text("utf-8")
    if listed and not _TABLE.search(text):
        hint = "write each of them as a table that begins with [[channels]]"
        raise ConfigError([Problem("channels", "are written as one list, to which no table can be added", hint)])
    return f"{text.rstrip()}\n\n{questions.in_toml(values)}"


def replace(file: Path, text: str) -> Path | None:
    """Put the text in place of the file's; returns where it is as it was, None if it is new."""
    draft = durable.write_draft(file, text.encode())
    before = None
    if file.exists():
        before = file.with_name(f"{file.name}.{time.strftime('%Y%m%d-%H%M%S')}")
        shutil.copy2(file, before)
        shutil.copymode(file, draft)
        _given_to_owner_of(file, before, draft)
    else:
        draft.chmod(0o644)
        _given_to_owner_of(file.absolute().parent, draft)
    draft.rename(file)
    durable.sync_directory(file.absolute().parent)
    return before


def _given_to_owner_of(like: Path, *paths: Path) -> None:
    """What root writes, the gateway's own user has to read."""
    if os.geteuid() == 0:
        owner = like.stat()
        for path in paths:
            os.chown(path, owner.st_uid, owner.st_gid)
