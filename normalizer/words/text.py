"""Citizens' words: cleaned for people, and cut into the words that carry meaning for comparing."""

import html
import re
import unicodedata
from functools import lru_cache
from itertools import chain, pairwise

from normalizer.words.colloquial import plain
from normalizer.words.memo import remembered
from normalizer.words.pieces import pieces
from normalizer.words.wordlists import EMPTY_WORDS, MASKS

#: The longest text kept in a report, in characters; the raw delivery keeps all of it.
LIMIT = 20_000

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{9,}")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    r"\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"  # surrogates, noncharacters, annotations
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of direction
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff"
    r"\U000e0000-\U000e0fff]+"  # without width; tags and selectors
)
_BLANKS = re.compile(r" {2,}")
_OTHER_BLANKS = re.compile(r"[\t\u1680\u2800]")
_LONE_DOTS = re.compile(r"(?m)^(?:\. ?)+$")
_PADDING = re.compile(r"\.(?:\s{0,2}\.){3,}")
_EMPTY_LINES = re.compile(r"\n{3,}")
_NOT_PLAIN = ("&", "  ", "..", ". .")


def clean(text: str) -> str:
    """The same words, readable: NFKC, HTML entities resolved, nothing invisible, one blank, at most one empty line.

    Removes controls, lone surrogates, direction and zero-width marks (they hide or reorder words), padding dots, and
    combining marks piled up beyond eight. Never raises; the result has at most `LIMIT` characters. Entities need their
    semicolon, so that "?a=1&lt=2" in a link stays.
    """
    text = text[:LIMIT]
    if text.isascii() and text.isprintable() and not any(map(text.__contains__, _NOT_PLAIN)):
        return text.strip()
    text = _ENTITY.sub(_character, text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _MARKS.sub(_thinned, text))[:LIMIT]
    return _laid_out(_INVISIBLE.sub("", _LINE_END.sub("\n", text)))


def one_line(text: str, limit: int = 500) -> str:
    """`clean`, on one line of at most `limit` characters: for subjects, names and fields."""
    return " ".join(clean(text[: 4 * limit]).split())[:limit]


def content_words(text: str) -> tuple[str, ...]:
    """The words that carry meaning, lower case, in the order of the text.

    Courtesies, function words, links, @mentions and masks ("[nama]") are dropped; "bolong2", "bolong²" and "bolong-
    bolong" are "bolong", "tolonggg" is "tolong"; "jl" and "jln" are "jalan", "gak" and "tdk" are "tidak" (see
    `colloquial.plain`). Numbers, units and RT/RW stay.
    """
    words = [word for word in plain_words(text) if word not in EMPTY_WORDS]
    return tuple([word for before, word in pairwise(("", *words)) if word != before or not word.isalpha()])


@lru_cache(maxsize=8)  # asked for the category and for the fingerprint
def plain_words(text: str) -> tuple[str, ...]:
    """All words in their plain spelling (see `content_words`), small ones too; no links, mentions and masks."""
    text = text[:LIMIT]
    if is_telling(text):
        text = _NOT_WORDS.sub(" ", text.lower())
    return tuple(chain.from_iterable(map(_words_of_piece, pieces(text))))


def is_telling(text: str) -> bool:
    """Without these a text has no links, accounts, tags and masks, which take time to look for."""
    return any(map(text.lower().__contains__, _TELLING))


_TELLING = ("@", "#", "[", "://", "www.", "t.co/", "<url>")
_NOT_WORDS = re.compile(
    r"\brt (?:@\w+|\[akun\]):?|(?:https?://|www\.|\bt\.co/)\S+|[\w.+-]{1,64}@[\w-][\w.-]*|@\w+|<url>"
    rf"|\[(?:{'|'.join(MASKS)})\]"
)
_TOKEN = re.compile(r"[^\W_]+")


@remembered
def _words_of_piece(piece: str) -> tuple[str, ...]:
    """The words of what stands between blanks."""
    return tuple(word for token in _TOKEN.findall(piece) for word in _plain(token))


@remembered
def _plain(token: str) -> tuple[str, ...]:
    """The words of one token in standard spelling; of a doubled one, one."""
    return tuple(dict.fromkeys(plain(token).replace("-", " ").split()))


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def _thinned(run: re.Match[str]) -> str:
    """Without the marks after the eighth: sorting thousands of them for NFKC takes time that grows with the square."""
    marks = run[0]
    return marks[:8] + "".join(mark for mark in marks[8:] if not unicodedata.combining(mark))


def _laid_out(text: str) -> str:
    text = _BLANKS.sub(" ", _OTHER_BLANKS.sub(" ", text)).replace(" \n", "\n").replace("\n ", "\n")
    text = _PADDING.sub("...", _LONE_DOTS.sub("", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()
