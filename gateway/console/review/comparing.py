"""Two texts side by side: what they have in common is marked. Pure."""

import re
from collections.abc import Set

from markupsafe import Markup

from gateway.console.rendering import visible

#: A word, or what stands between two.
_PIECE = re.compile(r"\w+|\W+")
#: Shorter words are in every text.
SHORTEST = 3


def marked(text: str, other: str) -> Markup:
    """A citizen's words, those marked that are in the other text too."""
    shared = _words(text) & _words(other)
    pieces = (_piece(piece, shared) for piece in _PIECE.findall(visible(text)))
    return Markup("<bdi>{}</bdi>").format(Markup("").join(pieces))


def _piece(piece: str, shared: Set[str]) -> str:
    return Markup("<mark>{}</mark>").format(piece) if piece.casefold() in shared else piece


def _words(text: str) -> set[str]:
    return {piece.casefold() for piece in _PIECE.findall(text) if len(piece) >= SHORTEST or piece.isdigit()}
