"""What of an answer says where something is, as it may stand in clear: nothing of who says it."""

from gateway import cases
from gateway.bot.reading import Heard
from normalizer.persons.masking import mask
from normalizer.places.place import find_place
from normalizer.report import ReportPlace
from normalizer.words.text import clean

_FEWEST_LETTERS = 3
_NOWHERE = ReportPlace()


def where_in(text: str, heard: Heard) -> str:
    """The answer, if it tells of a place and nothing else is in it; else the words in it that do; "" if none do."""
    masked = mask(clean(text), heard.book.areas)
    if not _may_tell(text, heard):
        return ""
    found = find_place(masked, None, heard.book.areas, heard.book.atlas) or _NOWHERE
    named = found.words or ", ".join(found.landmarks)
    if masked == clean(text) and not _tells_more(text, heard):
        return masked if named or heard.words.places(text) else ""
    if named or _tells_more(text, heard):
        return named
    return heard.words.placed(masked) if heard.words.places(masked) else ""


def as_said(heard: Heard) -> str:
    """The words as they are, where no rule tells whether they are of a place, and nothing speaks against it."""
    masked = mask(heard.text, heard.book.areas)
    is_other = _tells_more(heard.text, heard) or heard.words.insults(heard.text) or masked != heard.text
    return masked if _may_tell(heard.text, heard) and not is_other else ""


def _may_tell(text: str, heard: Heard) -> bool:
    """Is it no command, no courtesy, and no number alone?"""
    words = heard.words
    is_other = words.command(text) or words.answer(text) or words.greets(text) or words.thanks(text)
    return sum(map(str.isalpha, text)) >= _FEWEST_LETTERS and not is_other


def _tells_more(text: str, heard: Heard) -> bool:
    """A question, or the code of a report."""
    return heard.words.asks(text) or bool(cases.codes_in(text, heard.code_prefix))
