"""The words that work everywhere: cancel, stop, start, a person, and those that open a dialogue."""

from gateway import cases
from gateway.bot.opening import RATING, UNFINISHED
from gateway.citizen_cases import root_of
from gateway.taking import openings
from gateway.taking.exchange import Course, Exchange


def as_command(exchange: Exchange) -> Course | None:
    state = exchange.state
    if exchange.command in {"", "skip"}:
        return None
    if exchange.command == UNFINISHED and state and state.dialogue == RATING:
        return None  # that is an answer, too
    exchange.end_burst()
    match exchange.command:
        case "cancel":
            _cancel(exchange)
        case "stop":
            exchange.settlement.stopped.append(exchange.heard.contact.id)
            exchange.talk.end()
            exchange.say("stopped")
        case "start" if exchange.means.store.has_stopped([exchange.heard.contact.id]):
            exchange.settlement.started.append(exchange.heard.contact.id)
            exchange.say("started")
        case "person":
            exchange.hand_over("asked")
            exchange.say("handed_over")
        case _:
            return _opened(exchange)
    return exchange.taken()


def as_slip(exchange: Exchange) -> Course | None:
    """Who slips in a command, and says nothing that could be reported, has reported nothing ("petgas")."""
    gist = exchange.gist
    if gist.brings_more or gist.is_elsewhere or gist.report.categories or gist.report.subject:
        return None
    exchange.command = exchange.means.bot.words.slipped(exchange.text)
    return as_command(exchange)


def _cancel(exchange: Exchange) -> None:
    is_filed = exchange.under_way
    exchange.talk.end()
    exchange.say("cancelled" if exchange.talk.report or is_filed else "cancelled_talk")


def _opened(exchange: Exchange) -> Course:
    dialogue = exchange.means.bot.dialogues.commanded(openings.opening(exchange))
    if exchange.command == UNFINISHED:
        _drop_handled(exchange)
    if dialogue:
        return openings.begin(exchange, dialogue)
    exchange.say("help")
    return exchange.taken()


def _drop_handled(exchange: Exchange) -> None:
    """What a report lacked is not asked again of whom it was called done to."""
    store, report = exchange.means.store, exchange.under_way
    case = store.case_of(report) if report else None
    if case and cases.is_called_done(root_of(store, case)):
        exchange.talk.drop(report)
