"""The answer to the open question, and what came along with it."""

from datetime import datetime

from msgspec.structs import replace

from gateway import amending
from gateway.bot.dialogues.report import WHAT
from gateway.bot.engine import Amends, Turn
from gateway.bot.opening import DANGER, REPORT
from gateway.bot.reading import Heard as Answer
from gateway.bot.state import Place, Pressed, State
from gateway.bot.understanding import pressed
from gateway.taking import danger, late, matters, openings, reports
from gateway.taking.exchange import Course, Exchange
from gateway.turning import Attempt


def as_answer(exchange: Exchange) -> Course | None:
    state, gist = exchange.state, exchange.gist
    dialogue = exchange.means.bot.dialogues.get(state.dialogue) if state else None
    if state is None or dialogue is None or not _may_answer(exchange, state):
        return None
    if _is_new_danger(exchange, state):
        if not _tells_what(state):
            return reports.as_report(exchange)
        exchange.tell("emergency", number=exchange.means.rules.emergency_number)
    exchange.talk.case, exchange.talk.report = state.talk.code or None, state.talk.report or None
    attempt = exchange.turning.answered(dialogue, state, _answer(exchange, state))
    if attempt is None:
        return Course(exchange=exchange) if gist.tells else exchange.taken()
    if _is_no_answer(exchange, attempt.turn, state):
        exchange.is_another_matter = matters.is_another(exchange, attempt.turn, state)
        return None
    attempt = attempt._replace(turn=_with_words(exchange, attempt.turn, state))
    if gist.brings_more and not attempt.turn.amends:
        return _with_more(exchange, attempt, state)
    if gist.brings_more and attempt.turn.understood:
        attempt = _known_now(exchange, attempt, state)
    exchange.turning.apply(attempt, exchange.heard.message)
    if exchange.heard.message.choice:
        exchange.talk.remember(pressed=Pressed(choice=exchange.heard.message.choice, at=exchange.heard.at))
    return exchange.taken(exchange.talk.report)


def _may_answer(exchange: Exchange, state: State) -> bool:
    """It came after the question, but not too late, and presses none of another one's options. What is sent in a row
    may have come before it."""
    if exchange.follows:
        return exchange.follows.report == state.talk.report
    if exchange.heard.at < state.asked_at or late.is_late(exchange, state):
        return False
    return exchange.heard.message.choice is None or _pressed(exchange, state) is not None


def _pressed(exchange: Exchange, state: State) -> str | None:
    """The option of the open question that was pressed."""
    button = pressed(exchange.heard.message.choice or "")
    return button[1] if button and button[0] == state.serial else None


def _is_new_danger(exchange: Exchange, state: State) -> bool:
    is_danger = exchange.gist.is_emergency and state.dialogue != DANGER
    return is_danger and not danger.is_same_danger(exchange, state.talk.report)


def _tells_what(state: State) -> bool:
    """Who sent a pin or a photo alone was asked what has happened there."""
    return state.dialogue == REPORT and state.asked == WHAT


def _answer(exchange: Exchange, state: State) -> Answer:
    rules, heard = exchange.means.rules, exchange.heard
    return Answer(
        text=exchange.text,
        message=heard.message,
        report=heard.filed.report,
        book=rules.book,
        words=exchange.means.bot.words,
        code_prefix=rules.code_prefix,
        language=exchange.talk.language,
        choice=_pressed(exchange, state),
        today=datetime.fromtimestamp(heard.at, rules.clock.zone).date().isoformat(),
    )


def _is_no_answer(exchange: Exchange, turn: Turn, state: State) -> bool:
    """Who names a case asks about it, and who tells of another matter makes a report."""
    gist = exchange.gist
    if not turn.understood and _says_something_else(exchange):
        return True
    if (gist.names_a_case or openings.asks_back(exchange)) and not _is_settled(turn, state):
        return True
    return matters.is_another(exchange, turn, state)


def _says_something_else(exchange: Exchange) -> bool:
    if exchange.gist.praises or openings.asks_of_own(exchange):
        return True
    return openings.opened(exchange) is not None


def _with_words(exchange: Exchange, turn: Turn, state: State) -> Turn:
    """Of who tells of something with an answer, or instead of one, the report keeps the words."""
    comes_along = exchange.gist.brings_more and not turn.amends
    if comes_along or turn.is_free or not matters.is_told(exchange, state):
        return turn
    if any(_keeps(one, exchange.text) for one in turn.amends):
        return turn
    return replace(turn, amends=(*turn.amends, Amends("text", "told", exchange.text)))


def _keeps(amends: Amends, text: str) -> bool:
    is_place = isinstance(amends.value, Place) and text in amends.value.words
    return is_place or amends.field in {"text", "photo"}


def _is_settled(turn: Turn, state: State) -> bool:
    """Was it the very answer that was asked for, and no words that might be any?"""
    is_asked_on = turn.state is not None and turn.state.asked == state.asked
    return not is_asked_on and not turn.amends


def _with_more(exchange: Exchange, attempt: Attempt, state: State) -> Course | None:
    """A photo or a pin belongs to the report that the talk is about, whatever was asked."""
    dialogue, report = attempt.dialogue, state.talk.report
    if not report or not (dialogue.files or dialogue.name == REPORT):
        if not attempt.turn.understood:
            return None
    elif exchange.turning.amend(report, _more(exchange, attempt)) is not None:
        attempt = _known_now(exchange, attempt, state)
    exchange.turning.apply(attempt)
    return exchange.taken(exchange.talk.report)


def _more(exchange: Exchange, attempt: Attempt) -> amending.Addition:
    """Words that were the answer, and nothing else, are in it already."""
    message = exchange.heard.message
    is_all = attempt.turn.understood and not exchange.gist.hints
    return amending.brought(message) if is_all else amending.followed(message)


def _known_now(exchange: Exchange, attempt: Attempt, state: State) -> Attempt:
    """What came along is not asked for any more; it was no wrong answer."""
    message, facts = exchange.heard.message, dict(state.talk.facts)
    facts |= {"has_photo": True} if message.attachments else {}
    facts |= {"place": "assigned"} if message.place else {}
    if not attempt.turn.understood:
        return _asked_again(exchange, attempt, replace(state, talk=replace(state.talk, facts=facts)))
    asked = attempt.turn.state
    next_one = asked and replace(asked, talk=replace(asked.talk, facts=facts))
    return attempt._replace(turn=replace(attempt.turn, state=next_one))


def _asked_again(exchange: Exchange, attempt: Attempt, known: State) -> Attempt:
    """After the first of several files in a row the others need no answer, as long as the question is the same."""
    asked, before = exchange.turning.asked_again(attempt.dialogue, known) or attempt, exchange.follows
    if before and before.files and asked.turn.state and asked.turn.state.asked == known.asked:
        return asked._replace(turn=replace(asked.turn, says=(), state=known))
    exchange.say("added")
    return asked
