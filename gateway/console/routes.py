"""What an address of the pages is: a method, a path, the page behind it, and who may see it."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import msgspec

from adapters import Response
from gateway.accounts.account import Right

if TYPE_CHECKING:
    from gateway.console.visit import Visit

#: Octets of a form without files.
SMALL_FORM = 131_072

Page = Callable[["Visit"], Awaitable[Response]]
_VALUE = re.compile(r"\{([a-z_]+)\}")


class Route(msgspec.Struct, frozen=True, dict=True):
    """`method` is "GET" or "POST"; `path` may hold values, each of one step, as in "/petugas/kasus/{code}". `right` is
    what somebody needs who is logged in; None: everybody may come. `max_size` is that of a body, in octets."""

    method: str
    path: str
    page: Page
    right: Right | None
    max_size: int = SMALL_FORM

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        steps = _VALUE.split(self.path)
        escaped = (f"(?P<{step}>[^/]+)" if number % 2 else re.escape(step) for number, step in enumerate(steps))
        return re.compile("".join(escaped))


class Found(NamedTuple):
    """A route and the values in its path."""

    route: Route
    values: Mapping[str, str]


class Router:
    """Raises ValueError if two routes are the same."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = tuple(routes)
        addresses = [(route.method, _VALUE.sub("{}", route.path)) for route in routes]
        if twice := {one for one in addresses if addresses.count(one) > 1}:
            raise ValueError(f"two pages have one address: {sorted(twice)}")
        self._firsts = {_first(route.path) for route in routes}

    def serves(self, path: str) -> bool:
        """Is everything below the first step of this path ours?"""
        return _first(path) in self._firsts

    def find(self, method: str, path: str) -> Found | None:
        """The first route whose path it is; plain ones come before those with values."""
        wanted = "GET" if method == "HEAD" else method
        hits = (Found(route, found.groupdict()) for route, found in self._matching(path) if route.method == wanted)
        best = min(hits, key=lambda hit: len(hit.values), default=None)
        return best and Found(best.route, {name: unquote(value) for name, value in best.values.items()})

    def methods(self, path: str) -> Sequence[str]:
        """Those by which a path may be asked for."""
        return sorted({route.method for route, _ in self._matching(path)})

    def _matching(self, path: str) -> Sequence[tuple[Route, re.Match[str]]]:
        return [(route, found) for route in self.routes if (found := route.pattern.fullmatch(path))]


def _first(path: str) -> str | None:
    """Its first step; None for what is no path, as in `OPTIONS *`."""
    return path.split("/", 2)[1] if path.startswith("/") else None
