"""What reports nothing: greetings, thanks, praise, a mere call for help, and scraps."""

from gateway import amending, bursts, filing
from gateway.bot.state import Burst
from gateway.courtesy import GREETING, THANKS
from gateway.taking.exchange import Course, Exchange

#: To who says not yet what is to be reported.
INVITED = "invited"


def openly(exchange: Exchange) -> Course | None:
    """Who greets or thanks in public is answered where everybody reads along."""
    polite = filing.courtesy(exchange.means.rules, exchange.heard.filed.report)
    if not polite:
        return None
    exchange.tell(filing.ANSWERED_BY[polite])
    course = exchange.taken()
    exchange.finish()
    return course


def as_unreadable(exchange: Exchange) -> Course | None:
    """What is encrypted for the provider's own application is answered by how else to write."""
    if filing.ENCRYPTED not in exchange.heard.filed.report.triage:
        return None
    exchange.means.metrics.encrypted.labels(exchange.means.channel).inc()
    exchange.about = filing.ENCRYPTED
    exchange.tell(filing.ENCRYPTED)
    return exchange.taken()


def as_courtesy(exchange: Exchange) -> Course | None:
    """Who greets, thanks or calls for help, and says nothing else, reports nothing yet; nor does who says nothing."""
    polite = filing.courtesy(exchange.means.rules, exchange.heard.filed.report)
    if exchange.gist.calls_for_help:
        return _called(exchange)
    if polite == GREETING or exchange.gist.says_nothing:
        return _greeted(exchange)
    if polite == THANKS:
        return _thanked(exchange)
    return _praised(exchange) if exchange.gist.praises else None


def _called(exchange: Exchange) -> Course:
    exchange.end_burst()
    exchange.tell("emergency", number=exchange.means.rules.emergency_number)
    exchange.tell(INVITED)
    return exchange.taken()


def _greeted(exchange: Exchange) -> Course:
    """What they have to report may come at once: until then nothing is said where the channel has a quiet time."""
    exchange.end_burst()
    if exchange.quiet <= 0:
        exchange.tell(INVITED)
        return exchange.taken()
    until = exchange.heard.at + exchange.quiet
    exchange.talk.remember(burst=Burst(report="", until=until))
    exchange.settlement.timers.append(bursts.timer(exchange.means.channel, exchange.talk.row.id, until))
    return exchange.taken()


def _thanked(exchange: Exchange) -> Course:
    exchange.end_burst()
    exchange.say("welcome")
    return exchange.taken()


def _praised(exchange: Exchange) -> Course:
    """It is kept with the report that it may be about."""
    report = exchange.under_way or exchange.talk.report
    if report:
        exchange.turning.amend(report, amending.followed(exchange.heard.message))
    exchange.end_burst()
    exchange.say("welcome")
    return exchange.taken(report or None)


def as_scrap(exchange: Exchange) -> Course | None:
    """Who answers where nothing is asked reports nothing, nor does what came just before a question."""
    state, gist, memory = exchange.state, exchange.gist, exchange.talk.memory
    if gist.brings_more or gist.is_report or not gist.is_short:
        return None
    if state and exchange.heard.at < state.asked_at:
        return exchange.taken(state.talk.report or None)
    if not (exchange.command == "skip" or exchange.means.bot.words.answer(exchange.text)):
        return None
    exchange.say("fine" if memory.serial or exchange.talk.case else "help")
    return exchange.taken()


def as_sign(exchange: Exchange) -> Course | None:
    """Who sends a sign or somebody's number alone is asked for words."""
    return _greeted(exchange) if exchange.gist.is_sign else None
