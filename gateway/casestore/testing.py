"""The tests every case store must pass. Needs pytest.

    class TestCrm(CaseStoreContract):
        case_store = Crm
        settings = {"token": "abc"}                  # the fewest that work; secrets as plain strings

        @asynccontextmanager
        async def outside(self):
            async with MyFakeCrm() as crm:           # a real server on 127.0.0.1, see `Outside`
                yield crm

With `receive`, also `genuine` and `refused`. For readable failures call
`pytest.register_assert_rewrite("gateway.casestore.testing")`.
"""

import asyncio
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol

import msgspec
import pytest

from adapters import RequestRefused, Secret, WebRequest
from adapters.testing.material import opened, settings_of, wrong_settings
from adapters.testing.outside import watched
from gateway.casestore import (
    Amendment,
    CaseStore,
    CaseStoreDown,
    CaseStoreError,
    CaseStoreRefused,
    CaseStoreSettings,
    Confirms,
    Filed,
    News,
    Outcome,
    OutgoingCase,
    OutgoingFile,
    OutgoingReport,
    Pending,
    ReceivesNews,
    Refused,
    Status,
)
from normalizer.report import ReportPlace

#: What the other side can be told to do: to be ill, to ask for seven seconds of patience, to refuse our credentials, to
#: refuse this one case, or to take what it is sent and lose its answer.
FAULTS = ("down", "throttled", "unauthorized", "refused", "cut")
SECONDS_ASKED = 7.0
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff\xe0" + bytes(64) + b"\xff\xd9"
WORDS = "Banjir setinggi lutut di Jl. Mawar Raya"

Test = Callable[[Any, Any], Awaitable[None]]


class Outside(Protocol):
    """The other side, as the author's test builds it. `settings` lead to it."""

    @property
    def settings(self) -> Mapping[str, Any]: ...

    def fail(self, how: str) -> None:
        """Do one of `FAULTS` to the next thing that is filed or amended, and no more to those after it."""

    def held(self) -> Mapping[str, str]:
        """Everything that was said of each case that it holds, by its number."""

    def lose(self, number: str) -> None:
        """Forget a case, as if it had never been filed."""

    def tell(self, number: str, status: Status) -> None:
        """Have news of a case, after all that it had before."""


