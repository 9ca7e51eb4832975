"""What opens a dialogue: keywords, commands, buttons, replies, codes, PINs and questions."""

from gateway import cases
from gateway.bot.dialogue import Dialogue
from gateway.bot.opening import MINE, Opening
from gateway.bot.understanding import pressed
from gateway.citizen_cases import MOST_REPORTS, root_of
from gateway.taking.exchange import Course, Exchange


def as_opening(exchange: Exchange) -> Course | None:
    dialogue = opened(exchange)
    return begin(exchange, dialogue) if dialogue else None


def opened(exchange: Exchange) -> Dialogue | None:
    """The dialogue that a message opens."""
    return exchange.means.bot.dialogues.opened(opening(exchange))


def opening(exchange: Exchange) -> Opening:
    message, replied = exchange.heard.message, exchange.replied
    button = message.choice if message.choice and not pressed(message.choice) else ""
    return Opening(
        text=exchange.text,
        command=exchange.command,
        button=button,
        about=(replied.about,) if replied else (),
        has_code=exchange.gist.asks_of_a_case or asks_back(exchange),
        is_first=exchange.talk.row.version == 0,
    )


def asks_back(exchange: Exchange) -> bool:
    """Is it a reply to what we said of a case, that asks about it, and answers nothing that we asked of it?"""
    state, replied = exchange.state, exchange.replied
    if replied is None or replied.case is None or (state and state.talk.code == replied.case):
        return False
    return exchange.gist.asks or exchange.gist.chases


def begin(exchange: Exchange, dialogue: Dialogue) -> Course:
    """Open a dialogue, about what the message names."""
    exchange.end_burst()
    if dialogue.files:
        return exchange.filed(dialogue)
    talk, replied = exchange.talk, exchange.replied
    if replied:
        talk.case, talk.report = replied.case, replied.report
    elif codes := cases.codes_in(exchange.text, exchange.means.rules.code_prefix):
        talk.case, talk.report = codes[0], None
    exchange.turning.begin(dialogue, exchange.text, _facts(exchange))
    return exchange.taken()


def _facts(exchange: Exchange) -> dict[str, object]:
    """What a dialogue is told that is about no new report."""
    means = exchange.means
    return {
        "replied": exchange.replied is not None,
        "has_code": exchange.gist.names_a_case,
        "can_attach": means.takes_files,
        "number": means.rules.emergency_number,
        "language": means.bot.words.language(exchange.text),
    }


def as_pin(exchange: Exchange) -> Course | None:
    """Six digits alone are a PIN: of the case that was asked about last."""
    dialogue = exchange.means.bot.dialogues.opened(Opening(text="", has_code=True))
    if dialogue is None or exchange.state or exchange.burst_going_on() or not exchange.gist.is_pin:
        return None
    named = " ".join(filter(None, (exchange.talk.case, exchange.text)))
    exchange.turning.begin(dialogue, named, _facts(exchange))
    return exchange.taken()


def as_question(exchange: Exchange) -> Course | None:
    """Who asks what became of a report, and names none, asks about their own."""
    dialogue = exchange.means.bot.dialogues.commanded(Opening(text="", command=MINE))
    if dialogue is None or exchange.burst_going_on() or not asks_of_own(exchange):
        return None
    exchange.turning.begin(dialogue, "", _facts(exchange))
    return exchange.taken()


def asks_of_own(exchange: Exchange) -> bool:
    return exchange.gist.asks_of_own or _asks_shortly(exchange)


def _asks_shortly(exchange: Exchange) -> bool:
    """Does it ask so that there must be a report of theirs, and is there one? Who waits for what was called done says
    that it is not."""
    gist, store = exchange.gist, exchange.means.store
    if not (gist.asks_shortly or gist.chases):
        return False
    own = store.cases_of(exchange.heard.contact.id, MOST_REPORTS)
    return any(gist.asks_shortly or not cases.is_called_done(root_of(store, case)) for case, _ in own)
