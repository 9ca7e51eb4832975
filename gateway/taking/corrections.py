"""What is corrected or added right after a talk about a report has ended ("eh salah, RT 5")."""

from gateway import amending, cases
from gateway.taking.exchange import Course, Exchange

#: For so long after what they said last somebody who corrects means that.
SAME_TALK_SECONDS = 30 * 60.0


def as_correction(exchange: Exchange) -> Course | None:
    """It belongs to the report that the talk was about."""
    report = exchange.talk.report
    if exchange.state or not report or not (_corrects(exchange) and _is_open(exchange, report)):
        return None
    if exchange.turning.amend(report, amending.followed(exchange.heard.message)) is None:
        return None
    exchange.say("added")
    return exchange.taken(report)


def _corrects(exchange: Exchange) -> bool:
    """Does it say that something was wrong, or only where something is, and is no matter of its own?"""
    gist = exchange.gist
    is_at_once = exchange.heard.at <= exchange.talk.row.heard_at + SAME_TALK_SECONDS
    if not is_at_once or gist.is_emergency or gist.is_of_its_own or gist.names_a_case:
        return False
    return exchange.means.bot.words.corrects(exchange.text) or gist.only_says_where


def _is_open(exchange: Exchange, report: str) -> bool:
    case = exchange.means.store.case_of(report)
    return case is not None and cases.is_open(case)
