"""The examples in docs/report.md, each made of a recorded message: `python -m tests.docs.report_examples` writes them
anew."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from adapters import Message
from adapters.testing import RECEIVED_AT, recordings
from normalizer.book import Book
from normalizer.normalize import normalize

PAGE = Path(__file__).parents[2] / "docs" / "report.md"
PAYLOADS = Path(__file__).parents[1] / "adapters" / "payloads"
#: By kind of channel: the folder of its recordings, and one of them.
RECORDED: Mapping[str, tuple[str, str]] = {
    "desk": ("desk", "report"),
    "facebook": ("facebook", "comment-with-a-photo"),
    "form": ("form", "report"),
    "imap": ("imap", "cut"),
    "instagram": ("instagram", "story-reply"),
    "open311": ("open311", "report"),
    "sms": ("sms/kannel", "keyword"),
    "smtp": ("smtp", "webmail"),
    "table": ("table", "whole"),
    "telegram": ("telegram/private", "venue"),
    "terminal": ("terminal", "words"),
    "webhook": ("webhook/qlue", "flood"),
    "whatsapp": ("whatsapp", "image"),
    "x": ("x", "photos"),
}
_EXAMPLE = re.compile(r"(?<=^### `)(\w+)`\n\n```json\n.*?^```$", re.MULTILINE | re.DOTALL)


def example(kind: str) -> str:
    """What a channel of `kind` makes of its recording; that it reads it so is tested with the adapter."""
    folder, name = RECORDED[kind]
    message = next(one for one in recordings(PAYLOADS / folder)[name].events if isinstance(one, Message))
    report = normalize(message, RECEIVED_AT, Book("31"))
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode()


def written(page: str) -> str:
    """`page` with the examples as they are made now."""
    return _EXAMPLE.sub(lambda found: f"{found[1]}`\n\n```json\n{example(found[1])}\n```", page)


def main() -> int:
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
