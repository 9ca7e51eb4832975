"""What the rules of case stores name, held against what there is."""

from collections.abc import Iterable, Iterator

from adapters import Problem
from gateway.casestore.contract import CaseStoreSettings
from gateway.suggest import did_you_mean
from normalizer.places.areas import is_region
from normalizer.sorting.categories import Categories


def problems(stores: Iterable[CaseStoreSettings], known: Categories) -> Iterator[Problem]:
    """A rule with a slip fits no case, and nobody would notice."""
    for store in stores:
        where = f"case_stores '{store.name}'"
        for code in store.categories:
            if known.get(code) is None:
                hint = did_you_mean(code, [category.code for category in known.offered()])
                yield Problem(f"{where}: categories", f"there is no category '{code}'", hint)
        for area in store.areas:
            if not is_region(area):
                yield Problem(f"{where}: areas", f"there is no area '{area}'", "Kemendagri's codes are meant, as 31.71")
