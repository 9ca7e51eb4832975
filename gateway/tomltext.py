"""What TOML says. The same text is taken apart once: a start, a check and each reload read the same files, several of
them more than once."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

FILES = 128


@lru_cache(FILES)
def said(text: str) -> Mapping[str, Any]:
    """Nobody may change it, or a part of it. Raises ValueError."""
    return tomllib.loads(text)
