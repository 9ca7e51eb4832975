"""More of a report that was made just now, or of one that was begun in public."""

from msgspec.structs import replace

from gateway import amending, bursts
from gateway.bot.state import Burst
from gateway.store.contract import ReportRow
from gateway.taking.exchange import Course, Exchange
from normalizer.report import Level


def as_rest(exchange: Exchange) -> Course | None:
    """More of the report that was made just now."""
    burst = exchange.burst_going_on()
    if burst is None or burst.private or _is_another_matter(exchange, burst):
        return None
    changed = exchange.turning.amend(burst.report, amending.followed(exchange.heard.message))
    if changed is None:
        return None
    go_on(exchange, burst, changed)
    return exchange.taken(burst.report)


def as_more_files(exchange: Exchange) -> Course | None:
    """Pictures in a row on a channel without albums: what was added just now was answered, and is not twice."""
    before = exchange.follows
    if before is None or exchange.turning.amend(before.report, amending.followed(exchange.heard.message)) is None:
        return None
    return exchange.taken(before.report)


def go_on(exchange: Exchange, burst: Burst, changed: ReportRow) -> None:
    """The wait begins anew, unless somebody is in danger."""
    talk, heard = exchange.talk, exchange.heard
    until = heard.at + exchange.quiet
    talk.remember(burst=replace(burst, until=until))
    if changed.report.urgency.level is Level.EMERGENCY:
        exchange.end_burst(begins=True, changed=changed)
    elif burst.waits:
        exchange.settlement.timers.append(bursts.timer(exchange.means.channel, talk.row.id, until))


def as_sequel(exchange: Exchange) -> Course | None:
    """What was begun in public goes on in private."""
    burst = exchange.talk.memory.burst
    if burst is None or not burst.private or exchange.heard.at > burst.until:
        return None
    if _is_another_matter(exchange, burst):
        return None
    changed = None
    if exchange.gist.is_report or exchange.gist.brings_more:
        changed = exchange.turning.amend(burst.report, amending.followed(exchange.heard.message))
    exchange.end_burst(begins=True, changed=changed)
    return exchange.taken(burst.report)


def _is_another_matter(exchange: Exchange, burst: Burst) -> bool:
    """Or is there nothing that it could belong to any more?"""
    found = exchange.means.store.reporter(burst.report)
    return found is None or bursts.is_another_matter(found[0].report, exchange.heard.filed.report)
