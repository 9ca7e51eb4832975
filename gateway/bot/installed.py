"""The dialogues that are installed, ours and those of other packages."""

from collections.abc import Iterator, Sequence

from adapters import Problem
from gateway import registry
from gateway.bot.dialogue import Dialogue
from gateway.errors import ConfigError


def dialogues() -> tuple[Sequence[Dialogue], Sequence[Problem]]:
    """All that can be loaded, and what is wrong with the others."""
    found: list[Dialogue] = []
    problems: list[Problem] = []
    for name in registry.dialogue_names():
        try:
            one = registry.dialogue(name)
        except ConfigError as error:
            problems += [Problem(f"dialogues '{name}'", problem.what, problem.hint) for problem in error.problems]
        else:
            found.append(one)
            problems += _misnamed(name, one)
    return found, problems


def _misnamed(name: str, one: Dialogue) -> Iterator[Problem]:
    """A talk that is under way finds its dialogue by its name."""
    if one.name != name:
        yield Problem(f"dialogues '{name}'", f"it calls itself '{one.name}'", "give the entry point the same name")
