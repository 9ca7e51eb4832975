"""A fixed piece of work: what it takes tells how busy the machine is beside what is measured."""

import time

import numpy as np

#: Far more numbers than a processor keeps at hand: as of an index, most must be fetched from memory.
NUMBERS = 8_000_000
LOOKED_UP = 20_000
COUNTED = 5_000


class Yardstick:
    def __init__(self) -> None:
        chance = np.random.default_rng(0)
        self._numbers = chance.random(NUMBERS, np.float32)
        self._places = chance.integers(0, NUMBERS, LOOKED_UP)
        self.seconds()

    def seconds(self) -> float:
        """Of this thread's processor, for always the same: places looked up in a large array, sorted and counted."""
        began = time.thread_time()
        found = np.sort(self._numbers.take(self._places))[:COUNTED].tolist()
        counts: dict[int, int] = {}
        for number in found:
            place = int(number * NUMBERS)
            counts[place] = counts.get(place, 0) + 1
        return time.thread_time() - began
