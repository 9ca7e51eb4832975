"""python -m tests.crash.telegram_killed [KILLS]: the gateway is killed again and again while it asks Telegram.

The stand-in holds numbered messages, every other one with a photo, and citizens write more all the time. However often
the gateway is killed, each message is kept once, has become one report, and is answered once at most on the phone; each
photo, which lies with Telegram until it is fetched, is kept once and is its report's.
"""

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from adapters.testing.standins.telegram import Telegram
from gateway.store.rows import MEDIA
from tests.end_to_end.citizens import answered, numbered
from tests.end_to_end.kanal import Gateway, until
from tests.end_to_end.telegram_bot import bot
from tests.gateway.test_photos import file

SEED = 20261123
HELD = 40
#: By each kill at most.
MORE = 30
PAUSE_SECONDS = 0.05
FIRST = 6_112_000_000
#: How long Telegram takes to give out a photo, so that some are under way at a kill.
PHOTO_SECONDS = 0.1


class Citizens:
    """Each writes one message, of a number of its own, until there are so many `more`."""

    def __init__(self, telegram: Telegram, more: int) -> None:
        self._telegram = telegram
        self._most = HELD + more
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write_on)
        self._photo = file("JPEG")
        self.sent: list[str] = []
        self.photos: dict[str, int] = {}

    def write(self) -> None:
        number = len(self.sent)
        message = f"s0-{number + 1:05}"
        if number % 2:
            photo = self._photo + bytes(number)  # none is as long as another
            self.photos[message] = len(photo)
            self._telegram.sends_photo(FIRST + number, photo, f"Banjir {message}")
        else:
            self._telegram.writes(FIRST + number, f"Banjir {message}")
        self.sent.append(message)

    def __enter__(self) -> Self:
        for _ in range(HELD):
            self.write()
        self._thread.start()
        return self

    def over(self, is_over: bool) -> None:
        """They write no more, if it is."""
        if is_over:
            self._over.set()
            self._thread.join()

    def __exit__(self, *_: object) -> None:
        self.over(True)

    def _write_on(self) -> None:
        while len(self.sent) < self._most and not self._over.wait(PAUSE_SECONDS):
            self.write()


def killed(folder: Path, kills: int) -> int:
    """How many messages there were. Raises AssertionError where one of them is lost, doubled or not answered."""
    chance, settings = random.Random(SEED), {"replies_per_person_per_day": 1_000}
    with Telegram() as telegram, Citizens(telegram, MORE * kills) as citizens:
        telegram.fault("file", slow=PHOTO_SECONDS, times=None)
        with Gateway(folder, settings=settings, more=[bot(telegram, folder)]) as gateway:
            for number in range(kills):
                if is_amid_photos := number % 2 == 1:
                    photo_under_way(telegram)
                time.sleep(chance.uniform(0.0, 2 * PHOTO_SECONDS if is_amid_photos else 1.0))
                citizens.over(number == kills - 1)
                gateway.kill()
                gateway.start()
            until(lambda: not telegram.waiting(), "all to be asked for")
            gateway.settled()
            until(lambda: not gateway.figure("kanal_due_fetches"), "all photos")
            check(gateway, citizens.sent, citizens.photos)
        once = [len(telegram.shown(FIRST + number)) <= 1 for number in range(len(citizens.sent))]
        assert all(once), "answered twice"
        return len(citizens.sent)


def photo_under_way(telegram: Telegram) -> None:
    """Returns once one more is asked for, which takes a while."""
    asked = len(telegram.called("file"))
    until(lambda: len(telegram.called("file")) > asked, "a photo to be asked for")


def check(gateway: Gateway, sent: Sequence[str], photos: Mapping[str, int]) -> None:
    """`photos` are their sizes, by message."""
    deliveries, reports = gateway.bodies(), gateway.all("reports")
    fetched = [row for row in deliveries if row["content_type"] == MEDIA]
    assert Counter(row["size"] for row in fetched) == Counter(photos.values())
    had = {numbered(row, "text"): [one["size"] for one in row["attachments"] if one["digest"]] for row in reports}
    assert had == {message: [photos[message]] if message in photos else [] for message in sent}
    assert Counter(numbered(row, "body") for row in deliveries if row not in fetched) == Counter(sent)
    assert {(row["state"], row["reason"]) for row in deliveries} == {("done", None)}
    assert Counter(numbered(row, "text") for row in reports) == Counter(sent)
    assert answered(gateway.all("replies")) == Counter(row["id"] for row in reports)


def main(kills: int) -> None:
    with tempfile.TemporaryDirectory(prefix="kanal-telegram-") as folder:
        print(f"{killed(Path(folder), kills)} messages are kept once after {kills} kills", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
