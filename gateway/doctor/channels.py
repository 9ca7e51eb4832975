"""Each channel: how it fares in the running gateway, and whether its server can be used."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gateway import asking, control, listening
from gateway.channels import ChannelStatus
from gateway.doctor.finding import Finding, Findings, Patient, fail, ok, warn
from gateway.errors import OperationRefused
from gateway.health.condition import AT_REST, HELD, State

_LISTED = list[ChannelStatus]


def check(patient: Patient) -> Findings:
    states = _states(patient.folder) if patient.vitals else {}
    channels = patient.settings.channels
    adapters = [listening.built(channel) for channel in channels]
    outcomes = asyncio.run(asking.ask_all(adapters)) if patient.online else [None] * len(channels)
    for adapter, channel, outcome in zip(adapters, channels, outcomes, strict=True):
        way_out = _way_out(outcome, listening.can_answer(adapter), patient.settings.gateway.fall_back)
        yield _finding(channel.name, states.get(channel.name), outcome, way_out)


def _states(folder: Path) -> dict[str, ChannelStatus]:
    try:
        answer = asyncio.run(control.ask(folder, "channels", {}))
    except (OSError, OperationRefused):
        return {}
    return {one.name: one for one in msgspec.convert(answer, _LISTED)}


def _finding(name: str, status: ChannelStatus | None, outcome: str | None, way_out: str) -> Finding:
    check = "channel"
    if status and status.state in AT_REST:
        return ok(check, f"{name}: {status.state}")
    if outcome:
        hint = f"look at the settings of {name} and at its server; kanal check --online asks again"
        return fail(check, f"{name}: {outcome}", hint)
    state = status.state if status else "not running"
    note = f" ({status.note})" if status and status.note else ""
    said = f"{name}: {state}{note}, {way_out}"
    if status is None or status.state == State.OK:
        return ok(check, said)
    if status.state in {State.DEGRADED, State.SILENT}:
        return warn(check, said, f"kanal channels show {name}")
    if status.state == State.STARTING:
        return warn(check, said, "look again in a moment")
    if status.state == HELD:
        return warn(check, said, f"kanal channels resume {name}, once it may send again")
    return fail(check, said, f"kanal channels show {name}; the gateway's log")


def _way_out(outcome: str | None, answers: bool, others: Sequence[str]) -> str:
    if not answers:
        return f"replies leave by {' or '.join(others)}" if others else "replies are kept: no way out is set"
    return "its server was not asked" if outcome is None else "its server answers"
