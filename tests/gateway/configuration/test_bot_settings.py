"""The table [bot]: how the bot talks."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway import settings
from gateway.errors import ConfigError

Write = Callable[[str], Path]

WRONG = {
    "a day has no such time": ('news_from = "24:00"', "bot.news_from: '24:00' is no time of the day → as in 07:00"),
    "a time in words": ('news_until = "malam"', "bot.news_until: 'malam' is no time of the day"),
    "never asked": ("tries = 0", "bot.tries: must be "),
    "a slip": ("triez = 3", "bot: unknown key 'triez' → did you mean 'tries'?"),
}


@pytest.mark.parametrize(("line", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(write: Write, line: str, says: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(says)):
        settings.load(write(f"[bot]\n{line}"))


def test_what_is_left_out_stands_for_itself(write: Write) -> None:
    loaded = settings.load(write('[bot]\nnews_until = "20:30"'))
    assert (loaded.bot.tries, loaded.bot.news_from, loaded.bot.news_until) == (3, "07:00", "20:30")
