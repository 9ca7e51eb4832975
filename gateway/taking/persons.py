"""What is said in a talk that a person goes on with."""

from gateway.store.contract import TalkMode
from gateway.taking.exchange import Course, Exchange
from gateway.unsent import UNSENT


def before_a_person(exchange: Exchange) -> Course | None:
    """It is kept for them."""
    talk, gist = exchange.talk, exchange.gist
    if talk.why.startswith(UNSENT):
        _reached_again(exchange)
    if talk.mode is not TalkMode.PERSON:
        return None
    if exchange.command == "stop":
        exchange.settlement.stopped.append(exchange.heard.contact.id)
    if gist.is_emergency:
        return Course(exchange=exchange)
    if gist.is_report:
        return Course(exchange=exchange, is_silent=True)
    return exchange.taken()


def _reached_again(exchange: Exchange) -> None:
    """They are told now what could not be told to them, and the bot goes on."""
    exchange.talk.go_on()
    if exchange.command != "stop":
        row = exchange.talk.row
        exchange.settlement.resent += exchange.means.store.unsent(row.channel, row.contact)
