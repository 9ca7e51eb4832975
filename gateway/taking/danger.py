"""Who is in danger tells of it line by line: that is one report."""

from gateway import amending
from gateway.bot.opening import DANGER
from gateway.taking.exchange import Course, Exchange
from normalizer.report import Level

#: For so long somebody who is in danger goes on telling of it.
SAME_DANGER_SECONDS = 15 * 60.0


def as_same_danger(exchange: Exchange) -> Course | None:
    state = exchange.state
    report = exchange.under_way or exchange.talk.report or ""
    is_asked = state is not None and state.dialogue == DANGER
    if exchange.gist.is_elsewhere or is_asked or not is_same_danger(exchange, report):
        return None
    if exchange.turning.amend(report, amending.followed(exchange.heard.message)) is None:
        return None
    exchange.tell("emergency", number=exchange.means.rules.emergency_number)
    dialogue = exchange.means.bot.dialogues.get(state.dialogue) if state else None
    if state and dialogue:
        exchange.turning.ask_again(dialogue, state)
    return exchange.taken(report)


def is_same_danger(exchange: Exchange, report: str) -> bool:
    """Does it go on with an emergency that was reported here just now?"""
    found = exchange.means.store.reporter(report) if report and exchange.gist.is_emergency else None
    if found is None or found[0].report.urgency.level is not Level.EMERGENCY:
        return False
    old, new = found[0].report, exchange.heard.filed.report
    is_alike = not (old.categories and new.categories) or old.categories[0].code == new.categories[0].code
    return is_alike and exchange.heard.at <= old.received_at.timestamp() + SAME_DANGER_SECONDS
