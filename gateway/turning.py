"""Runs a dialogue for one turn of a talk, and puts what came of it into the settlement."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
import structlog

from adapters import Capabilities, Message
from gateway import amending
from gateway.bot import engine
from gateway.bot.dialogue import Dialogue
from gateway.bot.engine import DialogueFailed, Said, Turn
from gateway.bot.opening import REPORT
from gateway.bot.reading import Heard
from gateway.bot.state import Latest, State, Talk
from gateway.bot.steps import Wish
from gateway.bots import Bot
from gateway.changing import change
from gateway.citizen_cases import Citizen
from gateway.conversation import Conversation
from gateway.filing import Rules
from gateway.granting import Granting
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.store.contract import Contact, ReportRow, Settlement, Store, TalkMode
from gateway.telling import Telling

log = structlog.get_logger()


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What talking depends on, the same for all messages of a channel. `kind` is that of its answers: see
    `gateway.bot.state.Talk`; `takes_files`: they can be sent to us there."""

    store: Store
    rules: Rules
    bot: Bot
    telling: Telling
    attempts: Attempts
    metrics: Metrics
    channel: str
    language: str
    capabilities: Capabilities
    kind: str
    takes_files: bool
    quiet_seconds: float


class Attempt(NamedTuple):
    """A turn that is not applied yet."""

    dialogue: Dialogue
    turn: Turn
    granting: Granting


