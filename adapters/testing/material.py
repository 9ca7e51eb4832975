"""What the suite works with: settings from plain values, recordings, hostile deliveries and requests."""

import typing
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec

from adapters import Adapter, CaseQuery, Delivery, Event, Opens, Secret, SeenCase, SeenMove, WebRequest

RECEIVED_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

_GARBAGE: Mapping[str, bytes] = {
    "empty": b"",
    "nul": b"\0" * 1000,
    "every byte": bytes(range(256)) * 16,
    "line ends": b"\r\n" * 10_000,
    "deep": b"[" * 60_000,
    "separators": b"&=;%" * 10_000,
    "surrogates": b'{"id": "\\ud800", "n": 1e999, "text": "\xff\xfe\xed\xa0\x80"}',
}

#: What a letter becomes on a careless way: a byte that is no text, halves of an emoji in three spellings, none at all.
_STAINS = (b"\xff", b"\xed\xa0\xbd", b"\\ud83d", b"\xf0\x9f", b"\0")


class Recording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recorded delivery and what it leads to; the package's docstring shows its files."""

    id: str = ""
    content_type: str = "application/octet-stream"
    headers: dict[str, str] = {}
    events: tuple[Event, ...] = ()
    unreadable: bool = False
    body: bytes = b""

    def delivery(self, channel: str) -> Delivery:
        return Delivery(
            id=self.id,
            channel=channel,
            received_at=RECEIVED_AT,
            body=self.body,
            content_type=self.content_type,
            headers=dict(self.headers),
        )


class NoCases:
    """A `CaseReader` of a gateway that has no case yet."""

    async def cases(self, query: CaseQuery) -> Sequence[SeenCase]:
        return ()

    async def by_code(self, codes: Sequence[str], app: str, peer: str) -> Sequence[SeenCase]:
        return ()

    async def settled(self, delivery: str) -> str | None:
        return None

    async def moves(self, query: CaseQuery) -> Sequence[SeenMove]:
        return ()


def settings_of(adapter: type[Adapter], values: Mapping[str, Any]) -> Any:
    """The adapter's own `Settings` from plain values, secrets as strings; `name` and `kind` are the kind's by default.

    Raises `msgspec.ValidationError` for whatever is wrong, the settings' own `problems` included.
    """
    named = {"name": adapter.kind, "kind": adapter.kind, **values}
    settings = msgspec.convert(named, adapter.Settings, dec_hook=lambda kind, value: kind(value))
    if problems := settings.problems():
        raise msgspec.ValidationError("; ".join(f"{problem.where}: {problem.what}" for problem in problems))
    return settings


def wrong_settings(adapter: type[Adapter], good: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Settings that any adapter must refuse: an unknown key, one that is missing, an empty secret."""
    fields = [field for field in msgspec.structs.fields(adapter.Settings) if field.name in good]
    needed = [field.name for field in fields if field.required]
    return {
        "unknown key": {**good, "no_such_setting": 1},
        **{f"{name} missing": {key: good[key] for key in good if key != name} for name in needed},
        **{f"{field.name} empty": {**good, field.name: ""} for field in fields if _is_secret(field.type)},
    }


def _is_secret(hint: Any) -> bool:
    return hint is Secret or any(_is_secret(part) for part in typing.get_args(hint))


@asynccontextmanager
async def opened(adapter: Any) -> AsyncIterator[Any]:
    """The adapter, opened where it can be, and closed again."""
    if not isinstance(adapter, Opens):
        yield adapter
        return
    await adapter.open()
    try:
        yield adapter
    finally:
        await adapter.close()


def recordings(folder: Path) -> dict[str, Recording]:
    """All recordings in a folder, by name. Raises ValueError where one cannot be read, or has no body
    or more than one."""
    return {path.name.removesuffix(".events.json"): _recording(path) for path in sorted(folder.glob("*.events.json"))}


def _recording(told: Path) -> Recording:
    name = told.name.removesuffix(".events.json")
    bodies = [path for path in told.parent.glob(f"{name}.*") if path.stem == name]
    if len(bodies) != 1:
        raise ValueError(f"{told.name} needs one body beside it, not {len(bodies)}")
    try:
        recording = msgspec.json.decode(told.read_bytes(), type=Recording)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"{told.name} is no recording: {error}") from None
    return msgspec.structs.replace(recording, id=recording.id or name, body=bodies[0].read_bytes())


def hostile(known: Mapping[str, Recording], size: int) -> dict[str, Recording]:
    """Deliveries that nobody meant well: garbage bare and under a good one's headers, and damaged recordings."""
    garbage = {**_GARBAGE, "huge": b"A" * size}
    made = {name: Recording(id="hostile", body=body) for name, body in garbage.items()}
    for name, good in list(known.items())[:1]:
        made |= {f"{name}: {shape}": msgspec.structs.replace(good, body=body) for shape, body in garbage.items()}
    for (name, good), stain in zip(known.items(), cycle(_STAINS), strict=False):
        made[f"{name} stained"] = msgspec.structs.replace(good, body=_stained(good.body, stain))
        made[f"{name} cut"] = msgspec.structs.replace(good, body=good.body[: len(good.body) // 2])
        made[f"{name} flipped"] = msgspec.structs.replace(good, body=bytes(byte ^ 0x80 for byte in good.body))
        made[f"{name} bare"] = msgspec.structs.replace(good, headers={}, content_type="text/plain; charset=zip")
    return made


def _stained(body: bytes, stain: bytes) -> bytes:
    """The letter in the midst of it becomes something that no strict reader of text takes."""
    letters = [place for place, byte in enumerate(body) if chr(byte).isalpha() and byte < 0x80]
    if not letters:
        return body + stain
    place = letters[len(letters) // 2]
    return body[:place] + stain + body[place + 1 :]


def odd_requests(genuine: WebRequest, size: int) -> dict[str, WebRequest]:
    """What may come instead of a genuine request: malformed, empty or huge."""
    garbage = {**_GARBAGE, "huge": b"A" * size}
    changes: dict[str, dict[str, Any]] = {f"body {name}": {"body": body} for name, body in garbage.items()}
    changes |= {f"body {stain!r}": {"body": _stained(genuine.body, stain)} for stain in _STAINS}
    changes |= {f"query {name}": {"query": body.decode("latin-1")} for name, body in garbage.items()}
    changes |= {
        "no headers": {"headers": {}},
        "wild path": {"path": "é/東京/\0"},
        "long path": {"path": "/" * 10_000},
        "peer is no address": {"peer": ""},
        "unknown method": {"method": "BREW"},
    }
    return {name: msgspec.structs.replace(genuine, **change) for name, change in changes.items()}