class CaseStoreContract:
    """Subclass it with a name that starts with `Test` and set what has no default."""

    case_store: ClassVar[type[Any]]
    #: Settings that work, beside those that lead to the other side, and named changes that must be refused.
    settings: ClassVar[Mapping[str, Any]]
    refused_settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    #: Which of `FAULTS` the other side can have.
    faults: ClassVar[Sequence[str]] = FAULTS
    #: Does the other side know a second try by its key? Without that, an answer that is lost files a case twice.
    knows_keys: ClassVar[bool] = True
    #: Does it tell news when it is asked? False where they come only by `receive`.
    tells_news: ClassVar[bool] = True

    #: A request with good proof that holds news, and requests to refuse, by name.
    genuine: ClassVar[WebRequest]
    refused: ClassVar[Mapping[str, WebRequest]] = {}

    def outside(self) -> AbstractAsyncContextManager[Outside]:
        """A real server on 127.0.0.1."""
        raise NotImplementedError

    def make(self, **changes: Any) -> Any:
        """The case store, made from `settings` with some changes."""
        return self.case_store(self.settings_with(**changes))

    def settings_with(self, **changes: Any) -> Any:
        return settings_of(self.case_store, {**self.settings, **changes})

    def __init_subclass__(cls) -> None:
        if not cls.refused:
            cls.test_a_request_without_good_proof_is_refused = None  # type: ignore[assignment,method-assign]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        tables: Mapping[str, Callable[[], Mapping[str, Any]]] = {
            "wrong": lambda: wrong_settings(self.case_store, self.settings) | self._refused_settings(),
            "fault": lambda: {name: name for name in self.faults},
            "forgery": lambda: self.refused,
        }
        for name in tables.keys() & set(metafunc.fixturenames):
            table = tables[name]()
            metafunc.parametrize(name, list(table.values()), ids=list(table))

    def test_it_is_a_case_store(self) -> None:
        assert isinstance(self.make(), CaseStore)
        assert issubclass(self.case_store.Settings, CaseStoreSettings)

    def test_every_setting_is_described(self) -> None:
        hints = typing.get_type_hints(self.case_store.Settings, include_extras=True)
        own = hints.keys() - typing.get_type_hints(CaseStoreSettings).keys()
        assert [name for name in sorted(own) if not _described(hints[name])] == []

    def test_wrong_settings_are_refused(self, wrong: Mapping[str, Any]) -> None:
        with pytest.raises(msgspec.ValidationError) as caught:
            settings_of(self.case_store, wrong)
        assert not _shows_a_secret(str(caught.value), self.settings_with())

    def test_construction_touches_nothing_outside(self) -> None:
        settings = self.settings_with()
        self.case_store(settings)
        with watched() as touched:
            self.case_store(settings)
        assert touched == []

    def test_no_secret_is_shown(self) -> None:
        settings, store = self.settings_with(), self.make()
        assert not _shows_a_secret(f"{store} {store!r} {settings} {settings!r}", settings)

    def test_each_case_of_a_batch_is_filed_under_a_number_of_its_own(self) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            numbers = await _file(store, _case("KNL-1"), _case("KNL-2"), _case("KNL-3"))
            assert len(set(numbers)) == 3
            assert set(numbers) == outside.held().keys()
            assert all(WORDS in said for said in outside.held().values())

        self._run(test)

    def test_a_second_try_files_nothing_more(self) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            first = await _file(store, _case("KNL-1"))
            assert await _file(store, _case("KNL-1")) == first
            assert len(outside.held()) == 1

        if self.knows_keys:
            self._run(test)

    def test_an_amendment_reaches_the_case_it_is_of(self) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            one, other = await _file(store, _case("KNL-1"), _case("KNL-2"))
            assert await _done(store, store.amend, [_amendment("KNL-1", one)]) == [one]
            assert SAID_LATER in outside.held()[one]
            assert SAID_LATER not in outside.held()[other]

        self._run(test)

    def test_a_fault_is_told_for_what_it_is(self, fault: str) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            outside.fail(fault)
            result = await _attempt(store, _case("KNL-1"))
            assert _told_as(result) == {"refused": "refused", "throttled": "patience"}.get(fault, "down")
            assert not _gives_away(str(result), self.settings_with(**outside.settings))

        self._run(test)

    def test_once_a_fault_is_over_the_case_is_there_once(self, fault: str) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            outside.fail(fault)
            await _attempt(store, _case("KNL-1"))
            assert await _file(store, _case("KNL-1")) == list(outside.held())

        if fault != "cut" or self.knows_keys:
            self._run(test)

    def test_nobody_there_is_down(self) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            pass

        settings = self._run(test)
        asyncio.run(self._finds_nobody(settings))

    def test_news_are_told_once_for_each_cursor(self) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            (number,) = await _file(store, _case("KNL-1"))
            _, start = await store.news(None)
            outside.tell(number, Status.PROSES)
            news, cursor = await store.news(start)
            assert [(one.number, one.status) for one in news] == [(number, Status.PROSES)]
            again, _ = await store.news(start)
            assert [(one.number, one.status) for one in again] == [(number, Status.PROSES)]
            outside.tell(number, Status.SELESAI)
            later, _ = await store.news(cursor)
            assert later[-1].status is Status.SELESAI
            assert _stamp(later[-1]) > _stamp(news[0])

        if self.tells_news:
            self._run(test)

    def test_what_was_lost_is_missing(self) -> None:
        async def test(store: CaseStore, outside: Outside) -> None:
            if isinstance(store, Confirms):
                one, other = await _file(store, _case("KNL-1"), _case("KNL-2"))
                assert list(await store.missing([one, other])) == []
                outside.lose(one)
                assert list(await store.missing([one, other])) == [one]

        self._run(test)

    def test_a_genuine_request_holds_news(self) -> None:
        store = self.make()
        if isinstance(store, ReceivesNews):
            told = store.receive(self.genuine)
            assert told.news and 200 <= told.response.status < 300
            assert store.receive(self.genuine) == told

    def test_a_request_without_good_proof_is_refused(self, forgery: WebRequest) -> None:
        with pytest.raises(RequestRefused) as caught:
            self.make().receive(forgery)
        assert not _shows_a_secret(str(caught.value), self.settings_with())

    def test_the_table_of_refused_requests_is_there(self) -> None:
        assert self.refused or not isinstance(self.make(), ReceivesNews)

    def _run(self, test: Test) -> Mapping[str, Any]:
        return asyncio.run(self._with_outside(test))

    async def _with_outside(self, test: Test) -> Mapping[str, Any]:
        async with self.outside() as outside, opened(self.make(**outside.settings)) as store:
            await test(store, outside)
            return outside.settings

    async def _finds_nobody(self, settings: Mapping[str, Any]) -> None:
        async with opened(self.make(**settings)) as store:
            with pytest.raises(CaseStoreDown):
                await store.file([_case("KNL-1")])
            with pytest.raises(CaseStoreDown):
                await store.amend([_amendment("KNL-1", "1")])

    def _refused_settings(self) -> dict[str, Mapping[str, Any]]:
        return {name: {**self.settings, **changes} for name, changes in self.refused_settings.items()}


