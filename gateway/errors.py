"""What stops the gateway from starting, and what it refuses to do."""

from collections.abc import Sequence

from adapters.settings import Problem


class ConfigError(Exception):
    """The settings are wrong: `problems` holds all that is, each with its place; `absent` are those of them that a
    secret is not there yet. No message holds a secret."""

    def __init__(self, problems: Sequence[Problem], absent: Sequence[Problem] = ()) -> None:
        super().__init__(*(in_words(problem) for problem in problems))
        self.problems = tuple(problems)
        self.absent = tuple(absent)

    def __str__(self) -> str:
        return "\n".join(self.args)


class ConfigUnreadable(ConfigError):
    """The settings file is not there or may not be read."""


class NotAvailable(ConfigError):
    """The settings are right, but something that they ask for cannot be had now, such as a port."""


class Refusal(Exception):
    """The message says why and what would be possible. `name`, where there is one, is that of a text of the pages,
    "case.refused.<name>", which says it to officers."""

    def __init__(self, message: str = "", name: str = "") -> None:
        super().__init__(message)
        self.name = name


class OperationRefused(Refusal):
    """It cannot be done so."""


def in_words(problem: Problem) -> str:
    """One line for people: `channels[4] 'bot-dki': token: environment variable X is not set → export it`."""
    hint = f" → {problem.hint}" if problem.hint else ""
    return f"{problem.where}: {problem.what}{hint}"
