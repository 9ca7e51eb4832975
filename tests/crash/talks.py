"""python -m tests.crash.talks [NAME…]: plays transcripts while the gateway is killed around every answer.

It is killed once a message is acknowledged, and again once all is shown that it leads to, and started again each time;
citizens then repeat what they said last. The talk must go on as if nothing had happened. What is said in a row is said
on a channel that waits long enough for two starts in between.
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.end_to_end.lines import ByTerminal
from tests.end_to_end.playing import Play
from tests.end_to_end.test_same_talks import Open, by_terminal
from tests.end_to_end.transcript import names, turns

#: Starts are slow on a busy machine.
QUIET_SECONDS, PATIENCE_SECONDS = 60.0, 120.0
Chosen = Callable[[int], bool]


def played(name: str, folder: Path, said: Chosen = lambda _: True, seen: Chosen = lambda _: True) -> int:
    """Play a transcript; how often the gateway was killed: before the answer to the turns that are chosen by `said`,
    and after it by `seen`."""
    kills = 0
    with _channel(name, folder) as (gateway, line):
        assert isinstance(line, ByTerminal)

        def kill(chosen: Chosen) -> Callable[[int], None]:
            def between(turn: int) -> None:
                nonlocal kills
                if chosen(turn):
                    kills += 1
                    gateway.kill()
                    gateway.start()
                    line.come_back()

            return between

        Play(name, line, gateway, kill(said), kill(seen), PATIENCE_SECONDS).play()
    return kills


def _channel(name: str, folder: Path) -> AbstractContextManager[Open]:
    """One without a quiet time, unless the transcript is only for those that have it."""
    is_of_bursts = not turns(name, frozenset({"plain", "files"}))
    return by_terminal(folder, "quiet", quiet_seconds=QUIET_SECONDS) if is_of_bursts else by_terminal(folder)


def main(chosen: list[str]) -> None:
    for name in chosen or names():
        with tempfile.TemporaryDirectory(prefix="kanal-talks-") as folder:
            print(f"{name}: the same after {played(name, Path(folder))} kills", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
