"""What was said in the talks that a case came up in: read again by a worker, since strangers wrote it, and masked. It
may be about other cases of the same people, so it is for those who may see all."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from adapters import Delivery, Response
from gateway import transcript
from gateway.console.case.acting import Act, attempt
from gateway.console.case.names import Names
from gateway.console.case.opening import of_case, path
from gateway.console.case.reading import CaseFile, Row
from gateway.console.seeing import scope
from gateway.console.visit import Visit
from gateway.filed import Reading
from gateway.store.contract import TalkMode
from gateway.store.rows import INTERNAL
from gateway.store.views import Views
from gateway.vault import CannotOpen
from gateway.workers import ChildLost, NoWorker
from normalizer.persons.masking import mask

#: Of one talk so many deliveries are read again, the newest.
MOST = 30
READ_SECONDS = 10.0


class Talk(NamedTuple):
    """`lines` have "at", "from" ("citizen", "person" or "bot") and "text"; `is_ours`: a person goes on with it."""

    row: Row
    lines: Sequence[Row]

    @property
    def is_ours(self) -> bool:
        return str(self.row["mode"]) == TalkMode.PERSON


class _Said(NamedTuple):
    talk: Row
    rows: list[dict[str, Any]]
    deliveries: dict[int, Delivery]


async def _show(visit: Visit, file: CaseFile) -> Response:
    if not sees_all(visit):
        return visit.missing()
    codes = [file.code, *(one["code"] for one in file.joined)]
    found = await visit.means.look(lambda views: [_said_in(views, talk) for talk in views.talks_about(codes)])
    talks = [await _read(visit, said) for said in found]
    return visit.page("case/talks.html", file=file, talks=talks, names=Names(visit), back=path(file.code))


def sees_all(visit: Visit) -> bool:
    seen = scope(visit.person, visit.means.rules.routing)
    return not seen.is_empty and seen.unit is None and not seen.hidden


def _said_in(views: Views, talk: Row) -> _Said:
    rows = views.said_in(talk["id"])
    deliveries: dict[int, Delivery] = {}
    for seq in [row["seq"] for row in rows if "seq" in row][-MOST:]:
        try:
            deliveries[seq] = views.opened(seq)
        except CannotOpen:
            continue
    return _Said(talk, rows, deliveries)


async def _read(visit: Visit, said: _Said) -> Talk:
    lines: list[Row] = []
    for row in said.rows:
        if "seq" not in row:
            lines.append(transcript.said(row, row["text"] or ""))
        elif delivery := said.deliveries.get(row["seq"]):
            heard = transcript.heard(visit.means.rules.key, said.talk["id"], row, await _reading(visit, delivery))
            lines += ({**one, "text": mask(one["text"])} for one in heard)
    return Talk(said.talk, lines)


async def _reading(visit: Visit, delivery: Delivery) -> Reading:
    if delivery.content_type in INTERNAL or delivery.channel not in visit.means.lineup.channels:
        return Reading()
    try:
        workers = visit.means.lineup.workers
        return (await workers.read(delivery.channel, [delivery], READ_SECONDS, look=False))[0]
    except (ChildLost, NoWorker) as loss:
        return Reading(error=str(loss))


async def _take(visit: Visit, file: CaseFile) -> Response:
    """Take a talk over from the bot, or give it back."""
    talk, verb = visit.form.one("talk"), "give_back" if visit.form.one("back") else "take_over"
    codes = [file.code, *(one["code"] for one in file.joined)]
    known = await visit.means.look(lambda views: {row["id"] for row in views.talks_about(codes)})
    if talk not in known or not sees_all(visit):
        return visit.missing()
    return await attempt(visit, file, Act(name="percakapan", verb=verb, values={"talk": talk}, guarded=False))


SHOW = of_case(_show)
TAKE = of_case(_take)
