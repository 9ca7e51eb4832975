"""Mails as real clients, machines and broken programs send them, and what must be read of each.

Each is a file in `corpus_mails/`; beside them `corpus_mails/expected.toml` says what matters.
"""

import tomllib
from pathlib import Path
from typing import Any

from normalizer.mails.mail import Mail

FOLDER = Path(__file__).parent / "corpus_mails"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def right(mail: Mail, expected: dict[str, Any]) -> dict[str, bool]:
    """Of each thing that is expected of a mail, whether it is so."""
    return {what: _is_right(mail, what, wanted) for what, wanted in expected.items()}


def _is_right(mail: Mail, what: str, wanted: Any) -> bool:
    match what:
        case "text":
            return all(piece in mail.text for piece in wanted)
        case "lacks":
            return not any(piece in mail.text for piece in wanted)
        case "wordless":
            return not mail.text
        case "sender":
            return bool((mail.sender.value if mail.sender else "") == wanted)
        case "name":
            return bool(mail.sender and mail.sender.name == wanted)
        case "files":
            return bool([file.name or "" for file in mail.attachments] == wanted)
        case "doubts":
            return bool(list(mail.doubts) == wanted)
        case _:
            return bool((getattr(mail, what) or "") == (wanted or ""))


def wrong(mail: Mail, expected: dict[str, Any]) -> dict[str, Any]:
    """What was read instead of what is expected."""
    names = {"lacks": "text", "wordless": "text", "name": "sender", "files": "attachments"}
    failed = (what for what, holds in right(mail, expected).items() if not holds)
    return {what: _shown(getattr(mail, names.get(what, what))) for what in failed}


def _shown(value: Any) -> Any:
    if isinstance(value, tuple):
        return [getattr(item, "name", item) for item in value]
    return (value.value, value.name) if hasattr(value, "value") else value


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.eml"))