SAID_LATER = "Airnya sudah sampai pinggang"


def _report(key: str, text: str) -> OutgoingReport:
    return OutgoingReport(
        key=key,
        channel="sms-1708",
        text=text,
        received_at=AT,
        place=ReportPlace(latitude=-6.26, longitude=106.81, words="Jl. Mawar Raya"),
        files=(OutgoingFile(name="foto-1.jpg", media_type="image/jpeg", read=_photo),),
    )


async def _photo() -> bytes:
    return PHOTO


def _case(code: str, *more: OutgoingReport) -> OutgoingCase:
    first = _report(f"{code.lower()}-r1", WORDS)
    return OutgoingCase(
        key=code.lower(),
        code=code,
        version=1 + len(more),
        status=Status.MENUNGGU,
        opened_at=AT,
        due_at=AT + timedelta(days=7),
        reports=(first, *more),
        category="banjir",
        area="31.74.01.1001",
        place=first.place,
    )


def _amendment(code: str, number: str) -> Amendment:
    later = _report(f"{code.lower()}-r2", SAID_LATER)
    return Amendment(key=f"{code.lower()}-2", number=number, case=_case(code, later), new=(later,))


async def _file(store: CaseStore, *batch: OutgoingCase) -> list[str]:
    return await _done(store, store.file, list(batch))


async def _done(store: CaseStore, work: Callable[[Any], Awaitable[Sequence[Outcome]]], batch: list[Any]) -> list[str]:
    """Their numbers; where there are tokens first, they are followed."""
    outcomes = await work(batch)
    assert len(outcomes) == len(batch)
    return [await _number(store, one, outcome) for one, outcome in zip(batch, outcomes, strict=True)]


async def _number(store: CaseStore, one: Any, outcome: Outcome) -> str:
    if isinstance(outcome, Pending):
        (outcome,) = await store.file([msgspec.structs.replace(one, token=outcome.token)])
    assert isinstance(outcome, Filed), outcome
    return outcome.number


async def _attempt(store: CaseStore, case: OutgoingCase) -> Outcome | CaseStoreError:
    try:
        (outcome,) = await store.file([case])
    except CaseStoreError as error:
        return error
    return outcome


def _told_as(result: Outcome | CaseStoreError) -> str:
    if isinstance(result, Refused | CaseStoreRefused):
        return "refused"
    if getattr(result, "retry_after", None) == SECONDS_ASKED:
        return "patience"
    return "down" if not isinstance(result, Filed | Pending) else "filed"


def _stamp(news: News) -> tuple[int, datetime]:
    return (news.order or 0, news.at)


def _described(hint: Any) -> bool:
    return any(isinstance(note, msgspec.Meta) and note.description for note in typing.get_args(hint))


def _gives_away(said: str, settings: CaseStoreSettings) -> bool:
    return WORDS in said or _shows_a_secret(said, settings)


def _shows_a_secret(text: str, settings: CaseStoreSettings) -> bool:
    values = (getattr(settings, name) for name in settings.__struct_fields__)
    return any(value.reveal() in text for value in values if isinstance(value, Secret))
