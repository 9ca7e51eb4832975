"""One message of a talk, with all that is at hand to take it, and what all ways of taking it share."""

from functools import cached_property
from typing import NamedTuple

from msgspec.structs import replace

from gateway import bursts, cases
from gateway.acknowledging import Acknowledging
from gateway.bot.dialogue import Dialogue
from gateway.bot.engine import Said
from gateway.bot.opening import UNFINISHED
from gateway.bot.state import Burst, Latest, State
from gateway.citizen_cases import root_of
from gateway.conversation import Conversation, Heard
from gateway.gist import Gist
from gateway.speaking import BOT, replies
from gateway.store.contract import MessageRow, RepliedTo, ReplyRow, ReplyState, ReportRow, Settlement
from gateway.turning import Means, Turning

HOUR = 3600.0


class Course(NamedTuple):
    """What is done with a message: whether it is filed, and if so, the dialogue that begins on the report. `waits`:
    after the quiet time; `is_silent`: nobody answers it."""

    is_filed: bool = True
    exchange: "Exchange | None" = None
    dialogue: Dialogue | None = None
    waits: bool = False
    is_silent: bool = False


class Exchange:
    """`replied` is the reply of ours that the message replies to; `quiet`: for how many seconds nothing may come after
    it before it is answered."""

    def __init__(
        self,
        means: Means,
        talk: Conversation,
        heard: Heard,
        replied: RepliedTo | None,
        acknowledging: Acknowledging,
        now: float,
        settlement: Settlement,
    ) -> None:
        self.means = means
        self.talk = talk
        self.heard = heard
        self.replied = replied
        self.settlement = settlement
        self.turning = Turning(means, talk, heard.contact, heard.message.public, now, settlement)
        self.gist = Gist(heard, means.bot.words, means.rules.book.categories, means.rules.code_prefix)
        self.quiet = bursts.quiet(heard.message, means.quiet_seconds)
        self._acknowledging = acknowledging
        self._now = now
        self._is_handing_over = False
        #: Does it tell of something else than the report that was asked about, whatever a mail's subject names?
        self.is_another_matter = False
        #: What is said is about this.
        self.about = BOT
        if not heard.message.public:
            talk.heard_at = max(talk.heard_at, heard.at)

    @property
    def text(self) -> str:
        return self.gist.text

    @property
    def state(self) -> State | None:
        """The dialogue under way."""
        return self.talk.memory.state

    @property
    def under_way(self) -> str:
        """The report that the dialogue under way is about, or ""."""
        return self.state.talk.report if self.state else ""

    @cached_property
    def command(self) -> str:
        """What is not done may be said with the reason behind it, of a case that was closed."""
        if self.gist.brings_more:
            return ""
        words = self.means.bot.words
        disputes = words.begins(self.text, UNFINISHED) and self._is_closed()
        return words.command(self.text) or (UNFINISHED if disputes else "")

    def _is_closed(self) -> bool:
        code = (self.replied and self.replied.case) or self.talk.case
        case = self.means.store.case(code) if code else None
        return case is not None and not cases.is_open(root_of(self.means.store, case))

    def burst_going_on(self) -> Burst | None:
        """The report that was made just now, if this may be more of it."""
        burst = self.talk.memory.burst
        goes_on = burst is not None and burst.report and bursts.goes_on(burst, self.heard.at)
        return burst if goes_on else None

    @cached_property
    def follows(self) -> Latest | None:
        """What a file goes on with that tells of nothing by itself, as that came just now."""
        latest = self.talk.memory.latest
        is_next = latest is not None and bursts.follows(self.heard.at, latest.at, self.quiet)
        return latest if is_next and self.gist.only_shows else None

    def end_burst(self, begins: bool = False, changed: ReportRow | None = None) -> None:
        self._acknowledging.end_burst(self.talk, self.turning, self.heard.contact, begins, changed)

    def hand_over(self, why: str) -> None:
        """Whoever asks for a person is told that one comes: after that the bot is silent."""
        self.talk.hand_over(why)
        self._is_handing_over = True

    def say(self, name: str) -> None:
        self.tell(f"bot.{name}")

    def tell(self, name: str, **values: object) -> None:
        self.talk.says.append(Said(self.means.bot.texts.text(name, self.talk.language, **values)))

    def filed(self, dialogue: Dialogue | None) -> Course:
        """It is a report, on which this dialogue begins."""
        return Course(exchange=self, dialogue=dialogue, waits=self.quiet > 0 and not self.gist.is_emergency)

    def taken(self, report: str | None = None) -> Course:
        """It is no report of its own."""
        heard = self.heard
        self.settlement.contacts.append(heard.contact)
        row = MessageRow(heard.message.channel, heard.message.id, heard.claimed.seq, report, heard.contact.id)
        self.settlement.messages.append(row)
        return Course(is_filed=False, exchange=self)

    def finish(self) -> None:
        """Say what is to be said, and keep the talk."""
        if self.talk.says:
            state = ReplyState.DUE if self._is_handing_over else self._still_answered()
            is_public = self.heard.message.public
            said = replies(
                self.talk, self.talk.says, self.means.capabilities.where(is_public), state, self._now, self.about
            )
            self.settlement.replies += map(self._openly, said) if is_public else said
        self.settlement.talks.append(self.talk.saved(self._now))

    def _still_answered(self) -> ReplyState:
        return still_answered(self.means, self.heard.contact.id, self._now)

    def _openly(self, reply: ReplyRow) -> ReplyRow:
        return replace(reply, public=True, conversation=self.heard.message.conversation, talk=None)


def still_answered(means: Means, contact: str, now: float) -> ReplyState:
    """Nobody is answered without end: two machines would go on for ever."""
    sent = means.store.sent_between([contact], now - HOUR, now, in_talks=True)
    is_enough = sent.get(contact, 0) >= means.bot.settings.per_person_per_hour
    return ReplyState.WITHHELD if is_enough else ReplyState.DUE
