"""Dialogues are tested by transcripts, over poor and rich channels."""

import pytest

from adapters import Capabilities
from gateway.bot import Ask, FindCase, Say, Steps, Talk, choice, dialogue
from gateway.bot.testing import BUTTONS, SMS, converse

TEXTS = {
    "deep": "How deep is it?",
    "ankle": "To the ankle",
    "knee": "To the knee",
    "photo": "Is there a photo?",
    "thanks": "Thank you. {code} {words}",
}


@dialogue("depth", texts={"id": TEXTS, "en": TEXTS})
def depth(talk: Talk) -> Steps:
    """How high the water is."""
    yield Ask("deep", choice("ankle", "knee"))
    yield Ask("photo", lambda heard: len(heard.message.attachments), amends="photo")
    code = yield FindCase("case", code="KNL-1")
    yield Say("thanks", code=code, words=talk.words)


OVER = {
    "numbers": (SMS, "1 To the ankle\n  2 To the knee", "2"),
    "buttons": (BUTTONS, "[To the ankle] [To the knee]", "[To the knee]"),
}


@pytest.mark.parametrize(("capabilities", "offered", "answer"), OVER.values(), ids=OVER)
def test_a_dialogue_runs_over_any_channel(capabilities: Capabilities, offered: str, answer: str) -> None:
    said = f"""
> flood here
< How deep is it?
  {offered}
> {answer}
< Is there a photo?
> (photo) of the street
< Thank you. None flood here
"""
    played = converse(depth, said, capabilities=capabilities, language="en")
    assert [(one.field, one.value) for one in played.amends] == [("photo", 1)]
    assert (played.wishes, played.state) == ([FindCase("case", code="KNL-1")], None)


WRONG = {
    "other words": ("< How high is it?\n> 1", "- < How high is it?\n"),
    "more words": ("< How deep is it?\n  1 To the ankle\n  2 To the knee\n> 1\n> x\n< Thank you.\n> y", "it is over"),
    "no such button": ("< How deep is it?\n> [To the neck]", "there is no button [To the neck]"),
}


@pytest.mark.parametrize(("said", "says"), WRONG.values(), ids=WRONG)
def test_what_differs_is_told(said: str, says: str) -> None:
    with pytest.raises(AssertionError) as raised:
        converse(depth, said, language="en", capabilities=BUTTONS)
    assert says in str(raised.value)
