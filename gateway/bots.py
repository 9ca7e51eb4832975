"""What the bot of one configuration knows: its dialogues, the words that it understands, and its texts."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from adapters import Problem
from gateway import catalogue
from gateway.bot import installed, words
from gateway.bot.opening import Dialogues, conflicts
from gateway.bot.ours import Ours
from gateway.bot.words import Words
from gateway.tables import BotSettings
from gateway.texts import Texts


class Bot(msgspec.Struct, frozen=True, kw_only=True):
    """`faults` are what is wrong with dialogues: those that cannot be had are left out."""

    dialogues: Dialogues
    words: Words
    texts: Texts
    ours: Ours
    settings: BotSettings
    faults: Sequence[Problem] = ()

    def is_of_machine(self, text: str) -> bool:
        """Are a message's words ours, or an answering machine's?"""
        return self.ours.recognises(text) or self.words.is_of_machine(text)


def load(data: Path, settings: BotSettings) -> Bot:
    """With what operators changed in the data folder. Raises `ConfigError` if that is wrong."""
    found, faults = installed.dialogues()
    known = words.load(data)
    texts = catalogue.load(data)
    return Bot(
        dialogues=Dialogues(found),
        words=known,
        texts=texts,
        ours=Ours(texts.templates()),
        settings=settings,
        faults=(*faults, *conflicts(found, known)),
    )
