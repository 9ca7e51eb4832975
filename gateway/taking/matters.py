"""Whether what is told amid a question is another matter than the report that the talk is about. In doubt the words
become a report of their own, or are kept with that report."""

from collections.abc import Iterator

from gateway import cases
from gateway.bot.engine import Turn
from gateway.bot.state import State
from gateway.bot.words import cut
from gateway.citizen_cases import root_of
from gateway.taking.exchange import Exchange
from normalizer.places.elsewhere import has_own_place, is_in_other_street
from normalizer.report import Report


def is_told(exchange: Exchange, state: State) -> bool:
    """Does it tell of anything, in more words than those that were offered?"""
    said = set(cut(exchange.text))
    return exchange.gist.hints and not any(said <= {*cut(one.label)} for one in state.offered)


def is_another(exchange: Exchange, turn: Turn, state: State) -> bool:
    """Of what led to this turn, and might be an answer."""
    gist, report = exchange.gist, state.talk.report
    is_terse = gist.is_terse and not turn.understood
    if not (is_terse or is_told(exchange, state)) or exchange.means.bot.words.corrects(exchange.text):
        return False
    found = exchange.means.store.reporter(report) if report else None
    is_sure = gist.tells or is_terse
    tells = is_sure or (gist.is_elsewhere and not turn.understood)
    if found is None:
        return tells and not turn.is_free
    old, new = found[0].report, exchange.heard.filed.report
    is_new = is_sure and not (turn.is_free or _is_open(exchange, report))
    return is_new or (tells and _differs(old, new, turn, is_sure))


def _differs(old: Report, new: Report, turn: Turn, is_sure: bool) -> bool:
    if is_in_other_street(old.place, new.place, new.text):
        return True
    chooses = any(one.field == "category" for one in turn.amends)
    if not old.categories or new.categories[0].code in _codes(old, several=chooses):
        return False
    if turn.is_free or not is_sure:
        return has_own_place(old.place, new.place)
    return not chooses or new.place is not None


def _codes(old: Report, several: bool) -> Iterator[str]:
    """What it may be about; several where that was asked."""
    yield from (one.code for one in old.categories[: None if several else 1])


def _is_open(exchange: Exchange, report: str) -> bool:
    store = exchange.means.store
    case = store.case_of(report)
    return case is not None and cases.is_open(root_of(store, case))
