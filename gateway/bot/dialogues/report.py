"""After a report was filed and acknowledged: what is missing of it, the most useful first."""

from collections.abc import Callable, Generator, Iterator
from itertools import islice
from typing import Any

from gateway.bot import Again, Ask, Heard, Join, Label, Part, Reader, Remember, Say, Steps, Talk, dialogue
from gateway.bot.dialogues.addresses import address
from gateway.bot.readers import choice, photo, place_among, text, yes_no
from gateway.bot.steps import Step

MOST_QUESTIONS = 3
#: What a message is that reports nothing, so that nothing is missing.
NO_REPORTS = frozenset({"question", "answer", "praise", "chatter", "greeting", "thanks"})
#: The words of an answer speak clearly for a category of this score.
CLEARLY = 0.6
OTHER = "other"
#: The question of who sent no words.
WHAT = "what"

Question = Callable[[Talk], Steps]


@dialogue("report")
def report(talk: Talk) -> Steps:
    """What a report lacks: where it is, what it is about, a photo, and how to reach its sender."""
    if talk.public or talk.facts.get("verdict") in {"again", "retry"} or talk.facts.get("kind") in NO_REPORTS:
        return
    if talk.facts.get("place") == "outside":
        yield from _outside(talk)
        return
    code, is_joined = talk.code, False
    is_same, is_like = _was_joined(talk), _may_be_another(talk)
    if is_same:
        parted = yield from _joined(talk)
        code, is_joined = parted or code, parted is None
    elif is_like:
        is_joined = yield from _other(talk)
    asked = is_same or is_like
    questions = list(islice(_questions(talk, is_joined), MOST_QUESTIONS - asked))
    for question in questions:
        yield from question(talk)
    if questions or asked:
        yield Say("done", code=code)


def _was_joined(talk: Talk) -> bool:
    return talk.facts.get("verdict") == "same" and not talk.facts.get("emergency")


def _may_be_another(talk: Talk) -> bool:
    is_unsure = talk.facts.get("verdict") == "unsure" and not talk.facts.get("emergency")
    return is_unsure and bool((talk.facts.get("other") or {}).get("where"))


def _questions(talk: Talk, is_joined: bool) -> Iterator[Question]:
    """Where and what it is, is known of one that others reported, too."""
    if not is_joined:
        yield from _particulars(talk)
    facts = talk.facts
    if facts.get("emergency"):
        return
    if facts.get("needs_second_address"):
        yield _address
    if facts.get("can_attach") and not facts.get("has_photo") and not facts.get("violation"):
        yield _photo


def _particulars(talk: Talk) -> Iterator[Question]:
    facts = talk.facts
    if not facts.get("has_words", True):
        yield _what
    if facts.get("place") != "assigned":
        yield _where
    if not (facts.get("emergency") or facts.get("category_sure")) and facts.get("categories"):
        yield _category


def _joined(talk: Talk) -> Generator[Step, Any, str | None]:
    """It was taken for one that others reported, too. Gives the report's new code, if it gets one."""
    people = max(2, talk.facts.get("people", 2)) - 1
    same = choice(Label("follow", "follow"), Label("apart", "apart"))
    answer = yield Ask("joined", same, values={"people": people}, otherwise="follow")
    return (yield Part("part")) if answer == "apart" else None


def _other(talk: Talk) -> Generator[Step, Any, bool]:
    """It may be one that others reported, too: is it joined to that now?"""
    other = talk.facts["other"]
    values = {"what": other.get("what", ""), "where": other["where"]}
    is_same = yield Ask("same", yes_no, values=values, otherwise=False)
    return bool(is_same and (yield Join("join", code=other["code"])))


def _what(talk: Talk) -> Steps:
    """A pin or a photo alone does not tell."""
    yield Ask(WHAT, text, text="danger.what", amends="text", otherwise=None)


def _where(talk: Talk) -> Steps:
    """The areas that the report's words may name are offered at once."""
    areas = [(code, called) for code, called in talk.facts.get("areas", ())]
    street = "" if areas else talk.facts.get("street", "")
    asked = "which_area" if areas else "where_in" if street else "where"
    reader = place_among(areas, is_known=bool(street))
    yield Ask("where", reader, text=asked, amends="place", values={"street": street}, otherwise=None)


def _outside(talk: Talk) -> Steps:
    """It seems to be nothing that we can see to: they are told so, unless they say where with us it is."""
    reader = place_among((), is_known=True)
    found = yield Ask("where", reader, text="where_outside", amends="place", tries=2, otherwise=None)
    is_ours = found is not None and (found.area or found.latitude is not None)
    yield Say("done" if is_ours else "elsewhere", code=talk.code)


def _category(talk: Talk) -> Steps:
    yield Ask("category", _Category(talk.facts["categories"]), amends="category", otherwise=None)


def _address(talk: Talk) -> Steps:
    """Where this channel does not let us write later."""
    found = yield Ask("address", address, identity=True, otherwise=None)
    if found:
        yield Remember("remember", kind=found[0], value=found[1])


def _photo(talk: Talk) -> Steps:
    yield Ask("photo", photo, amends="photo", tries=1, otherwise=None)


class _Category(Reader[str | None]):
    """One of the likeliest categories, or another: then its words, if they clearly say which."""

    gives = str | None
    hint = "again_choice"

    def __init__(self, categories: list[list[str]]) -> None:
        known = [Label(code, words=label) for code, label in categories]
        self._choice = choice(*known, Label(OTHER, OTHER))
        self._only = categories[0][0] if len(categories) == 1 else None

    def options(self) -> tuple[Label, ...]:
        return self._choice.options()

    def read(self, heard: Heard) -> str | None:
        if self._only and (answer := heard.words.answer(heard.text)):
            return self._only if answer == "yes" else None
        try:
            chosen = self._choice.read(heard)
        except Again:
            best = heard.report.categories[:1]
            if not best or best[0].score < CLEARLY:
                raise
            return best[0].code
        return None if chosen == OTHER else chosen
