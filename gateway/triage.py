"""The words by which messages are sorted: `config/triage.toml`, with operators' changes on top."""

from pathlib import Path

from gateway.overlay import Overlay
from normalizer.sorting.signs import Circumstance, Danger, Signs, Telling

FILE = "triage.toml"


def load(folder: Path | None = None) -> Signs:
    """Read the shipped words and, over them, those of `folder`. Raises `ConfigError` with all that is wrong."""
    overlay = Overlay(FILE, folder, ("dangers", "kinds", "circumstances"))
    found = Signs(
        overlay.structs("dangers", Danger),
        overlay.structs("kinds", Telling),
        overlay.structs("circumstances", Circumstance),
    )
    overlay.finish()
    return found
