"""A text cut at its blanks."""

from functools import lru_cache


@lru_cache(maxsize=8)  # asked of one text by one step after the other
def pieces(text: str) -> tuple[str, ...]:
    """What stands between blanks, in small letters."""
    return tuple(text.lower().split())
