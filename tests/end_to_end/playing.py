"""Plays a transcript over a channel, as the citizens of its own."""

import json
import shlex
from collections import defaultdict
from collections.abc import Callable

from tests.end_to_end.kanal import PATIENCE_SECONDS, Gateway, until
from tests.end_to_end.lines import Line, read
from tests.end_to_end.transcript import OFFICER, PICTURE, Names, Turn, turns
from tests.gateway.test_photos import file

ANSWERED_SECONDS = PATIENCE_SECONDS
Between = Callable[[int], None]


class Play:
    """`said` is called once the channel has taken what somebody said, `seen` once all is shown that it leads to; with
    the number of the turn. `patience`: for so many seconds an answer is waited for."""

    def __init__(
        self,
        name: str,
        line: Line,
        gateway: Gateway,
        said: Between = lambda _: None,
        seen: Between = lambda _: None,
        patience: float = ANSWERED_SECONDS,
    ) -> None:
        self._name = name
        self._line = line
        self._gateway = gateway
        self._said = said
        self._seen = seen
        self._patience = patience
        self._names = Names()
        self._read: dict[str, int] = defaultdict(int)

    def play(self) -> None:
        for number, turn in enumerate(turns(self._name, self._line.features)):
            self._act(turn)
            self._said(number)
            self._see(turn)
            self._seen(number)
        self._gateway.settled()
        assert not [one for one in self._read if self._new(one)], f"{self._name}: more was shown"

    def _act(self, turn: Turn) -> None:
        if "{talk}" in turn.says:
            self._names.know("talk", self._handed_over(self._names.filled("{code}")))
        says = self._names.filled(turn.says)
        if turn.who == OFFICER:
            self._order(says)
        else:
            self._line.say(self._called(turn.who), says)

    def _handed_over(self, code: str) -> str:
        """The talk about this case that a person goes on with."""
        rows = map(json.loads, self._gateway.order("talks", "list", "--mode", "person", "--json").splitlines())
        return next(str(one["id"]) for one in rows if one["case"] == code)

    def _order(self, words: str) -> None:
        picture = self._gateway.folder / PICTURE
        picture.write_bytes(file("JPEG"))
        self._gateway.order(*(str(picture) if word == PICTURE else word for word in shlex.split(words)))

    def _see(self, turn: Turn) -> None:
        """What is shown is what the transcript says, and nothing else."""
        for citizen, expected in turn.shown.items():
            self._look(citizen, expected)
        if not turn.shown and "quiet" not in self._line.features:
            self._gateway.settled()

    def _look(self, citizen: str, expected: str) -> None:
        try:
            until(lambda: self._fits(citizen, expected), "an answer", self._patience)
        except AssertionError:
            raise AssertionError(f"{self._name}: expected\n{expected}\nread\n{self._new(citizen)}") from None
        self._read[citizen] = len(self._line.shown(self._called(citizen)))

    def _fits(self, citizen: str, expected: str) -> bool:
        return self._names.fit(expected, self._new(citizen))

    def _new(self, citizen: str) -> str:
        return read(self._line.shown(self._called(citizen))[self._read[citizen] :])

    def _called(self, citizen: str) -> str:
        """Each transcript is played by people of its own."""
        return f"{citizen}-{self._name}"
