"""Ids of what Meta tells."""

import json
import re
from collections.abc import Mapping
from typing import Any

from adapters.ids import digest
from adapters.payload import text

LONGEST_ID = 300
_OBJECT = re.compile(r"[0-9]+(_[0-9]+){0,3}")


def known_id(told: Mapping[str, Any], name: str) -> str:
    """Or the digest of one that is too long to be one of Meta's; "" where there is none."""
    known = text(told, name)
    return known if len(known) <= LONGEST_ID else digest(known)


def nameless(told: Mapping[str, Any]) -> str:
    """Of what should have an id and has none: the same for the same."""
    return digest(json.dumps(told, sort_keys=True))


def is_object(known: str) -> bool:
    """Can it be the id of a post or comment: numbers, joined by "_"?"""
    return bool(_OBJECT.fullmatch(known))
