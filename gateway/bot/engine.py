"""Advances a dialogue by one message. Pure, but for the wishes that its caller grants.

To advance, the dialogue is run again from its beginning: it is given the answers that are kept, what it says on the way
is swallowed, and from the newest answer on all is new. So a talk outlives restarts, and a dialogue that was changed
goes on with those answers that still fit.
"""

from contextlib import suppress
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from gateway.bot.dialogue import Dialogue
from gateway.bot.reading import Again, Heard, Label, More
from gateway.bot.state import Answer, Option, State, Talk
from gateway.bot.steps import Ask, Field, HandOver, Say, Step, Wish
from gateway.describe import describe

MOST_STEPS = 1_000
#: An answer may be narrowed down so often, without a try being counted.
MOST_MORE = 4
#: Words that are no answer, and tell something.
TELLING = 3


class DialogueFailed(Exception):
    """The dialogue itself is wrong: the message names it and the step, and nothing of what was said."""


class Said(msgspec.Struct, frozen=True):
    """A text for the citizen, and what it offers."""

    text: str
    options: tuple[Option, ...] = ()


class Amends(msgspec.Struct, frozen=True):
    """An answer amends the report: `value` is what its reader gave."""

    field: Field
    name: str
    value: Any


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What a message led to. `state` is None once the dialogue is over; `person` says why a person is to go on, if one
    is; `understood`: the message was an answer; `is_free`: so were any other words, and these are kept as they are."""

    says: tuple[Said, ...] = ()
    state: State | None = None
    amends: tuple[Amends, ...] = ()
    person: str = ""
    understood: bool = True
    is_free: bool = False


class Setting(Protocol):
    """What a turn depends on. `text` raises KeyError for a name that there is not; `grant` does what is wished for, and
    gives builtin types or those that the wish names."""

    now: float
    tries: int

    def text(self, name: str, /, **values: object) -> str: ...

    def grant(self, wish: Wish) -> Any: ...

    def skips(self, heard: Heard) -> bool:
        """Would they rather not say?"""


def begin(dialogue: Dialogue, talk: Talk, setting: Setting, serial: int = 0) -> Turn:
    """Open a dialogue: what it says until its first question. Raises `DialogueFailed`."""
    return _Run(dialogue, State(dialogue=dialogue.name, version="", talk=talk, serial=serial), None, setting).turn()


def advance(dialogue: Dialogue, state: State, heard: Heard, setting: Setting) -> Turn:
    """Go on with what was heard. Raises `DialogueFailed`."""
    return _Run(dialogue, state, heard, setting).turn()


def again(dialogue: Dialogue, state: State, setting: Setting) -> Turn:
    """Ask the open question once more, as after an expired menu; what was answered to it in part is kept. Raises
    `DialogueFailed`."""
    return _Run(dialogue, replace(state, tries=0), None, setting).turn()


class _Wait(Exception):
    """The dialogue waits for an answer, or for a person."""


class _Run:
    """One run of a dialogue from its beginning."""

    def __init__(self, dialogue: Dialogue, state: State, heard: Heard | None, setting: Setting) -> None:
        self._dialogue = dialogue
        self._state = state
        self._heard = heard
        self._setting = setting
        self._kept = {answer.name: answer for answer in state.answers}
        self._met: dict[str, Answer] = {}
        self._says: list[Said] = []
        self._amends: list[Amends] = []
        self._person = ""
        self._understood = True
        self._is_free = False
        self._asked: State | None = None

    def turn(self) -> Turn:
        try:
            self._go()
        except _Wait:
            pass
        except DialogueFailed:
            raise
        except Exception as error:
            raise DialogueFailed(f"{self._dialogue.name}: {describe(error)}") from error
        return Turn(
            says=tuple(self._says),
            state=self._asked,
            amends=tuple(self._amends),
            person=self._person,
            understood=self._understood,
            is_free=self._is_free,
        )

    def _go(self) -> None:
        steps = self._dialogue.steps(self._state.talk)
        try:
            step = next(steps)
            for _ in range(MOST_STEPS):
                step = steps.send(self._meet(step))
        except StopIteration:
            if self._heard and not self._says:
                self._say("fine", {})
            return
        finally:
            steps.close()
        raise DialogueFailed(f"{self._dialogue.name}: it goes on for more than {MOST_STEPS} steps")

    def _meet(self, step: Step) -> Any:
        match step:
            case Say():
                if self._is_live:
                    self._say(step.text, step.values)
                return None
            case Ask():
                return self._ask(self._once(step))
            case Wish():
                return self._wish(self._once(step))
        raise DialogueFailed(f"{self._dialogue.name}: it yields a {type(step).__name__}")

    def _once(self, step: Any) -> Any:
        if step.name in self._met:
            raise DialogueFailed(f"{self._dialogue.name}: two steps are called '{step.name}'")
        return step

    @property
    def _is_live(self) -> bool:
        """Is the newest answer consumed? What is said before that was said already."""
        if self._heard is not None:
            return self._state.asked in self._met
        return self._kept.keys() <= self._met.keys()

    def _ask(self, ask: Ask) -> Any:
        kept = self._kept.get(ask.name)
        if kept is not None:
            with suppress(Again):
                return self._keep(ask.name, kept.written, self._kept_value(ask, kept))
        elif self._heard is not None and ask.name == self._state.asked:
            return self._read(ask, self._heard)
        elif self._heard is not None and self._state.asked not in self._met:
            self._postpone(self._heard)
        return self._put(ask, self._text(ask.text, **ask.values), self._offered_before(ask))

    def _offered_before(self, ask: Ask) -> tuple[Option, ...] | None:
        """What was offered on the way to an answer is offered again."""
        state = self._state
        is_the_same = ask.name == state.asked and state.version == self._dialogue.version
        return state.offered if is_the_same and state.written else None

    def _kept_value(self, ask: Ask, kept: Answer) -> Any:
        """Of an answer that was kept, if it still fits; or what is read now of what was written. Raises `Again`."""
        if kept.value and ask.has_otherwise and msgspec.msgpack.decode(kept.value) == ask.otherwise:
            return ask.otherwise
        with suppress(msgspec.DecodeError, msgspec.ValidationError):
            value = msgspec.msgpack.decode(kept.value, type=ask.reader.gives)
            if ask.reader.fits(value):
                return value
        if self._heard is None:
            raise Again
        return ask.reader.read(
            replace(self._heard, text=kept.written, choice=None, offered=self._options(ask), before=())
        )

    def _postpone(self, heard: Heard) -> None:
        """The question that was answered comes later now, or not at all: its answer is read when it comes."""
        self._met[self._state.asked] = Answer(self._state.asked, heard.text, b"")

    def _read(self, ask: Ask, heard: Heard) -> Any:
        if ask.has_otherwise and self._setting.skips(heard):
            return self._leave(ask, heard)
        try:
            value = ask.reader.read(replace(heard, offered=self._state.offered, before=self._state.written))
        except Again as wanted:
            is_thanks = heard.words.thanks(heard.text) and not isinstance(wanted, More)
            return self._once_more(ask, heard, Again("welcome") if is_thanks else wanted)
        return self._settle(ask, heard, value)

    def _leave(self, ask: Ask, heard: Heard) -> Any:
        """Nothing more is said: what was is taken as it is."""
        told = ask.reader.so_far(replace(heard, before=self._state.written))
        return self._keep(ask.name, self._written(heard), ask.otherwise if told is None else told)

    def _written(self, heard: Heard) -> str:
        return " / ".join((*self._state.written, heard.text))

    def _settle(self, ask: Ask, heard: Heard, value: Any) -> Any:
        if ask.amends and value is not None:
            self._amends.append(Amends(ask.amends, ask.name, value))
        self._is_free = value == heard.text
        return self._keep(ask.name, self._written(heard), value)

    def _keep(self, name: str, written: str, value: Any) -> Any:
        self._met[name] = Answer(name, written, msgspec.msgpack.encode(value))
        return value

    def _once_more(self, ask: Ask, heard: Heard, wanted: Again) -> Any:
        self._understood = isinstance(wanted, More)
        is_counted = not isinstance(wanted, More) or len(self._state.written) >= MOST_MORE
        tries = self._state.tries + is_counted
        self._keep_part(ask, heard)
        if not isinstance(wanted, More):
            self._keep_words(ask, heard)
        if tries >= (ask.tries or self._setting.tries):
            return self._give_up(ask, heard)
        self._state = replace(self._state, tries=tries, written=(*self._state.written, heard.text))
        hint = self._text(wanted.hint or ask.reader.hint, **wanted.values)
        question = hint if isinstance(wanted, More) else f"{hint} {self._text(ask.text, **ask.values)}"
        is_new = wanted.options or isinstance(wanted, More)
        return self._put(ask, question, self._shown(wanted.options) if is_new else self._state.offered)

    def _keep_part(self, ask: Ask, heard: Heard) -> None:
        """What is told in part amends at once: perhaps no more is ever said."""
        before = self._state.written
        known, told = (ask.reader.so_far(replace(heard, before=said)) for said in (before, (*before, heard.text)))
        if ask.amends and told is not None and told != known:
            self._amends.append(Amends(ask.amends, ask.name, told))

    def _keep_words(self, ask: Ask, heard: Heard) -> None:
        """What is no answer may tell more of the report ("airnya sudah sepinggang"): it is added to it. Words beside a
        photo or a pin go to the report with these, whatever was asked."""
        message, words = heard.message, heard.words
        is_alone = not (message.attachments or message.place)
        tells = len(heard.text.split()) >= TELLING and not (words.asks(heard.text) or words.insults(heard.text))
        if ask.amends and self._state.talk.report and is_alone and tells:
            self._amends.append(Amends("text", ask.name, heard.text))

    def _give_up(self, ask: Ask, heard: Heard) -> Any:
        if ask.has_otherwise:
            return self._leave(ask, heard)
        self._say("gave_up", {})
        self._person = f"gave up: {ask.name}"
        raise _Wait

    def _put(self, ask: Ask, question: str, options: tuple[Option, ...] | None = None) -> Any:
        """Ask, and wait."""
        state = self._state
        if ask.identity and state.notice_at is None:
            self._say("privacy_notice", {})
            state = replace(state, notice_at=self._setting.now)
        offered = self._options(ask) if options is None else options
        self._says.append(Said(question, offered))
        is_same = ask.name == state.asked
        self._asked = replace(
            state,
            version=self._dialogue.version,
            answers=tuple(self._met.values()),
            asked=ask.name,
            offered=offered,
            written=state.written if is_same else (),
            tries=state.tries if is_same else 0,
            asked_at=self._setting.now,
            serial=state.serial + 1,
        )
        raise _Wait

    def _options(self, ask: Ask) -> tuple[Option, ...]:
        return self._shown(ask.reader.options())

    def _shown(self, labels: tuple[Label, ...]) -> tuple[Option, ...]:
        return tuple(Option(one.id, one.words or self._text(one.text)) for one in labels)

    def _wish(self, wish: Wish) -> Any:
        kept = self._kept.get(wish.name)
        if kept is not None:
            value = msgspec.msgpack.decode(kept.value, type=wish.gives)
            self._met[wish.name] = kept
            return value
        given = msgspec.convert(self._setting.grant(wish), wish.gives)
        if isinstance(wish, HandOver):
            self._person = wish.why or "asked"
        return self._keep(wish.name, "", given)

    def _text(self, name: str, /, **values: object) -> str:
        try:
            return self._setting.text(name, **values)
        except KeyError as missing:
            raise DialogueFailed(f"{self._dialogue.name}: no text or value is called {missing}") from None

    def _say(self, text: str, values: dict[str, object]) -> None:
        self._says.append(Said(self._text(text, **values)))


__all__ = ["Amends", "DialogueFailed", "Said", "Setting", "Turn", "advance", "again", "begin"]
