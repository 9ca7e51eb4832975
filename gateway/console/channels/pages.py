"""The page of the channels: state, traffic, what to do; pause, resume, and ask its server."""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from adapters import Checks, Response
from gateway import money, spending, validity
from gateway.accounts.account import Right
from gateway.channels import status
from gateway.console.channels import log
from gateway.console.inbox.counting import counted
from gateway.console.routes import Route
from gateway.console.visit import Visit
from gateway.health.condition import AT_REST, HELD
from gateway.health.gap import Gap
from gateway.health.words import Words
from gateway.store.records import Spending
from gateway.store.views import Row, Views

CHANNELS = "/petugas/kanal"
DAY = 86_400.0
#: What a state means, for its sign; `gateway.channels.State`, and that a person paused it.
MEANINGS = (
    {"ok": "done", "starting": "working", "degraded": "working", HELD: "waiting"}
    | dict.fromkeys(("silent", "down", "paused"), "late")
    | dict.fromkeys(AT_REST, "quiet")
)
#: So many of a channel's newest outages are shown.
MOST_GAPS = 3


async def show(visit: Visit) -> Response:
    names = list(visit.means.lineup.channels)
    traffic, gaps = await visit.means.look(partial(_found, names=names))
    spent = await visit.means.look(lambda views: views.spent(spending.month(time.time())))
    rows = [_row(visit, name, traffic.get(name, {}), gaps[name]) | _cost(visit, name, spent) for name in names]
    tested = {"name": visit.asked("diuji"), "fault": visit.asked("gangguan"), "asked": visit.asked("ada")}
    return visit.page("channels/list.html", rows=rows, tested=tested, counts=await counted(visit))


def _found(views: Views, names: list[str]) -> tuple[Mapping[str, Row], Mapping[str, list[Gap]]]:
    return views.traffic(time.time() - DAY), {name: views.gaps(name, MOST_GAPS) for name in names}


def _row(visit: Visit, name: str, traffic: Mapping[str, object], gaps: list[Gap]) -> Row:
    words = Words(visit.t, visit.means.zone)
    channel = visit.means.lineup.channels[name]
    now = status(channel)
    nothing: Row = {"last_heard": None, "last_sent": None, "oldest": None, "came_in": 0, "went_out": 0}
    nothing |= dict.fromkeys(("waiting", "due", "kept", "failed", "uncertain", "quarantined"), 0)
    return {
        **nothing,
        **traffic,
        "channel": name,
        "kind": channel.settings.kind,
        "family": channel.settings.family,
        **validity.days(channel.settings),
        "state": now.state,
        "meaning": MEANINGS[now.state],
        "note": words.wrong(now),
        "can_send": channel.can_send,
        "can_be_asked": channel.can_send and isinstance(channel.adapter, Checks),
        "is_held": channel.is_held,
        "to_do": list(_to_do(visit, words.to_do(now), channel.can_send, {**nothing, **traffic})),
        "outages": [words.gap(gap) for gap in gaps],
    }


def _cost(visit: Visit, name: str, spent: Sequence[Spending]) -> Row:
    """What it cost this month, and its cap, in words."""
    costs = spending.costs(visit.means.lineup.channels[name].settings)
    cost = sum(one.cost for one in spent if (one.channel, one.currency) == (name, costs.currency))
    cap = money.told(costs.monthly_cap, costs.currency) if costs.monthly_cap else ""
    return {"cost": money.told(cost, costs.currency) if cost or cap else "", "cap": cap}


def _to_do(visit: Visit, to_do: str, can_send: bool, traffic: Row) -> Iterator[str]:
    """What a person should see to, in words."""
    if to_do:
        yield to_do
    if not can_send:
        others = visit.means.settings.gateway.fall_back
        yield (
            visit.t("channels.do.other_way", channels=", ".join(others))
            if others
            else visit.t("channels.do.no_way_out")
        )
    for name in ("quarantined", "failed", "uncertain"):
        if traffic[name]:
            yield visit.t(f"channels.do.{name}", n=traffic[name])
    if can_send and traffic["kept"]:
        yield visit.t("channels.do.kept", n=traffic["kept"])


async def pause(visit: Visit) -> Response:
    return await _changed(visit, "pause_channel")


async def resume(visit: Visit) -> Response:
    return await _changed(visit, "resume_channel")


async def _changed(visit: Visit, verb: str) -> Response:
    await visit.means.ask(verb, channel=visit.values["name"], actor=visit.actor)
    return visit.redirect(CHANNELS)


async def test(visit: Visit) -> Response:
    """Nothing is sent to a citizen."""
    done = await visit.means.ask("test_channel", channel=visit.values["name"])
    fault = done["fault"]
    return visit.redirect(CHANNELS, diuji=done["channel"], gangguan=fault, ada="" if fault is None else "1")


ROUTES = (
    Route("GET", CHANNELS, show, Right.CHANNELS),
    Route("GET", f"{CHANNELS}/{{name}}/catatan", log.show, Right.CHANNELS),
    Route("POST", f"{CHANNELS}/{{name}}/jeda", pause, Right.CHANNELS),
    Route("POST", f"{CHANNELS}/{{name}}/lanjut", resume, Right.CHANNELS),
    Route("POST", f"{CHANNELS}/{{name}}/uji", test, Right.CHANNELS),
)
