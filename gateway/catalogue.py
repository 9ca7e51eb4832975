"""The texts in force: those that are shipped, those of installed dialogues, and operators' changes over them."""

from pathlib import Path

from gateway.bot import installed
from gateway.texts import Texts

FOLDER = "texts"


def load(data: Path) -> Texts:
    """Those of a gateway with this data folder. Raises `ConfigError`."""
    found, _ = installed.dialogues()
    return Texts.load(data / FOLDER, {dialogue.name: dialogue.texts for dialogue in found if dialogue.texts})
