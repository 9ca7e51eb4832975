"""How content somebody is with what was done about their report."""

from gateway.bot import Again, Ask, FindCase, Heard, Rate, Reader, Say, Steps, Talk, dialogue
from gateway.bot.dialogues.news import reason_in, unfinished
from gateway.bot.readers import number, text

BEST = 5
_NUMBER = number(1, BEST)


@dialogue("rating")
def rating(talk: Talk) -> Steps:
    """One question after a case was closed: how content are you, 1 to 5, and why."""
    said = yield Ask("score", _Score(), values={"code": talk.code}, tries=2, otherwise=None)
    if isinstance(said, str):
        case = yield FindCase("case", code=talk.code)
        if case is not None:
            yield from unfinished(talk, case, said)
    elif said is not None:
        yield Rate("rate", code=talk.code, score=said)
        if why := (yield Ask("why", text, tries=1, otherwise="")):
            yield Rate("rate_why", code=talk.code, score=said, why=why)
        yield Say("thanks")


class _Score(Reader[int | str]):
    """1 to 5, or why it is not done; "" where they only say that it is not."""

    gives = int | str
    hint = "again_score"

    def read(self, heard: Heard) -> int | str:
        if heard.words.begins(heard.text, "unfinished"):
            return reason_in(heard.text)
        try:
            return _NUMBER.read(heard)
        except Again:
            if heard.words.persists(heard.text):
                return heard.text
            raise Again from None
