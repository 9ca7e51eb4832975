"""A dialogue is drawn as it is written."""

from collections.abc import Callable

import pytest

from gateway.bot import Ask, FindCase, Say, Steps, Talk, dialogue
from gateway.bot.graph import NotDrawn, drawn


def flowchart(steps: Callable[[Talk], Steps]) -> str:
    return drawn(dialogue("contoh")(steps))


def test_a_question_what_is_said_and_a_wish_have_shapes_of_their_own() -> None:
    def steps(talk: Talk) -> Steps:
        yield Ask("where")
        yield FindCase("case", code=talk.code)
        yield Say("thanks")

    assert flowchart(steps).splitlines() == [
        "flowchart TD",
        '  start(["contoh"])',
        '  n1[/"where?"/]',
        "  start --> n1",
        '  n2[["FindCase case"]]',
        "  n1 --> n2",
        '  n3["thanks"]',
        "  n2 --> n3",
        '  finish(["selesai"])',
        "  n3 --> finish",
    ]


def test_branches_part_and_meet_again() -> None:
    def steps(talk: Talk) -> Steps:
        depth = yield Ask("depth")
        if depth == "waist":
            yield Ask("stuck")
        elif not depth:
            yield Say("bye")
            return
        yield Say("thanks")

    told = flowchart(steps)
    assert "n2 -->|ya| n3" in told and "n2 -->|tidak| n4" in told
    assert "n5 --> finish" in told
    assert "n3 --> n6" in told and "n4 -->|tidak| n6" in told


def test_a_loop_leads_back_and_a_break_out_of_it() -> None:
    def steps(talk: Talk) -> Steps:
        for number in range(3):
            more = yield Ask(f"more-{number}")
            if not more:
                break
        yield Say("thanks")

    told = flowchart(steps)
    assert 'n2[/"more-{number}?"/]' in told
    assert "n3 -->|tidak| n1" in told and "n3 -->|ya| n4" in told and "n1 --> n4" in told


def test_what_asks_nothing_is_not_drawn() -> None:
    def steps(talk: Talk) -> Steps:
        words = "a"
        if talk.public:
            words = "b"
        for _ in range(3):
            words += "c"
        yield Say("thanks", words=words)

    assert flowchart(steps).count("-->") == 2


def test_a_dialogue_within_another_is_one_box() -> None:
    def inner(talk: Talk) -> Steps:
        yield Ask("one")

    def steps(talk: Talk) -> Steps:
        yield from inner(talk)

    assert '[["inner talk"]]' in flowchart(steps)


def test_words_that_mermaid_would_take_for_its_own_are_shown_all_the_same() -> None:
    def steps(talk: Talk) -> Steps:
        if talk.language < "id" and talk.words == '"]':
            yield Say("thanks")

    assert "talk.language &lt; 'id' and talk.words == ''&gt;" not in flowchart(steps)
    assert '"' not in flowchart(steps).split('{"')[1].split('"}')[0]


def test_without_a_source_that_is_said() -> None:
    made: dict[str, Callable[[Talk], Steps]] = {}
    exec("def steps(talk):\n    yield None", made)
    with pytest.raises(NotDrawn, match="'contoh' is not installed"):
        flowchart(made["steps"])