class Turning:
    """The turns of one talk while a message of it is taken. What cannot be turned, as its dialogue is wrong, goes to a
    person."""

    def __init__(
        self, means: Means, talk: Conversation, contact: Contact, is_public: bool, now: float, settlement: Settlement
    ) -> None:
        self._means = means
        self._talk = talk
        self._contact = contact
        self._is_public = is_public
        self._now = now
        self._settlement = settlement

    def begin(self, dialogue: Dialogue, words: str, facts: Mapping[str, Any]) -> None:
        """Open a dialogue about the talk's case and report. What was under way goes on after it, if it is another."""
        talk = Talk(
            language=self._talk.language,
            words=words,
            code=self._talk.case or "",
            report=self._talk.report or "",
            channel=self._means.kind,
            public=self._is_public,
            facts=dict(facts),
        )
        serial = self._talk.memory.serial
        attempt = self._attempt(dialogue, lambda setting: engine.begin(dialogue, talk, setting, serial))
        if attempt is None:
            return
        before, is_again = self._talk.memory.state, self._is_under_way(dialogue)
        if before and attempt.turn.state is None and not (attempt.turn.person or is_again):
            self._say(attempt)  # it asked nothing, so the open question stays
            return
        self._talk.remember(last=self._talk.memory.last if is_again else before)
        self.apply(attempt)

    def _is_under_way(self, dialogue: Dialogue) -> bool:
        """Is it, and about no report of its own? Who asks for the same again is not asked twice."""
        state = self._talk.memory.state
        return state is not None and state.dialogue == dialogue.name and not dialogue.files and dialogue.name != REPORT

    def answered(self, dialogue: Dialogue, state: State, heard: Heard) -> Attempt | None:
        """What an answer leads to, to be applied or not."""
        return self._attempt(dialogue, lambda setting: engine.advance(dialogue, state, heard, setting))

    def ask_again(self, dialogue: Dialogue, state: State) -> None:
        attempt = self.asked_again(dialogue, state)
        if attempt:
            self.apply(attempt)

    def asked_again(self, dialogue: Dialogue, state: State) -> Attempt | None:
        """The open question once more, to be applied or not."""
        return self._attempt(dialogue, lambda setting: engine.again(dialogue, state, setting))

    def apply(self, attempt: Attempt, message: Message | None = None) -> None:
        """Take over a turn; `message` is the one that amends the report."""
        turn, granting = attempt.turn, attempt.granting
        if turn.amends and message and self._talk.report:
            self.amend(self._talk.report, amending.answered(turn.amends, message))
        self._say(attempt)
        self._talk.remember(state=turn.state, serial=turn.state.serial if turn.state else self._talk.memory.serial)
        self._talk.mode = TalkMode.OPEN if turn.state else TalkMode.ENDED
        if turn.person:
            self._talk.hand_over(turn.person)
        elif granting.adopted:
            self._resume(granting.adopted)
        elif turn.state is None and (last := self._talk.memory.last):
            self._talk.remember(last=None)
            self._resume(last)

    def amend(self, report: str, addition: amending.Addition) -> ReportRow | None:
        """Add to a report; None if its words are gone."""
        means = self._means
        changed = change(means.store, means.rules, report, addition, self._now, self._settlement)
        if changed:
            self._talk.remember(latest=Latest(report=report, at=self._talk.heard_at, files=bool(addition.attachments)))
        return changed

    def _resume(self, state: State) -> None:
        """Go on with what another dialogue broke into, or what was under way elsewhere."""
        dialogue = self._means.bot.dialogues.get(state.dialogue)
        if dialogue:
            before = self._talk.case
            self._talk.case, self._talk.report = state.talk.code or None, state.talk.report or None
            if self._talk.case != before:
                self._name(state)
            self.ask_again(dialogue, state)

    def _name(self, state: State) -> None:
        """Say which report it is about."""
        case = self._means.store.case_of(state.talk.report) if state.talk.report else None
        if case and not self._is_public:
            text = self._means.bot.texts.text("bot.about", self._talk.language, code=case.code)
            self._talk.says.append(Said(text))

    def _attempt(self, dialogue: Dialogue, run: Callable[["_Setting"], Turn]) -> Attempt | None:
        granting = self._granting(dialogue)
        try:
            turn = run(_Setting(self._means, dialogue, self._talk, granting, self._now))
        except DialogueFailed as failure:
            log.error("a dialogue failed", error=str(failure))
            self._means.metrics.turns.labels(dialogue.name, "failed").inc()
            self._talk.hand_over(f"the dialogue '{dialogue.name}' failed")
            self._talk.says.append(Said(self._means.bot.texts.text("bot.handed_over", self._talk.language)))
            return None
        return Attempt(dialogue, turn, granting)

    def _granting(self, dialogue: Dialogue) -> Granting:
        means, talk = self._means, self._talk
        citizen = Citizen(
            contact=self._contact,
            channel=means.channel,
            conversation=talk.memory.conversation,
            language=talk.language,
            report=talk.report or "",
            public=self._is_public,
            dialogue=dialogue.name,
        )
        return Granting(means.store, means.rules, means.telling, means.attempts, citizen, self._now, Settlement())

    def _say(self, attempt: Attempt) -> None:
        """Put what is said and was granted in place."""
        self._settlement.add(attempt.granting.settlement)
        if attempt.granting.language:
            self._talk.remember(language=attempt.granting.language)
        self._talk.says += attempt.turn.says
        self._means.metrics.turns.labels(attempt.dialogue.name, _outcome(attempt.turn)).inc()


class _Setting:
    """What the engine asks."""

    def __init__(self, means: Means, dialogue: Dialogue, talk: Conversation, granting: Granting, now: float) -> None:
        self.now = now
        self.tries = means.bot.settings.tries
        self.grant: Callable[[Wish], Any] = granting.grant
        self._means = means
        self._dialogue = dialogue.name
        self._talk = talk
        self._granting = granting

    def text(self, name: str, /, **values: object) -> str:
        language = self._granting.language or self._talk.language
        return self._means.bot.texts.of(self._dialogue, language)(name, **values)

    def skips(self, heard: Heard) -> bool:
        return self._means.bot.words.declines(heard.text)


def _outcome(turn: Turn) -> str:
    if turn.person:
        return "person"
    if not turn.understood:
        return "again"
    return "asked" if turn.state else "ended"
