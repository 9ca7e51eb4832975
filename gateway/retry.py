"""When to try again. Pure."""

import random

FIRST = 5.0
LONGEST = 3600.0
GIVE_UP_AFTER = 3 * 86_400.0


def delay(tries: int, retry_after: float | None = None) -> float:
    """Seconds until the next try after `tries` failed ones: doubling from five seconds to an hour, with a jitter of a
    fifth so that what failed together does not return together; never sooner than the other side asked."""
    backed_off: float = min(LONGEST, FIRST * 2.0 ** max(0, tries - 1))
    jittered = backed_off * random.uniform(0.8, 1.2)
    return max(jittered, retry_after or 0.0)


def give_up(created_at: float, now: float) -> bool:
    return now - created_at > GIVE_UP_AFTER
