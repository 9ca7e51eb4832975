"""What is kept of one case, read at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.accounts.account import Account
from gateway.console.seeing import scope
from gateway.routing import Routing
from gateway.store import pairs
from gateway.store.fetches import Lacking
from gateway.store.views import Views
from normalizer.message import Discreet

Row = Mapping[str, Any]
#: A case that was joined into one that was joined, and so on: more would be a circle.
_DEEPEST = 10


class CaseFile(Discreet, frozen=True, kw_only=True):
    """A case, those `joined` into it, and what came in, went out and happened in all of them, each oldest first.
    `numbers` are its numbers in outside case stores, `reporters` number those who reported by their reports, `drafts`
    are what the reader of it began to write; `lacking` tells of files that lie with a provider still, or for ever;
    `same_photos` of where else its photos and proofs are; `closed_before` are like cases that were closed before it was
    opened, `opened_after` those after it was closed."""

    case: Row
    joined: Sequence[Row]
    reports: Sequence[Row]
    replies: Sequence[Row]
    history: Sequence[Row]
    notes: Sequence[Row]
    numbers: Mapping[str, str]
    reporters: Mapping[str, int]
    drafts: Mapping[str, str]
    lacking: Mapping[str, Lacking] = {}
    same_photos: Sequence[Row] = ()
    closed_before: Sequence[Row] = ()
    opened_after: Sequence[Row] = ()

    shown = ()

    @property
    def code(self) -> str:
        return str(self.case["code"])

    @property
    def is_open(self) -> bool:
        return self.case["closed_at"] is None

    @property
    def people(self) -> int:
        return max(self.reporters.values(), default=0)

    def is_for(self, account: Account, routing: Routing) -> bool:
        """May they see it? None of what was joined into it may accuse them."""
        seen = scope(account, routing)
        return seen.has(self.case) and all(one["category"] not in seen.hidden for one in self.joined)


def read(views: Views, code: str, reader: str = "") -> CaseFile | None:
    """The file of a case, or of that which it was joined into, for the account of this name; None if there is no such
    case."""
    case = root(views, code)
    if case is None:
        return None
    joined = views.joined_into(case["code"])
    codes = [case["code"], *(one["code"] for one in joined)]
    reports = views.case_reports(case["code"])
    return CaseFile(
        case=case,
        joined=joined,
        reports=reports,
        lacking=views.fetches([one["id"] for one in reports]),
        replies=views.case_replies(case["code"]),
        history=_history(views, codes),
        notes=views.notes(codes),
        numbers=views.numbers(case["code"]),
        reporters=views.reporters(case["code"]),
        drafts=views.drafts(case["code"], reader),
        same_photos=views.same_photos(case["code"]),
        closed_before=pairs.closed_before(views.connection, case["code"]),
        opened_after=pairs.opened_after(views.connection, case["code"]),
    )


def root(views: Views, code: str) -> Row | None:
    """The case that a code stands for now."""
    case = views.case(code)
    for _ in range(_DEEPEST):
        if case is None or not case["joined_into"]:
            return case
        case = views.case(case["joined_into"])
    return None


def _history(views: Views, codes: Sequence[str]) -> list[Row]:
    found = [row | {"case": one} for one in codes for row in views.history(one)]
    return sorted(found, key=lambda row: str(row["at"]))
