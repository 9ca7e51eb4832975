"""Which of the options that were offered an answer means, however it is written. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from gateway.bot.slips import is_slip
from gateway.bot.state import Option
from gateway.bot.words import Cut, Words, cut
from normalizer.words.wordlists import SHORT_NAME_WORDS

#: What buttons may carry on every channel: https://core.telegram.org/bots/api#inlinekeyboardbutton.
MOST_BYTES = 64
#: The longest id of an option: a serial number of nine figures and a colon go before it.
LONGEST_ID = MOST_BYTES - 10
#: Whoever says more than this tells something, and chooses nothing.
MOST_WORDS = 8

_WIRE = re.compile(r"([0-9]{1,9}):(.+)", re.ASCII | re.DOTALL)
_NAME_ENDS = re.compile(r"[,(/]| - ")

T = TypeVar("T")
Alike = Callable[[str, str], bool]


def is_id(text: str) -> bool:
    """Can this be the id of an option on every channel?"""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()


def wire_id(serial: int, option: str) -> str:
    """What a button carries: ASCII, at most `MOST_BYTES`. The serial number of the question tells it from buttons of
    earlier ones."""
    if not is_id(option):
        raise ValueError(f"an option's id is of 1 to {LONGEST_ID} ASCII characters")
    return f"{serial}:{option}"


def pressed(choice: str) -> tuple[int, str] | None:
    """The question's serial number and the option's id of a button; None if it is none of ours."""
    match = _WIRE.fullmatch(choice)
    return (int(match[1]), match[2]) if match else None


def chosen(text: str, choice: str | None, offered: Sequence[Option], words: Words) -> Option | None:
    """The option that is meant by a clean `text`, or by the id of the pressed one; None if none is, or several could.

    A number is the rank of the option, from 1; so is a letter. Else the text is an option's words, or some that no
    other option has, with a slip of one letter in each at most. Any yes is the option that says yes, and any no the
    one that says no.
    """
    if choice is not None:
        return _only([option for option in offered if option.id == choice])
    said = _spelled(text)
    if not said or len(said) > MOST_WORDS:
        return None
    found = _only(next((found for found in _ways(said, [_offer(option) for option in offered], words) if found), []))
    return found.option if found else None


class _Offer(NamedTuple):
    """An option, with the words of its label and of its name, which is what stands before a comma."""

    option: Option
    label: Cut
    name: Cut


@lru_cache(maxsize=1024)
def _offer(option: Option) -> _Offer:
    label, name = option.label, _NAME_ENDS.split(option.label, maxsplit=1)[0]
    words = _spelled(label)
    return _Offer(option, words, words if name == label else _spelled(name))


def _spelled(text: str) -> Cut:
    """The words, those in full that are usually shortened in names ("kp")."""
    return tuple([SHORT_NAME_WORDS.get(word, word) for word in cut(text)])


def _ways(said: Cut, offers: Sequence[_Offer], words: Words) -> Iterator[Sequence[_Offer]]:
    """The options that may be meant, by one way of answering after the other."""
    core = words.core(said)
    ranked = _at(words.number(core[:1]), offers) if core[0].isdecimal() else ()
    if len(core) == 1:
        yield ranked
    yield [offer for offer in offers if offer.label == said]
    yield [offer for offer in offers if offer.label == core]
    if ranked:  # and words of the list after it, of the same option
        yield [offer for offer in ranked if _fits(core[1:], offer, _same)]
        return
    yield _at(words.number(said), offers)
    yield _answering(words.answer(" ".join(said)), offers, words)
    yield [offer for offer in offers if _fits(core, offer, _same)]
    if len(core) == 1 and len(core[0]) == 1:
        yield _at(ord(core[0]) - ord("a") + 1, offers)
    yield [offer for offer in offers if _fits(core, offer, is_slip)]
    yield _at(words.nearly(core), offers)


def _answering(answer: str, offers: Sequence[_Offer], words: Words) -> Sequence[_Offer]:
    """Those that say yes, or no, as the answer does in other words, where that is asked: of two options, or if one says
    yes and one no in a word. On a scale ("Tidak ada", "Ada, tidak jalan", "Baik") it is not."""
    answers = {offer.option.id: words.answer(" ".join(offer.name)) for offer in offers}
    plain = {answers[offer.option.id] for offer in offers if len(offer.name) == 1}
    if not answer or not (len(offers) == _YES_OR_NO or plain >= {"yes", "no"}):
        return ()
    return [offer for offer in offers if answers[offer.option.id] == answer]


_YES_OR_NO = 2


def _at(rank: int | None, offers: Sequence[_Offer]) -> Sequence[_Offer]:
    return offers[rank - 1 : rank] if rank else ()


def _fits(said: Cut, offer: _Offer, alike: Alike) -> bool:
    """Are all words the option's, or all words of its name among them?"""
    if _within(said, offer.label, alike):
        return True
    return _within(offer.name, said, alike) and not _DENIALS & {*said} - {*offer.label}


def denies(text: str) -> bool:
    """Is something said not to be so?"""
    return not _DENIALS.isdisjoint(cut(text))


#: "bukan Melati" is not "Melati".
_DENIALS = frozenset({"bukan", "bkn", "tidak", "jangan", "selain", "not", "no"})


def _within(few: Cut, many: Cut, alike: Alike) -> bool:
    return bool(few) and all(any(alike(word, other) for other in many) for word in few)


def _same(word: str, other: str) -> bool:
    return word == other


def _only(found: Sequence[T]) -> T | None:
    return found[0] if len(found) == 1 else None
