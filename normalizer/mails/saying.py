"""What a mail says in all: its sender's words, and those of the letters that are passed on as files in it."""

from normalizer.mails.asides import FORWARDED, Apart, set_apart
from normalizer.mails.body import MAX_TEXT
from normalizer.mails.letter import Letter
from normalizer.mails.unpacking import Unpacked, words_of
from normalizer.message import Aside


def said(own: str, inside: Unpacked, forwards: bool) -> Apart:
    """The sender's words taken apart, in front of what they pass on. Letters inside are read if the subject says that
    the mail passes on (`forwards`) or its sender says nothing; then, too, files that are nothing but words."""
    apart = set_apart(own, forwards)
    if apart.text and not forwards:
        return apart
    together = _together([apart, *map(_passed_on, inside.letters)])
    return together if together.text else _together([together, *(Apart(words_of(file)) for file in inside.texts)])


def _passed_on(letter: Letter) -> Apart:
    """Its sender is named beside its words: they are nobody to answer."""
    who = f"{letter.sender.name or ''} <{letter.sender.value}>".strip() if letter.sender else ""
    headers = "\n".join(f"{name}: {value}" for name, value in (("From", who), ("Subject", letter.subject)) if value)
    apart = set_apart(letter.text())
    beside = (Aside(kind=FORWARDED, text=headers),) if headers and apart.text else ()
    return Apart(apart.text, (*beside, *apart.asides))


def _together(pieces: list[Apart]) -> Apart:
    text = "\n\n".join(piece.text for piece in pieces if piece.text)
    return Apart(text[:MAX_TEXT], tuple(aside for piece in pieces for aside in piece.asides))
