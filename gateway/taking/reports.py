"""What is a report of its own."""

from gateway.bot.opening import REPORT
from gateway.taking.exchange import Course, Exchange


def as_report(exchange: Exchange) -> Course:
    exchange.end_burst()
    dialogues = exchange.means.bot.dialogues
    return exchange.filed(dialogues.opened_otherwise() or dialogues.get(REPORT))
