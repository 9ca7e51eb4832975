"""Does another distribution install packages under our names?

PyPI has distributions that install a package `dedupe`, `adapters` or `gateway`; whichever comes first on the import
path would win. This file imports nothing of ours but the empty `gateway`, so that the question can be asked before any
import goes wrong.
"""

from importlib.metadata import packages_distributions

PACKAGES = ("gateway", "adapters", "normalizer", "dedupe")
DISTRIBUTION = "kanal"


def foreign_packages() -> list[str]:
    """A sentence for each of our packages that another installed distribution ships too; empty if all is well."""
    owners = packages_distributions()
    return [
        f"The distribution '{owner}' installs a package '{package}' too: "
        f"install Kanal in an environment of its own, or run `pip uninstall {owner}`."
        for package in PACKAGES
        for owner in sorted(set(owners.get(package, ())))
        if owner.lower() != DISTRIBUTION
    ]
