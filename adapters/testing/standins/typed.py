"""What can be typed where a stand-in runs by hand."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from adapters.testing.standins.base import ANY, StandIn

HELP = """\
!photo FILE… [= CAPTION]   the citizen sends a photo, or several at once
!press LABEL               the citizen presses a button of what was shown last
!fault [NAME] [KEY=VALUE…] the next call of this name, or any, goes wrong: status=429 retry_after=5, status=401 (the
                           token has expired), status=503, slow=10 (seconds), cut=1 (half an answer), times=3, times=all
!repeat COUNT              each message is posted so often
!reorder                   what comes now is held back; !release posts it, the last one first
!mend                      nothing goes wrong any more
!help                      this
All else is what the citizen writes."""


@runtime_checkable
class Tapped(Protocol):
    """A stand-in whose citizen can do more than write: `shows` photos, and `taps` a button of what was shown last;
    raises LookupError where there is none."""

    def shows(self, photos: Sequence[bytes], caption: str) -> None: ...

    def taps(self, label: str) -> None: ...


class Typed:
    """Does what lines say."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self._held = ExitStack()

    def line(self, line: str) -> str:
        """What is to be told about it."""
        if not line.startswith("!"):
            self._standin.hears(line)
            return ""
        try:
            verb, *words = shlex.split(line[1:]) or ["help"]
            return self._do(verb, words)
        except (ValueError, LookupError, OSError) as error:
            return f"{error or 'that is not there'}; !help says what can be typed"

    def _do(self, verb: str, words: list[str]) -> str:
        match verb, words:
            case "photo", [_, *_]:
                files, _, caption = " ".join(map(shlex.quote, words)).partition(" = ")
                photos = [Path(file).read_bytes() for file in shlex.split(files)]
                self._citizen().shows(photos, " ".join(shlex.split(caption)))
            case "press", [_, *_]:
                self._citizen().taps(" ".join(words))
            case "fault", _:
                name = words.pop(0) if words and "=" not in words[0] else ANY
                self._standin.fault(name, **_faults(words))
            case "repeat", [count]:
                self._standin.posting.copies = int(count)
            case "reorder", []:
                self._standin.do(lambda: self._held.enter_context(self._standin.posting.reversed()))
            case "release", []:
                self._standin.do(self._held.close)
            case "mend", []:
                self._standin.posting.copies = 1
                self._standin.mend()
            case _:
                return HELP
        return ""

    def _citizen(self) -> Tapped:
        if not isinstance(self._standin, Tapped):
            raise LookupError("citizens of this stand-in only write")
        return self._standin


def _faults(words: list[str]) -> Mapping[str, Any]:
    """Raises ValueError or KeyError."""
    told = (word.partition("=") for word in words)
    return {key: _READ[key](value) for key, _, value in told}


def _times(told: str) -> int | None:
    return None if told == "all" else int(told)


_READ: Mapping[str, Callable[[str], Any]] = {
    "status": int,
    "retry_after": int,
    "slow": float,
    "cut": lambda told: told != "0",
    "times": _times,
}
