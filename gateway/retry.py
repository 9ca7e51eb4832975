"""When to try again. Pure."""

import random

FIRST = 5.0
LONGEST = 3600.0
MOST_DOUBLINGS = 30
GIVE_UP_AFTER = 3 * 86_400.0
FEWEST_TRIES = 100


def delay(tries: int, retry_after: float | None = None, *, first: float = FIRST, longest: float = LONGEST) -> float:
    """Seconds until the next try after `tries` failed ones: doubling from `first` to `longest`, with a jitter of a
    fifth so that what failed together does not return together; never sooner than the other side asked, up to an hour:
    one that asks for a year is looked at again all the same."""
    backed_off: float = min(longest, first * 2.0 ** min(max(0, tries - 1), MOST_DOUBLINGS))
    jittered = backed_off * random.uniform(0.8, 1.2)
    return max(jittered, min(retry_after or 0.0, LONGEST))


def give_up(created_at: float, now: float, tries: int) -> bool:
    """After three days and a hundred tries: a clock that is set a year ahead alone ends nothing."""
    return tries >= FEWEST_TRIES and now - created_at > GIVE_UP_AFTER
