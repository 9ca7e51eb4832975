"""What somebody can do here, in which language, and what to do in an emergency."""

from gateway.bot import Ask, Label, Language, Say, Steps, Talk, command, dialogue
from gateway.bot.readers import choice, place, text


@dialogue("help", opens=command("help"))
def help_(talk: Talk) -> Steps:
    """What can be written here."""
    yield Say("help")


@dialogue("language", opens=command("language"))
def language(talk: Talk) -> Steps:
    """In which language we talk."""
    chosen = talk.facts.get("language")
    if not chosen:
        offered = choice(Label("id", words="Bahasa Indonesia"), Label("en", words="English"))
        chosen = yield Ask("which", offered, otherwise="id")
    yield Language("set", code=chosen)
    yield Say("set")


@dialogue("danger", opens=command("danger"), files=True)
def danger(talk: Talk) -> Steps:
    """In an emergency the number to call comes first; what is written after it is filed."""
    number = talk.facts.get("number", "112")
    if not talk.facts.get("emergency"):
        yield Say("emergency", number=number)
    yield Ask("what", text, amends="text", otherwise=None)
    yield Ask("where", place, text="report.where", amends="place", otherwise=None)
    yield Say("noted", number=number)
