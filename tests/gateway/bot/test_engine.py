"""A dialogue is advanced by one message; it outlives being changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters import Message
from gateway.bot import Again, Ask, FindCase, Heard, Reader, Say, Steps, Talk, Wish, dialogue, words
from gateway.bot.dialogue import Dialogue
from gateway.bot.engine import DialogueFailed, Turn, advance, again, begin
from gateway.bot.reading import Label, More
from gateway.bot.state import State
from normalizer.book import Book
from normalizer.normalize import normalize

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BOOK = Book("31")
WORDS = words.load()


class Setting:
    now = 1_000.0
    tries = 3

    def __init__(self) -> None:
        self.granted: list[Wish] = []

    def text(self, name: str, /, **values: object) -> str:
        return " ".join((name, *map(str, values.values())))

    def grant(self, wish: Wish) -> Any:
        self.granted.append(wish)
        return None

    def skips(self, heard: Heard) -> bool:
        return heard.text == "lewati"


def heard(text: str) -> Heard:
    message = Message(id="1", channel="sms", sender=None, text=text)
    return Heard(
        text=text,
        message=message,
        report=normalize(message, NOW, BOOK),
        book=BOOK,
        words=WORDS,
        code_prefix="KNL",
        today="2026-03-01",
    )


class Number(Reader[int]):
    gives = int
    hint = "a number"

    def read(self, heard: Heard) -> int:
        if not heard.text.isdigit():
            raise Again
        return int(heard.text)

    def fits(self, value: int) -> bool:
        return value < 100


def _dialogue(steps: Callable[[Talk], Steps]) -> Dialogue:
    return dialogue("flood")(steps)


@_dialogue
def flood(talk: Talk) -> Steps:
    """How high the water is."""
    yield Say("hello")
    where = yield Ask("where", amends="text")
    deep = yield Ask("deep", Number())
    if deep > 50:
        yield Say("leave")
    case = yield FindCase("case", code="KNL")
    yield Say("thanks", where=where, deep=deep, case=case)


def played(what: Dialogue, *answers: str) -> tuple[list[str], Turn]:
    """All that is said, and the last turn."""
    setting = Setting()
    turn = begin(what, Talk(), setting)
    said = [one.text for one in turn.says]
    for answer in answers:
        assert turn.state is not None
        turn = advance(what, turn.state, heard(answer), setting)
        said += [f"> {answer}", *(one.text for one in turn.says)]
    return said, turn


def test_it_says_each_thing_once() -> None:
    said, turn = played(flood, "Jl. Mawar", "60")

    assert said == ["hello", "where", "> Jl. Mawar", "deep", "> 60", "leave", "thanks Jl. Mawar 60 None"]
    assert turn.state is None and not turn.person


def test_an_answer_amends_the_report_as_its_question_says() -> None:
    _, turn = played(flood, "Jl. Mawar")

    assert [(one.field, one.value) for one in turn.amends] == [("text", "Jl. Mawar")]


def test_what_is_not_understood_is_asked_again_and_then_left_to_a_person() -> None:
    said, turn = played(flood, "x", "?", "?", "?")

    assert said[3:] == ["deep", "> ?", "a number deep", "> ?", "a number deep", "> ?", "gave_up"]
    assert turn.person == "gave up: deep" and turn.state is None and not turn.understood


def test_who_would_rather_not_say_is_not_asked_again() -> None:
    @_dialogue
    def asks(talk: Talk) -> Steps:
        yield Say("got", number=(yield Ask("deep", Number(), otherwise=0)))

    assert played(asks, "lewati")[0] == ["deep", "> lewati", "got 0"]
    assert played(asks, "?", "?", "?")[0][-1] == "got 0"


def test_a_step_forward_is_no_failed_try() -> None:
    class Place(Reader[str]):
        def read(self, heard: Heard) -> str:
            if not heard.offered:
                raise More("which", (Label("1", words="A"), Label("2", "b")))
            return "/".join((*heard.before, heard.text))

    @_dialogue
    def where(talk: Talk) -> Steps:
        yield Say("at", place=(yield Ask("where", Place(), tries=1)))

    said, turn = played(where, "pasar", "2")

    assert said == ["where", "> pasar", "which", "> 2", "at pasar/2"] and turn.understood


def test_the_notice_of_the_law_comes_once_before_the_first_question_of_who_it_is() -> None:
    @_dialogue
    def who(talk: Talk) -> Steps:
        yield Ask("name", identity=True)
        yield Ask("phone", identity=True)

    said, turn = played(who, "Budi")

    assert said == ["privacy_notice", "name", "> Budi", "phone"]
    assert turn.state is not None and turn.state.notice_at == Setting.now


def _changed(*steps: Ask | Say) -> Dialogue:
    @_dialogue
    def changed(talk: Talk) -> Steps:
        for step in steps:  # noqa: UP028 - a tuple takes no answers
            yield step

    return changed


@pytest.mark.parametrize(
    ("new", "said", "asked"),
    [
        pytest.param(_changed(Ask("deep", Number())), ["deep"], "deep", id="the same is asked"),
        pytest.param(_changed(Ask("where"), Ask("new"), Ask("deep", Number())), ["new"], "new", id="one before"),
        pytest.param(_changed(Ask("where"), Ask("end")), ["end"], "end", id="it is not asked any more"),
        pytest.param(_changed(Ask("where", Number()), Ask("deep", Number())), ["where"], "where", id="misfit"),
    ],
)
def test_a_changed_dialogue_goes_on_with_the_answers_that_still_fit(new: Dialogue, said: list[str], asked: str) -> None:
    state = _asked("Jl. Mawar")

    turn = again(new, state, Setting())

    assert [one.text for one in turn.says] == said
    assert turn.state and turn.state.asked == asked


def test_an_answer_to_what_is_asked_later_now_is_kept_until_then() -> None:
    new = _changed(Ask("where"), Ask("who"), Ask("deep", Number()), Say("thanks"))

    turn = advance(new, _asked("Jl. Mawar"), heard("30"), Setting())
    assert [one.text for one in turn.says] == ["who"] and turn.state
    turn = advance(new, turn.state, heard("saya"), Setting())

    assert [one.text for one in turn.says] == ["thanks"]


def _asked(*answers: str) -> State:
    state = played(flood, *answers)[1].state
    assert state
    return state


def test_wishes_are_granted_once() -> None:
    @_dialogue
    def asks(talk: Talk) -> Steps:
        yield FindCase("case", code="KNL")
        yield Ask("one")
        yield Ask("two")

    setting = Setting()
    turn = begin(asks, Talk(), setting)
    for answer in ("1", "2"):
        assert turn.state
        turn = advance(asks, turn.state, heard(answer), setting)

    assert len(setting.granted) == 1


def _endless(talk: Talk) -> Steps:
    while True:
        yield Say("more")


def _twice(talk: Talk) -> Steps:
    yield FindCase("x")
    yield FindCase("x")


def _broken(talk: Talk) -> Steps:
    yield Say("secret")
    raise ValueError("secret")


@pytest.mark.parametrize("steps", [_endless, _twice, _broken], ids=["endless", "two of a name", "raises"])
def test_a_dialogue_that_is_wrong_says_so_without_words_of_the_talk(steps: Callable[[Talk], Steps]) -> None:
    with pytest.raises(DialogueFailed) as caught:
        begin(_dialogue(steps), Talk(), Setting())

    assert str(caught.value).startswith("flood: ") and "secret" not in str(caught.value)
