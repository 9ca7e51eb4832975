"""Does another distribution install packages under our names?

PyPI has distributions that install a package `dedupe`, `adapters` or `gateway`; whichever comes first on the import
path would win. This file imports nothing of ours but the empty `gateway`, so that the question can be asked before any
import goes wrong.

The lists of installed files are searched as text: `importlib.metadata.packages_distributions()` says the same but
takes five times as long, at every start.
"""

import re
from importlib.metadata import Distribution, distributions

DISTRIBUTION = "kanal"
_OURS = re.compile(r"^(gateway|adapters|normalizer|dedupe)(?:/|\.py,|$)", re.MULTILINE)


def foreign_packages() -> list[str]:
    """A sentence for each of our packages that another installed distribution ships too; empty if all is well."""
    return [
        f"The distribution '{owner.name}' installs a package '{package}' too: "
        f"install Kanal in an environment of its own, or run `pip uninstall {owner.name}`."
        for owner in distributions()
        for package in _ours_in(owner)
        if owner.name.lower() != DISTRIBUTION
    ]


def _ours_in(distribution: Distribution) -> list[str]:
    """`RECORD` lists a wheel's files; `top_level.txt` stands in for it in the packages of Linux distributions."""
    listed = distribution.read_text("RECORD") or distribution.read_text("top_level.txt") or ""
    return sorted(set(_OURS.findall(listed)))
