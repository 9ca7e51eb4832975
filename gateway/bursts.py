"""Several messages in a row that are one report: it is acknowledged when nothing more came for a while. Pure."""

import msgspec

from adapters import Delivery, Message
from dedupe.verdict import Verdict
from gateway import filing
from gateway.bot.dialogue import Dialogue
from gateway.bot.state import Burst
from gateway.conversation import Heard
from gateway.joining import PartsDue
from gateway.overheard import OverheardDue
from gateway.reportfacts import surely_about
from gateway.store.contract import TimerRow
from gateway.store.rows import TIMER
from normalizer.report import Report

#: The pictures of an album come one by one, on channels that wait for nothing else, too.
ALBUM_SECONDS = 3.0
#: Files come one by one, too, where the provider has no albums: they are chosen one after the other.
FILES_SECONDS = 15.0
#: A category of this score is likelier than not.
LIKELY = 0.5

_encode = msgspec.json.Encoder().encode


class BurstDue(msgspec.Struct, frozen=True, tag="burst"):
    """The body of the timer that ends the wait: of this talk, that waited until then."""

    talk: str
    until: float


_body = msgspec.json.Decoder(BurstDue | PartsDue | OverheardDue)


def quiet(message: Message, seconds: float) -> float:
    """For how long nothing may come after a message before it is answered."""
    return max(seconds, ALBUM_SECONDS) if message.group else seconds


def due(delivery: Delivery) -> BurstDue | None:
    """The wait that a timer ends; None if it ends another one."""
    if delivery.content_type != TIMER:
        return None
    body = _body.decode(delivery.body)
    return body if isinstance(body, BurstDue) else None


def timer(channel: str, talk: str, until: float) -> TimerRow:
    return TimerRow(id=f"burst:{talk}", channel=channel, due_at=until, body=_encode(BurstDue(talk, until)))


def burst_of(heard: Heard, report: str, verdict: Verdict, dialogue: Dialogue | None, until: float) -> Burst:
    """The burst that a message begins which was filed as this report."""
    message = heard.message
    return Burst(
        report=report,
        until=until,
        dialogue=dialogue.name if dialogue else "",
        verdict=verdict.kind,
        same_as=verdict.same_as,
        in_reply_to=message.fields.get("message_id", message.id),
        references=filing.references(message),
    )


def goes_on(burst: Burst, at: float) -> bool:
    """Does what came in at that time belong to the burst?"""
    return at <= burst.until


def follows(at: float, before: float, quiet_seconds: float) -> bool:
    """May a file that came in at that time belong to what was said before?"""
    return at <= before + max(quiet_seconds, FILES_SECONDS)


def is_another_matter(old: Report, new: Report) -> bool:
    """Is each of them surely about something, and not the same?"""
    before, after = surely_about(old), surely_about(new)
    if before is not None and after is not None:
        return before != after
    return _is_elsewhere(old, new)


def _is_elsewhere(old: Report, new: Report) -> bool:
    """Is each likelier than not about something of its own, and says where?"""
    best = [one.categories[0].code for one in (old, new) if one.categories and one.categories[0].score >= LIKELY]
    places = [one.place.words for one in (old, new) if one.place and one.place.words]
    return len(set(best)) == 2 and len(set(places)) == 2
