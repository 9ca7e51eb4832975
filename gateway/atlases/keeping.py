"""The atlas in the data folder: the one in force, and the one before the last import, to go back to."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from adapters.settings import Problem
from gateway.atlases import official
from gateway.atlases.made import Kept, Kind, Made
from gateway.durable import sync_directory, write_draft, write_new
from gateway.errors import ConfigError
from normalizer.places.areas import area_name, area_of
from normalizer.places.atlas import NO_ATLAS, Atlas, Shape

FOLDER = "areas"
FILE, BEFORE = "atlas.json", "atlas.before.json"

#: Where an atlas has what is imported of each kind.
_PLACES: dict[Kind, str] = {
    "areas": "areas",
    "streets": "streets",
    "landmarks": "landmarks",
    "aliases": "aliases",
    "neighbours": "neighbours",
    "pins": "placeholders",
}

_decode = msgspec.json.Decoder(Atlas).decode
_encode = msgspec.json.Encoder().encode


class Changes(NamedTuple):
    """Names or codes of what an import adds, removes, and changes."""

    added: list[str]
    removed: list[str]
    changed: list[str]


def load(data: Path | None, region: str) -> Atlas:
    """What was imported, made whole for look-ups: with the areas that others lie in. Raises `ConfigError`."""
    kept = read(data) if data else NO_ATLAS
    if kept == NO_ATLAS:
        return NO_ATLAS
    codes = {shape.code for shape in kept.areas}
    around = sorted({code for shape in kept.areas for code in _above(shape.code)} - codes)
    return msgspec.structs.replace(
        kept,
        region=region,
        areas=(
            *kept.areas,
            *(Shape(code, area_name(code) or "", area.kind) for code in around if (area := area_of(code))),
        ),
        is_whole=bool(codes) and not official.missing(region, codes),
    )


def read(data: Path) -> Atlas:
    """As it was imported. Raises `ConfigError`."""
    path = data / FOLDER / FILE
    try:
        return _decode(path.read_bytes())
    except FileNotFoundError:
        return NO_ATLAS
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        what = f"cannot be read: {error}"
        raise ConfigError([Problem(str(path), what, "`kanal areas undo`, or import the files again")]) from None


def merged(old: Atlas, new: Made, *, replace: bool) -> tuple[Atlas, Changes]:
    """What is new takes the place of what has the same code or name; with `replace`, of all of its kind."""
    place = _PLACES[new.kind]
    before = {_key(new.kind, one): one for one in getattr(old, place)}
    after = new.kept if replace else before | new.kept
    rows = tuple(sorted(after.values(), key=_encode))
    return msgspec.structs.replace(old, **{place: rows}), _changes(new.kind, before, after)


def write(data: Path, atlas: Atlas) -> None:
    """Put it in force; the one before stays beside it. Raises OSError."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / FILE
    write_new(folder / BEFORE, path.read_bytes() if path.exists() else _encode(NO_ATLAS))
    write_new(path, _encode(atlas))
    _hand_over(data, folder)


def undo(data: Path) -> bool:
    """Change places with the one before; False if there is none. Raises OSError."""
    path, before = data / FOLDER / FILE, data / FOLDER / BEFORE
    if not before.exists():
        return False
    draft = write_draft(path, path.read_bytes())
    before.rename(path)
    draft.rename(before)
    sync_directory(path.parent)
    _hand_over(data, path.parent)
    return True


def _above(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[:n]) for n in range(2, len(parts))]


def _key(kind: Kind, one: Any) -> Any:
    match kind:
        case "areas" | "neighbours":
            return one.code
        case "streets":
            return (one.name, one.areas)
        case "landmarks":
            return (one.name, one.kind, one.area)
        case "aliases":
            return (one.name, one.code)
    return one


def _changes(kind: Kind, before: Mapping[Any, Kept], after: Mapping[Any, Kept]) -> Changes:
    return Changes(
        [_said(key) for key in after if key not in before],
        [_said(key) for key in before if key not in after],
        [_said(key) for key in after if key in before and before[key] != after[key]],
    )


def _said(key: Any) -> str:
    return f"{key} {area_name(key) or ''}".strip() if isinstance(key, str) else str(key[0])


def _hand_over(data: Path, folder: Path) -> None:
    """What root imports into a folder of the gateway's user is that user's."""
    owner = data.stat()
    if owner.st_uid != os.geteuid():
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.st_uid, owner.st_gid)
