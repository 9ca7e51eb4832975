"""Whatever happens to reports, in whatever order: none is lost, and those of one incident end in one case.

What holds: once the sweep has looked at all, any order of the same reports, and any loss of the judge between them,
ends in the same cases, as long as no person and no contradiction of places is between them.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.app import rules_of
from gateway.cases import Status
from gateway.errors import OperationRefused
from gateway.filing import Rules
from gateway.store.contract import Settlement
from tests.gateway.incidents import KEY, OFFICER, Incidents, incidents
from tests.gateway.support import settings_in

T = TypeVar("T")

#: What is said of each incident, by another person each.
SAID = {
    "flood": (
        "Banjir setinggi lutut di Jl. Kemang Raya sejak pagi, mobil tidak bisa lewat",
        "Jl Kemang Raya banjir selutut sejak pagi, mobil tidak bisa lewat",
        "Banjir setinggi lutut di Jl. Kemang Raya, mobil tidak bisa lewat",
    ),
    "lamp": (
        "Lampu jalan padam di Jl. Fatmawati No. 12",
        "Lampu jalan padam di Jl Fatmawati No 12 gelap",
    ),
    "tree": ("Pohon tumbang menutup trotoar di Jl. Cipete",),
}
REPORTS = [(incident, text) for incident, texts in SAID.items() for text in texts]
QUICKLY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@cache
def shared_rules() -> Rules:
    """They take longest to make, and are the same for all."""
    with tempfile.TemporaryDirectory() as folder:
        return rules_of(settings_in(Path(folder)), KEY)


@cache
def empty_store() -> dict[str, bytes]:
    """The files of one in which nothing is, so that it is made once."""

    async def made(folder: Path) -> dict[str, bytes]:
        async with incidents(folder, shared_rules()):
            pass
        return {file.name: file.read_bytes() for file in (folder / "data").iterdir() if file.is_file()}

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(made(Path(folder)))


def in_new(folder: str) -> AbstractAsyncContextManager[Incidents]:
    data = Path(folder) / "data"
    data.mkdir()
    for name, content in empty_store().items():
        (data / name).write_bytes(content)
    return incidents(Path(folder), shared_rules())


async def together(
    city: Incidents, reports: Sequence[tuple[str, str]], dies: Sequence[int] = ()
) -> set[frozenset[str]]:
    """Which incidents end up in one case, a letter for each report. The judge `dies` after so many answers, at each
    report anew; 0: it does not."""
    names: dict[str, str] = {}
    for number, (incident, text) in enumerate(reports):
        if not city.judging.loaded:
            await city.judging.load()
        city.judge.dies_after = dies[number] if number < len(dies) else -1
        row = await city.report(text, f"+62811100{REPORTS.index((incident, text)):05}")
        names[row.report.id] = f"{incident} {SAID[incident].index(text)}"
    while city.store.unjudged(1):
        if not city.judging.loaded:
            await city.judging.load()
        await city.swept()
    assert len(city.views("SELECT 1 FROM reports")) == len(reports)
    return {frozenset(names[one] for one in case) for case in city.partition()}


EXPECTED = {frozenset(f"{incident} {number}" for number in range(len(texts))) for incident, texts in SAID.items()}


def run(work: Callable[[Incidents], Awaitable[T]]) -> T:
    empty_store()

    async def within(folder: str) -> T:
        async with in_new(folder) as city:
            return await work(city)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(within(folder))


@given(st.permutations(REPORTS))
@settings(max_examples=5, **QUICKLY)  # type: ignore[arg-type]
def test_any_order_ends_in_the_same_cases(order: list[tuple[str, str]]) -> None:
    assert run(lambda city: together(city, order)) == EXPECTED


@given(st.permutations(REPORTS), st.lists(st.integers(0, 3), min_size=len(REPORTS), max_size=len(REPORTS)))
@settings(max_examples=5, **QUICKLY)  # type: ignore[arg-type]
def test_a_judge_that_dies_at_any_moment_costs_no_report_and_no_join(
    order: list[tuple[str, str]], dies: list[int]
) -> None:
    assert run(lambda city: together(city, order, dies)) == EXPECTED


PEOPLE = [f"+6281110000{number}" for number in range(4)]
TEXTS = [text for texts in SAID.values() for text in texts]


class Life(RuleBasedStateMachine):
    """Citizens report, officers join, part, close and open again, reports are added to, and the judge is lost."""

    def __init__(self) -> None:
        super().__init__()
        empty_store()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        context = in_new(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.city = self.do(self.stack.enter_async_context(context))
        self.filed: list[str] = []
        #: Reports that an officer said to be of two incidents, until one says otherwise.
        self.apart: set[frozenset[str]] = set()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.do(self.stack.aclose())
        self.runner.close()

    @rule(text=st.sampled_from(TEXTS), sender=st.sampled_from(PEOPLE))
    def report(self, text: str, sender: str) -> None:
        self.filed.append(self.do(self.city.report(text, sender)).report.id)

    @precondition(lambda self: len(self.roots()) > 1)
    @rule(data=st.data())
    def join_and_part(self, data: st.DataObject) -> None:
        """What was is restored: codes, clocks, reporters, and what is compared."""
        lesser, greater = data.draw(st.lists(st.sampled_from(self.roots()), min_size=2, max_size=2, unique=True))
        before = self.seen()
        self.do(self.city.operations.join(lesser, greater, OFFICER))
        self.do(self.city.operations.part(lesser, OFFICER))
        assert self.seen() == before
        self.note_apart(lesser, greater)

    @precondition(lambda self: len(self.roots()) > 1)
    @rule(data=st.data())
    def join(self, data: st.DataObject) -> None:
        lesser, greater = data.draw(st.lists(st.sampled_from(self.roots()), min_size=2, max_size=2, unique=True))
        self.do(self.city.operations.join(lesser, greater, OFFICER))

    @precondition(lambda self: self.filed)
    @rule(data=st.data())
    def part(self, data: st.DataObject) -> None:
        """A report of a case that holds several of its own."""
        report = data.draw(st.sampled_from(self.filed))
        case = self.city.store.case_of(report)
        assert case
        with suppress(OperationRefused):
            self.do(self.city.operations.part(case.code, OFFICER, report))
            first = self.city.store.first_report(case.code)
            assert first
            self.apart.add(frozenset((report, first)))

    @precondition(lambda self: self.roots())
    @rule(data=st.data(), opens=st.booleans())
    def close(self, data: st.DataObject, opens: bool) -> None:
        code = data.draw(st.sampled_from(self.roots()))
        self.do(self.city.move(code, Status.DITOLAK))
        if opens:
            self.do(self.city.move(code, Status.MENUNGGU))

    @precondition(lambda self: self.filed)
    @rule(data=st.data())
    def rejudge(self, data: st.DataObject) -> None:
        report = data.draw(st.sampled_from(self.filed))
        self.do(self.city.store.settle(Settlement(unjudged=[report])))
        self.do(self.city.swept())

    @rule()
    def lose_the_judge(self) -> None:
        self.city.judge.dies_after = 1
        self.do(self.city.judging.change(gone=["r-0"]))
        assert not self.city.judging.loaded
        self.do(self.city.judging.load())

    def roots(self) -> list[str]:
        """Open cases that stand for themselves."""
        sql = "SELECT code FROM cases WHERE joined_into IS NULL AND closed_at IS NULL ORDER BY seq"
        return [row[0] for row in self.city.views(sql)]

    def seen(self) -> tuple[object, ...]:
        cases = self.city.views("SELECT code, status, joined_into, due_at, act_by, unit, reports, reminders FROM cases")
        reports = self.city.views('SELECT id, "case", contact, pin_hash FROM reports')
        return cases, reports, self.city.judging.size

    def note_apart(self, lesser: str, greater: str) -> None:
        one, other = (self.city.store.first_report(code) for code in (lesser, greater))
        assert one and other
        self.apart.add(frozenset((one, other)))

    @invariant()
    def no_report_is_lost_and_each_is_in_one_case(self) -> None:
        known = self.city.views('SELECT r.id, c.joined_into FROM reports r JOIN cases c ON c.code = r."case"')
        assert sorted(report for report, _ in known) == sorted(self.filed)
        roots = {row[0] for row in self.city.views("SELECT code FROM cases WHERE joined_into IS NULL")}
        assert {into for _, into in known if into} <= roots

    @invariant()
    def just_what_is_open_is_compared_with(self) -> None:
        sql = 'SELECT count(*) FROM reports r JOIN cases c ON c.code = r."case" WHERE c.closed_at IS NULL'
        assert self.city.views(sql) == [(self.city.judging.size,)]

    @invariant()
    def cases_count_their_reports(self) -> None:
        sql = (
            "SELECT c.code FROM cases c WHERE c.joined_into IS NULL AND c.reports <> (SELECT count(*) FROM reports r"
            ' JOIN cases f ON f.code = r."case" WHERE coalesce(f.joined_into, f.code) = c.code AND NOT EXISTS (SELECT 1'
            ' FROM links l JOIN reports o ON o.id = l.other JOIN cases g ON g.code = o."case" WHERE l.report = r.id'
            " AND l.kind = 'retry' AND coalesce(g.joined_into, g.code) = c.code))"
        )
        assert self.city.views(sql) == []

    @invariant()
    def the_machine_joins_nothing_that_was_parted(self) -> None:
        """Officers may, and it is in one case then by their hand."""
        by_hand = self.city.views("SELECT 1 FROM links WHERE kind = 'joined' LIMIT 1")
        for one, other in map(tuple, self.apart if not by_hand else ()):
            assert self.city.case(one).code != self.city.case(other).code


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=6, stateful_step_count=10, **QUICKLY)  # type: ignore[arg-type]
