"""The form itself: each step, what is wrong, and what was sent."""

from collections.abc import Mapping

import msgspec

from adapters import NotAccepted, Response
from gateway.console import answers, cookies, tickets
from gateway.console.form import proof
from gateway.console.form.entry import (
    CHALLENGES,
    COOKIE,
    SENT,
    STEPS,
    Offered,
    delivery,
    entry_id,
    identity,
    is_known,
    is_proven,
    joined,
    key,
    may_send,
    offered,
    reach,
    step_of,
)
from gateway.console.form.nearby import nearby
from gateway.console.map import pin_of, sheet
from gateway.console.visit import Visit

#: Steps on which open reports that may be the same are offered: as soon as something is told, and once the place is.
JOINING = (2, 3)
WAIT = {"Retry-After": "60"}


async def begin(visit: Visit) -> Response:
    form = offered(visit)
    return await _shown(visit, form) if form else visit.missing()


async def go(visit: Visit) -> Response:
    """On to a step, back to one, or sent."""
    form = offered(visit)
    if form is None:
        return visit.missing()
    asked = visit.form.one("go")
    if asked not in map(str, range(1, STEPS + 1)):
        return await _send(visit, form)
    wrong = {field: what for field, what in form.adapter.faults(visit.form).items() if step_of(field) < int(asked)}
    if wrong:
        return await _shown(visit, form, step_of(next(iter(wrong))), wrong, status=422)
    return await _shown(visit, form, int(asked))


async def _send(visit: Visit, form: Offered) -> Response:
    entry = entry_id(visit.form.one("entry"))
    if is_known(visit, form, entry):
        return _sent(visit, form, entry)
    if wrong := form.adapter.faults(visit.form):
        return await _shown(visit, form, step_of(next(iter(wrong))), wrong, status=422)
    proven = is_proven(visit, entry)
    if not may_send(visit, form, proven):
        return await _shown(visit, form, STEPS, refusal="form.wait", status=429)
    try:
        await visit.means.accept([delivery(visit, form, entry, proven)], None)
    except NotAccepted:
        return await _shown(visit, form, STEPS, refusal="form.not_kept", status=503)
    return _sent(visit, form, entry)


def _sent(visit: Visit, form: Offered, entry: str) -> Response:
    """The way back to code and PIN is in a cookie: neither is to be in an address."""
    name = form.channel.name
    ticket = tickets.dated(key(visit, SENT), identity(visit, entry), name, visit.now.timestamp())
    headers = answers.NOT_KEPT | {"Set-Cookie": cookies.put(visit.request, COOKIE, ticket, tickets.SECONDS)}
    return answers.redirect(visit.to(f"/lapor/{name}/selesai"), headers)


async def _shown(
    visit: Visit,
    form: Offered,
    step: int = 1,
    wrong: Mapping[str, str] | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> Response:
    given, rules = visit.form, visit.means.rules
    return visit.page(
        "form/form.html",
        status,
        WAIT if status == 429 else {},
        form=form,
        terms=form.terms,
        entry=entry_id(given.one("entry")),
        given=given,
        step=step,
        steps=STEPS,
        problems={field: visit.t(f"form.wrong.{field}_{what}") for field, what in (wrong or {}).items()},
        refusal=visit.t(refusal) if refusal else "",
        sheet=await sheet(visit),
        pin=pin_of(given),
        found=await nearby(visit) if step in JOINING else (),
        joining=JOINING,
        answers=bool(reach(visit) & {"phone", "email"}),
        joins=joined(visit, given),
        emergency=rules.text("emergency", visit.language, number=rules.emergency_number),
        challenge=visit.to("/lapor/uji", kanal=form.channel.name),
    )


async def challenge(visit: Visit) -> Response:
    """What the widget solves, as JSON."""
    form, entry = offered(visit, visit.asked("kanal")), visit.asked("isian")
    if form is None or entry_id(entry) != entry:
        return answers.plain(404, "not found")
    made = proof.challenge(key(visit, CHALLENGES), entry, form.terms.difficulty, visit.now.timestamp())
    return answers.file(msgspec.json.encode(made), "application/json")
