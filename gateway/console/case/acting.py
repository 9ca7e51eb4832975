"""Does what somebody asked for on the page of a case. Whatever is in the way, the page comes back with all that was
entered; what changed meanwhile is shown first, and what citizens are told is shown before they are told."""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters import Response
from gateway.console.case.opening import path
from gateway.console.case.page import BY_HAND, Foreseen, digest, shown
from gateway.console.case.reading import CaseFile, read
from gateway.console.case.version import since, version
from gateway.console.visit import Visit
from gateway.errors import OperationRefused
from gateway.store.contract import ReplyState

Problems = Mapping[str, str]
INBOX = "/petugas"


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done to a case. `name` is that of its form, `verb` that of the control socket; `tells`: citizens
    are told of it; `guarded`: it is refused if the case changes in the last moment."""

    name: str
    verb: str
    values: Mapping[str, Any] = {}
    tells: bool = False
    guarded: bool = True


async def attempt(visit: Visit, file: CaseFile, act: Act, problems: Problems | None = None) -> Response:
    """Do it, and go back to the page; or show what is in the way. `problems` are errors of input by field."""
    if changed := since(file, visit.form.one("version")):
        return await again(visit, file, act.name, 409, changed=changed, problems=problems or {})
    if problems:
        return await again(visit, file, act.name, 422, problems=problems)
    try:
        if act.tells and (waits := await _to_confirm(visit, file, act)) is not None:
            return await again(visit, file, act.name, 200, foreseen=waits)
        done = await _done(visit, file, act)
    except OperationRefused as refusal:
        return await again(visit, file, act.name, 409, problems={act.name: in_words(visit, refusal)})
    reused = " ".join(done.get("proof_also_in", ()))
    did = BY_HAND if done.get("state") == ReplyState.KEPT else act.name
    return await _go_on(visit, str(done.get("joined_into") or file.code), jadi=did, bukti=reused)


async def again(visit: Visit, file: CaseFile, name: str, status: int, **values: Any) -> Response:
    """The page with the form of this name open, as it was filled in."""
    entered = {field: visit.form.one(field) for field in visit.form.fields}
    return await shown(visit, file, status, opened=name, entered=entered, **values)


def in_words(visit: Visit, refusal: OperationRefused) -> str:
    """In those of the pages, where they have some for it."""
    return visit.refusal(refusal.name, str(refusal))


async def foresee(visit: Visit, file: CaseFile, act: Act) -> Foreseen:
    """What citizens would be told. Raises `OperationRefused`."""
    values = {name: bool(value) if name == "proof" else value for name, value in act.values.items()}
    given = {"act": act.verb, "code": file.code, "actor": visit.actor}
    found: Foreseen = await visit.means.ask("foresee", **given | values)
    return found


async def _to_confirm(visit: Visit, file: CaseFile, act: Act) -> Foreseen | None:
    """What is to be looked at first; None if just that was."""
    found = await foresee(visit, file, act)
    return None if visit.form.one("foreseen") == digest(found) else found


async def _done(visit: Visit, file: CaseFile, act: Act) -> Any:
    guard = {"code": file.code, "seen": version(file).events} if act.guarded else {}
    return await visit.means.ask(act.verb, **{"actor": visit.actor} | guard | dict(act.values))


async def _go_on(visit: Visit, code: str, **said: str) -> Response:
    """To the case, unless it was handed on to others."""
    file = await visit.means.look(lambda views: read(views, code))
    is_theirs = file is not None and file.is_for(visit.person, visit.means.rules.routing)
    return visit.redirect(path(code), **said) if is_theirs else visit.redirect(INBOX)
