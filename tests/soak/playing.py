"""Citizens write numbered messages for so long, while the weather is bad."""

import random
import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from tests.bench.process import memory_mb
from tests.end_to_end.kanal import until
from tests.soak.line import Answers
from tests.soak.town import Town
from tests.soak.weather import Weather

INCIDENTS = (
    "Banjir setinggi lutut di Jl. {street}",
    "Lampu jalan padam di Jl. {street} No. {house}",
    "Sampah menumpuk di depan Jl. {street} No. {house}, baunya menyengat",
    "Pohon tumbang menutup Jl. {street}",
    "Trotoar rusak di Jl. {street} dekat No. {house}",
)
STREETS = ("Mawar", "Melati", "Anggrek", "Kenanga", "Flamboyan", "Cempaka", "Dahlia", "Teratai")
#: How long everything may take to be kept and answered once all is well again: a way out that failed for long is tried
#: with pauses of up to a minute.
PATIENCE_SECONDS = 120.0
FARING = frozenset({"ok", "degraded"})


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`rate` is in messages a second over all channels. Afterwards channels recover by themselves, if nobody `hurries`
    them. However long it takes, `least` messages are sent."""

    seconds: float = 600.0
    rate: float = 4.0
    seed: int = 1
    hurries: bool = False
    least: int = 20


class Said(msgspec.Struct, frozen=True):
    """A message that was taken."""

    name: str
    channel: str
    answers: Answers


class Played(msgspec.Struct, frozen=True):
    """`memory` is what the gateway's processes held in all, in MB, sampled in equal steps; `held` is what never came
    to it, `ill` what is wrong with a
    channel although all around it is well, by channel."""

    said: Sequence[Said]
    refused: Sequence[str]
    memory: Sequence[float]
    held: Mapping[str, int]
    ill: Mapping[str, str]


class Player:
    def __init__(self, town: Town, plan: Plan, tell: Callable[[str], None]) -> None:
        self.weather = Weather(town.lines, random.Random(plan.seed + 1))
        self._town = town
        self._plan = plan
        self._tell = tell
        self._chance = random.Random(plan.seed)
        self._said: list[Said] = []
        self._refused: list[str] = []
        self._memory: list[float] = []

    def play(self) -> Played:
        """Returns once everything has come to rest, or patience is over."""
        began = time.monotonic()
        try:
            while (now := time.monotonic() - began) < self._plan.seconds or len(self._said) < self._plan.least:
                self.weather.turn(now)
                self._say()
                self._look(now)
                time.sleep(self._chance.expovariate(self._plan.rate))
        finally:
            self.weather.clear()
        if self._plan.hurries:
            for line in self._town.lines:
                line.resume()
        self._rest()
        return Played(self._said, self._refused, self._memory, self._held(), self._ill())

    def _say(self) -> None:
        number, line = len(self._said) + len(self._refused) + 1, self._chance.choice(self._town.lines)
        name = f"s0-{number:05}"
        words = self._chance.choice(INCIDENTS)
        text = words.format(street=self._chance.choice(STREETS), house=self._chance.randint(1, 99))
        try:
            self._said.append(Said(name, line.name, line.say(number, f"{text} {name}")))
        except OSError as error:
            self._refused.append(f"{name} by {line.name}: {error!r}")

    def _look(self, now: float) -> None:
        if now >= len(self._memory):
            self._memory.append(memory_mb(self._town.gateway.pid))
            words = ", ".join(self.weather.under_way) or "none"
            self._tell(f"{now:4.0f} s, {len(self._said)} messages, {self._memory[-1]:.0f} MB, in trouble: {words}")

    def _held(self) -> dict[str, int]:
        return {line.name: held for line in self._town.lines if (held := line.held())}

    def _rest(self) -> None:
        try:
            until(self._is_over, "everything to be kept and answered", PATIENCE_SECONDS)
        except AssertionError:
            return  # what is missing is told by the proof

    def _is_over(self) -> bool:
        figure = self._town.gateway.figure
        unread, left = figure("kanal_unsettled_deliveries"), (self._held(), self._unanswered(), self._ill())
        self._tell("waiting: {:.0f} to be read, held {}, {} answers, {}".format(unread, *left))
        return not (unread or any(left))

    def _ill(self) -> dict[str, str]:
        """Why a channel does not work, by channel; that it has failed now and then is said of it for longer."""
        told = self._town.lines[0].ordered("channels")
        return {one["name"]: f"{one['state']}: {one['note']}" for one in told if one["state"] not in FARING}

    def _unanswered(self) -> int:
        return sum(1 for one in self._said if one.answers is not None and not one.answers())
