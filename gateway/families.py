"""Cases and those that were joined into them."""

from collections.abc import Iterator

from gateway.store.contract import CaseRow, Store


def followers(store: Store, case: CaseRow) -> list[CaseRow]:
    """The cases that had been joined into this one before it was joined itself."""
    family = {one.code: one for one in store.joined_into(case.joined_into or "")}
    into = {code: _into(store, code) for code in family}
    return [one for code, one in family.items() if case.code in _way(code, into)]


def _into(store: Store, code: str) -> str:
    """Where it was joined into last."""
    joins = [one.detail.get("into", "") for one in store.history(code) if one.event == "joined"]
    return next(filter(None, reversed(joins)), "")


def _way(code: str, into: dict[str, str]) -> Iterator[str]:
    """The cases that it went into, one after the other; each once, should they be in a circle."""
    passed: set[str] = {code}
    while (code := into.get(code, "")) and code not in passed:
        passed.add(code)
        yield code
