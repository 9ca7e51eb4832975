"""What a mail says in all: its sender's words, and those of the letters that are passed on as files in it."""

from collections.abc import Iterable
from itertools import chain

from normalizer.mails.asides import FORWARDED, Apart, set_apart
from normalizer.mails.body import MAX_TEXT, until_enough
from normalizer.mails.letter import Letter
from normalizer.mails.unpacking import Unpacked, words_of
from normalizer.message import Aside


def said(own: str, inside: Unpacked, forwards: bool, answers: bool) -> tuple[Apart, bool]:
    """The sender's words taken apart, in front of what they pass on. Letters inside are read if the subject says that
    the mail passes on (`forwards`) or its sender says nothing; then, too, files that are nothing but words. Who
    `answers` another mail by files alone says nothing. And whether not all words of these were read."""
    apart = set_apart(own, forwards, answers and bool(inside.attachments))
    if apart.text and not forwards:
        return apart, False
    together, cut = _together(chain([apart], map(_passed_on, inside.letters)))
    if together.text:
        return together, cut
    texts, short = words_of(inside.texts)
    together, cut = _together(chain([together], map(Apart, texts)))
    return together, cut or short


def _passed_on(letter: Letter) -> Apart:
    """Its sender is named beside its words: they are nobody to answer."""
    who = f"{letter.sender.name or ''} <{letter.sender.value}>".strip() if letter.sender else ""
    headers = "\n".join(f"{name}: {value}" for name, value in (("From", who), ("Subject", letter.subject)) if value)
    apart = set_apart(letter.text())
    beside = (Aside(kind=FORWARDED, text=headers),) if headers and apart.text else ()
    return Apart(apart.text, (*beside, *apart.asides))


def _together(pieces: Iterable[Apart]) -> tuple[Apart, bool]:
    """And whether it was too long."""
    found = list(until_enough(pieces, lambda piece: len(piece.text)))
    text = "\n\n".join(piece.text for piece in found if piece.text)
    return Apart(text[:MAX_TEXT], tuple(aside for piece in found for aside in piece.asides)), len(text) > MAX_TEXT
