"""Has open reports judged again, as after the model was changed; and says beforehand what that would change."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import NEW, Kind, Verdict
from gateway.control import Verb
from gateway.duplicates import Terms
from gateway.families import JOINS
from gateway.judgeorders import Answer, Commit, Compare, Ruling, Weigh
from gateway.judges import JudgeFailed
from gateway.store.contract import Settlement
from gateway.store.sqlite import SqliteStore
from gateway.store.standings import Standing, some
from gateway.uniting import JOINED

if TYPE_CHECKING:
    from gateway.judge import Judge

AT_ONCE = 2_000

_fingerprint = msgspec.msgpack.Decoder(Fingerprint)
_answer = msgspec.msgpack.Decoder(Answer)
_encode = msgspec.msgpack.Encoder().encode


class Rejudging:
    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"rejudge": self.rejudge}

    async def rejudge(self, since: float, after: int) -> dict[str, int]:
        """Leave some of the open reports that came in `since` then, of those with a number above `after`, to the sweep:
        how many, and the number of the last. Asked until there are none."""
        found = await self._store.read(lambda reader: some(reader, since, after, AT_ONCE))
        if found:
            await self._store.settle(Settlement(unjudged=[report for _, report in found]))
        return {"marked": len(found), "last": found[-1][0] if found else after}


class Difference(msgspec.Struct, frozen=True):
    """A report that is in `case` and would be put elsewhere: what is said of it `now` and what `would_be`, each with
    the case it is compared with; `score` and `reasons` are of the latter."""

    report: str
    case: str
    now: str
    would_be: str
    score: float
    reasons: tuple[str, ...]


def differences(terms: Terms, standings: Iterable[Standing]) -> Iterator[Difference | None]:
    """For each report, in the order in which they came in, whether a judge by these terms, who knows of none that
    came later, would put it elsewhere or not ask of the same one. What is alone in its case or the first in it would
    be new. Raises `JudgeFailed`."""
    from gateway.judge import Judge  # noqa: PLC0415 its index is slow to load, and no part of the gateway's process

    judge = Judge()
    judge.answer(_encode(Weigh(terms)))
    cases: dict[str, str] = {}
    seen: set[str] = set()
    for one in standings:
        try:
            compared = _fingerprint.decode(one.fingerprint)
        except msgspec.DecodeError:  # damaged
            yield None
            continue
        [ruling] = _asked(judge, compared)
        yield _difference(one, one.case in seen, ruling.verdict, cases.get(ruling.verdict.same_as or ""))
        cases[one.report] = one.case
        seen.add(one.case)


def _asked(judge: "Judge", compared: Fingerprint) -> list[Ruling]:
    answer = _answer.decode(judge.answer(_encode(Compare([compared]))))
    judge.answer(_encode(Commit(kept=True)))
    if answer.failed:
        raise JudgeFailed(answer.failed)
    return answer.rulings


def _difference(one: Standing, is_joined: bool, verdict: Verdict, case: str | None) -> Difference | None:
    """However it is joined, it is in the same case."""
    if is_joined and verdict.kind in JOINS and case == one.case:
        return None
    is_known = is_joined or one.kind == Kind.UNSURE
    stands_with = one.case if is_joined else one.other
    now = _said(one.kind or JOINED, stands_with) if is_known else str(NEW.kind)
    would_be = _said(verdict.kind, case)
    if now == would_be:
        return None
    return Difference(one.report, one.case, now, would_be, round(verdict.score, 3), verdict.reasons)


def _said(kind: str, case: str | None) -> str:
    return f"{kind} {case}" if case else str(kind)
