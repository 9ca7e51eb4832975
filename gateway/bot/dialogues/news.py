"""A citizen says that what is called done is not."""

from collections.abc import Generator
from typing import Any

from gateway.bot import Ask, Case, Dispute, FindCase, HandOver, MyCases, Say, Steps, Talk, command, dialogue
from gateway.bot.dialogues.status import listed, told
from gateway.bot.readers import choice, photo, text
from gateway.bot.steps import Field, Step

#: Who says more than so many words has said why.
BARE = 4


@dialogue("news", opens=command("unfinished"))
def news(talk: Talk) -> Steps:
    """What is called done is not: asks why and for a photo, and opens the case again."""
    case = yield from _meant(talk)
    if case is not None:
        yield from unfinished(talk, case, reason_in(talk.words))


def _meant(talk: Talk) -> Generator[Step, Any, Case | None]:
    """The case that the talk is about, else one that they reported and that is called done."""
    if talk.code:
        about: Case | None = yield FindCase("about", code=talk.code)
        if about and about.own and is_done(about):
            return about
    found: tuple[Case, ...] = yield MyCases("mine")
    closed = [case for case in found if is_done(case)]
    if not closed and len(found) == 1:
        yield from told(found[0])  # they wait for it
        return None
    if not closed:
        yield Say("nothing_done")
        return None
    chosen = closed[0].code
    if len(closed) > 1:
        chosen = yield Ask("which", choice(*map(listed, closed)), otherwise=chosen)
    return next(case for case in closed if case.code == chosen)


def is_done(case: Case) -> bool:
    """Is it called done, or refused?"""
    return not case.is_open or case.status == "status_checking"


def reason_in(said: str) -> str:
    """Why it is not done, where more is said than that."""
    return said if len(said.split()) > BARE else ""


def unfinished(talk: Talk, case: Case, reason: str = "") -> Steps:
    """Ask why it is not done, unless that was said, and have the case opened again."""
    amends: Field | None = "text" if case.report == talk.report else None
    if not reason:
        reason = yield Ask("reason", text, text="news.reason", amends=amends, otherwise="")
    if talk.facts.get("can_attach") and amends:
        yield Ask("photo", photo, text="news.photo", amends="photo", tries=1, otherwise=None)
    if (yield Dispute("dispute", code=case.code, reason=reason)):
        yield Say("news.opened_again", code=case.code)
    else:
        yield HandOver("person", why="a closing is disputed that cannot be opened again")
        yield Say("handed_over")
