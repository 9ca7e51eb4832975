"""What became of a report."""

import re

from gateway.bot import (
    Adopt,
    Ask,
    Case,
    FindCase,
    Heard,
    Label,
    MayTry,
    MyCases,
    Say,
    Steps,
    Talk,
    code,
    command,
    dialogue,
)
from gateway.bot.readers import choice, pin, yes_no
from gateway.bot.readers import code as any_code

#: After many wrong PINs one may be tried in so long: see `gateway.lookup`.
WAIT_MINUTES = 60
_FIGURE = re.compile(r"\d")
_PIN = re.compile(r"(?<![\w-])\d{6}(?![\w-])", re.ASCII)


@dialogue("status", opens=(command("status", "mine"), code()))
def status(talk: Talk) -> Steps:
    """What became of a report: by its code, or of those that were reported from here."""
    if talk.facts.get("has_code") or _FIGURE.search(talk.words):
        yield from _named(talk, talk.words)
    elif talk.code and talk.facts.get("replied"):
        yield from _named(talk, talk.code)
    else:
        yield from _own(talk)


def _own(talk: Talk) -> Steps:
    found: tuple[Case, ...] = yield MyCases("mine")
    if not found:
        asked = yield Ask("code", _code_and_pin, text="which_code", tries=2)
        if asked:
            yield from _named(talk, asked)
        return
    chosen = found[0].code
    if len(found) > 1:
        chosen = yield Ask("which", choice(*map(listed, found)), otherwise=chosen)
    yield from told(next(case for case in found if case.code == chosen))


def _code_and_pin(heard: Heard) -> str:
    """The code, and the PIN if it stands there, too; "" if they do not know it."""
    if heard.words.declines(heard.text):
        return ""
    given = _PIN.search(heard.text)
    return " ".join(filter(None, (any_code.read(heard), given and given[0])))


def listed(case: Case) -> Label:
    """A case as one of several to choose from."""
    return Label(case.code, words=f"{case.word}: {case.what}")


def _named(talk: Talk, words: str) -> Steps:
    """The one that is named, with more to who brings the PIN."""
    case = yield FindCase("found", code=words)
    if case is None:
        yield Say("not_found")
        return
    given = _PIN.search(words)
    if case.own or talk.public:
        yield from told(case)
        return
    if given:
        yield from _opened(case, given[0])
        return
    yield from told(case)
    if asked := (yield Ask("pin", pin, tries=1, otherwise="")):
        yield from _opened(case, asked)


def _opened(case: Case, given: str) -> Steps:
    """More of a case that was reported elsewhere, if the PIN is right; the talk about it may go on here."""
    opened = yield FindCase("opened", code=case.code, pin=given)
    if opened is None:
        yield from _refused(case)
        return
    yield from told(opened)
    if (yield Ask("go_on", yes_no, tries=1, otherwise=False)) and (yield Adopt("adopt", code=case.code, pin=given)):
        yield Say("goes_on")


def _refused(case: Case) -> Steps:
    if (yield MayTry("may_try", code=case.code)):
        yield Say("not_found")
    else:
        yield Say("wait", minutes=WAIT_MINUTES)


def told(case: Case) -> Steps:
    """How a case stands."""
    if not case.own:
        yield Say("status.brief", code=case.code, status=case.word)
        return
    values = {"until": case.until, "why": case.why, "unit": case.unit if case.is_open else ""}
    days = case.days if case.days and not case.until else ""
    yield Say("status.stands", code=case.code, status=case.word, days=days, **values)
    if len(case.history) > 1:
        yield Say("status.history", lines="; ".join(case.history))
    if not case.is_open:
        yield Say("status.closed")
