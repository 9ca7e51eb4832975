"""Answers to what is not asked any more, or was asked too long ago."""

from gateway import cases
from gateway.bot.state import State
from gateway.clock import DAY
from gateway.taking.exchange import Course, Exchange

#: So long may a phone show that a button is not pressed yet, at most.
SAME_TAP_SECONDS = 10.0


def as_second_press(exchange: Exchange) -> Course | None:
    """Who taps a button twice means it once: the first tap was the answer."""
    before = exchange.talk.memory.pressed
    if before is None or exchange.heard.message.choice != before.choice:
        return None
    return exchange.taken() if exchange.heard.at <= before.at + SAME_TAP_SECONDS else None


def as_old_answer(exchange: Exchange) -> Course | None:
    """It is asked again if it still matters."""
    state = exchange.state
    is_old = state is not None and is_late(exchange, state) and not exchange.gist.is_report
    if not (exchange.gist.is_button or is_old or _is_stray(exchange)):
        return None
    dialogue = exchange.means.bot.dialogues.get(state.dialogue) if state else None
    if state and dialogue and _matters(exchange, state):
        exchange.say("menu_expired")
        exchange.turning.ask_again(dialogue, state)
    else:
        exchange.talk.end()
        exchange.say("help")
    return exchange.taken()


def is_late(exchange: Exchange, state: State) -> bool:
    return exchange.heard.at > state.asked_at + exchange.means.bot.settings.question_days * DAY


def _is_stray(exchange: Exchange) -> bool:
    """A choice from a menu that was there once, or no answer to what was asked once."""
    memory = exchange.talk.memory
    is_quiet = memory.burst is None or exchange.heard.at > memory.burst.until
    if memory.state is not None or not is_quiet:
        return False
    return exchange.gist.is_number or (memory.serial > 0 and exchange.command == "skip")


def _matters(exchange: Exchange, state: State) -> bool:
    """Nobody is asked about a report that is done with."""
    case = exchange.means.store.case_of(state.talk.report) if state.talk.report else None
    return case is None or cases.is_open(case)
