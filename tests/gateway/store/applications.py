"""What a store promises of applications: their keys, and what they and anybody may see."""

from abc import abstractmethod
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters import CaseQuery
from gateway.store.contract import Amended, CaseChange, Conflict, Entry, KeyRow, Moved, Settlement, Store
from normalizer.report import Confidentiality
from tests.gateway.store.rows import (
    AT,
    CHANNEL,
    NOW,
    Reopen,
    case,
    claim_all,
    delivery,
    history,
    moved,
    opening,
    report,
)

ENTRY = Entry(actor="budi", action="add an API key")
PUBLIC = Confidentiality(private=False)


def key(app: str, **changes: Any) -> KeyRow:
    values: dict[str, Any] = {"digest": app * 2, "per_minute": 600, "per_day": 0, "made_at": NOW}
    return KeyRow(app=app, **{**values, **changes})


def opened(number: int, app: str | None = None, **report: Any) -> Settlement:
    """A case with one report, that came by an application, some minutes after the one before."""
    settlement = opening(number, received_at=AT + timedelta(minutes=number), **report)
    settlement.reports = [msgspec.structs.replace(row, app=app) for row in settlement.reports]
    settlement.history = [history(f"KNL-{number}", "opened", report=f"r-{number}")]
    return settlement


def quoting(identity: str, app: str | None = None, **changes: Any) -> Settlement:
    """A report that joins the first case."""
    row = msgspec.structs.replace(report(identity, "KNL-1", **changes), app=app)
    return Settlement(reports=[row], history=[history("KNL-1", "reported", report=identity)])


def noted(note: str) -> Settlement:
    change = CaseChange(code="KNL-1", expected="menunggu", unit="inspektorat", estimate_reason="menunggu saksi")
    return Settlement(changes=[change], history=[moved("KNL-1", to="menunggu", note=note)])


def query(app: str = "", **changes: Any) -> CaseQuery:
    values: dict[str, Any] = {"since": AT - timedelta(days=1), "until": AT + timedelta(days=1)}
    return CaseQuery(app=app, **{**values, **changes})


class ApplicationsContract:
    @abstractmethod
    def open_store(self, folder: Path) -> Store: ...

    async def test_a_key_is_in_force_until_it_is_revoked(self, store: Store, reopen: Reopen) -> None:
        await store.add_key(key("jaki"), ENTRY)
        await store.add_key(key("qlue", channel="apps"), ENTRY)
        assert store.api_keys() == [key("jaki"), key("qlue", channel="apps")]
        await store.revoke_key("jaki", NOW, ENTRY)
        assert (await reopen()).api_keys() == [key("qlue", channel="apps")]

    async def test_an_application_has_one_key_at_a_time(self, store: Store) -> None:
        await store.add_key(key("jaki"), ENTRY)
        with pytest.raises(Conflict):
            await store.add_key(key("jaki", digest="other"), ENTRY)
        await store.revoke_key("jaki", NOW, ENTRY)
        with pytest.raises(Conflict):
            await store.revoke_key("jaki", NOW, ENTRY)
        await store.add_key(key("jaki", digest="other"), ENTRY)
        assert [one.digest for one in store.api_keys()] == ["other"]

    async def test_a_delivery_gives_the_code_of_its_case(self, store: Store) -> None:
        await store.append([delivery("d1"), delivery("d2")])
        (first, _) = await claim_all(store)
        await store.settle(opening(first.seq))
        found = [store.case_of_delivery(CHANNEL, one) for one in ("d1", "d2", "d3")]
        assert found == [f"KNL-{first.seq}", "", None]
        assert store.case_of_delivery("mail", "d1") is None

    async def test_who_sees_which_cases(self, store: Store) -> None:
        await store.settle(opened(1, "jaki"))
        await store.settle(opened(2, "qlue", confidentiality=PUBLIC))
        await store.settle(opened(3))
        seen = {app: await self._codes(store, query(app)) for app in ("", "jaki", "qlue")}
        assert seen == {"": ["KNL-2"], "jaki": ["KNL-2", "KNL-1"], "qlue": ["KNL-2"]}
        assert await store.seen("mail", query("jaki")) == await store.seen("mail", query())

    async def test_by_its_code_a_private_case_is_seen_without_its_report(self, store: Store) -> None:
        await store.settle(opened(1, "jaki"))
        codes = ["KNL-1", "KNL-9"]
        found = {app: await store.seen_by_code(CHANNEL, app, codes) for app in ("", "jaki")}
        assert {app: [(one.case.code, one.report is None) for one in rows] for app, rows in found.items()} == {
            "": [("KNL-1", True)],
            "jaki": [("KNL-1", False)],
        }

    async def test_a_hidden_case_is_public_no_more(self, store: Store) -> None:
        await store.settle(opened(1, "jaki", confidentiality=PUBLIC))
        await store.settle(Settlement(hidden=["KNL-1"]))
        assert {app: await self._codes(store, query(app)) for app in ("", "jaki")} == {"": [], "jaki": ["KNL-1"]}

    async def test_a_hidden_report_stays_hidden_however_it_is_read_again(self, store: Store) -> None:
        await store.settle(opened(1, confidentiality=PUBLIC))
        await store.settle(Settlement(hidden=["KNL-1"]))
        again = report("r-1", "KNL-1", version=2, confidentiality=PUBLIC)
        await store.settle(Settlement(amended=[Amended(again, "Banjir", "Jl. Mawar")]))
        [(kept, _)] = store.reporters("KNL-1")
        assert kept.report.version == 2 and kept.report.confidentiality.private
        assert await self._codes(store, query()) == []

    async def test_a_confidential_case_makes_its_reports_so(self, store: Store) -> None:
        await store.settle(opened(1, confidentiality=Confidentiality(confidential=False)))
        await store.settle(Settlement(confidential=["KNL-1"]))
        [(kept, _)] = store.reporters("KNL-1")
        assert kept.report.confidentiality.confidential
        assert kept.masked and kept.masked.confidentiality.confidential

    async def test_cases_are_chosen(self, store: Store) -> None:
        await store.settle(opened(1, confidentiality=PUBLIC))
        await store.settle(Settlement(changes=[CaseChange(code="KNL-1", expected="menunggu", category="banjir")]))
        await store.settle(opened(2, confidentiality=PUBLIC))
        closing = CaseChange(code="KNL-2", expected="menunggu", status="selesai", closed_at=NOW)
        await store.settle(Settlement(changes=[closing]))
        chosen = {
            "all": (query(), ["KNL-2", "KNL-1"]),
            "a category": (query(categories=("banjir", "lampu")), ["KNL-1"]),
            "open": (query(is_open=True), ["KNL-1"]),
            "closed": (query(is_open=False), ["KNL-2"]),
            "since": (query(since=AT + timedelta(minutes=2)), ["KNL-2"]),
            "until": (query(until=AT + timedelta(minutes=2)), ["KNL-1"]),
            "some": (query(limit=1, offset=1), ["KNL-1"]),
        }
        found = {name: await self._codes(store, asked) for name, (asked, _) in chosen.items()}
        assert found == {name: codes for name, (_, codes) in chosen.items()}

    async def test_a_case_that_was_joined_stands_as_the_other_does(self, store: Store) -> None:
        await store.settle(opened(1, "jaki"))
        await store.settle(opened(2))
        await store.settle(
            Settlement(
                changes=[
                    CaseChange(code="KNL-1", expected="menunggu", joined_into="KNL-2"),
                    CaseChange(code="KNL-2", expected="menunggu", status="proses", unit="sudin"),
                ],
                history=[history("KNL-1", "joined", into="KNL-2"), moved("KNL-2", to="proses", note="Tim berangkat")],
            )
        )
        (one,) = await store.seen(CHANNEL, query("jaki"))
        assert (one.case.code, one.case.status, one.case.unit, one.updated_at) == ("KNL-1", "proses", None, NOW)
        (move,) = await store.seen_moves(CHANNEL, query("jaki"))
        assert (move.code, move.at, move.detail) == ("KNL-1", NOW, {"to": "proses"})
        assert await store.seen_moves(CHANNEL, query()) == []

    @pytest.mark.threat("P0-30")
    async def test_a_public_report_that_joins_a_private_case_shows_nothing_of_it(self, store: Store) -> None:
        for settlement in (opened(1), noted("saksi"), quoting("r-2", "jaki", confidentiality=PUBLIC), noted("loket")):
            await store.settle(settlement)
        seen = {app: await self._shown(store, app) for app in ("", "qlue", "jaki")}
        assert seen == {"": ([], []), "qlue": ([], []), "jaki": ([(None, None)], [{"to": "menunggu"}])}
        found = {app: await store.seen_by_code(CHANNEL, app, ["KNL-1"]) for app in ("", "jaki")}
        told = {app: (one.report and one.report.id, one.case.unit) for app, (one,) in found.items()}
        assert told == {"": (None, None), "jaki": ("r-2", None)}

    async def test_a_private_report_in_a_public_case_hides_it_but_from_who_opened_it(self, store: Store) -> None:
        for settlement in (opened(1, "jaki", confidentiality=PUBLIC), noted("a"), quoting("r-2"), noted("b")):
            await store.settle(settlement)
        notes = [{"to": "menunggu", "note": note} for note in "ab"]
        seen = {app: await self._shown(store, app) for app in ("", "jaki")}
        assert seen == {"": ([], []), "jaki": ([("inspektorat", "menunggu saksi")], notes)}

    async def test_a_case_of_public_reports_is_shown_whole_from_its_beginning(self, store: Store) -> None:
        settled = (opened(1, confidentiality=PUBLIC), noted("a"), quoting("r-2", confidentiality=PUBLIC), noted("b"))
        for settlement in settled:
            await store.settle(settlement)
        shown = ([("inspektorat", "menunggu saksi")], [{"to": "menunggu", "note": note} for note in "ab"])
        assert [await self._shown(store, app) for app in ("", "jaki")] == [shown, shown]

    async def test_a_public_case_that_is_joined_with_a_private_one_is_not_shown(self, store: Store) -> None:
        joining = Settlement(changes=[CaseChange(code="KNL-2", expected="menunggu", joined_into="KNL-1")])
        for settlement in (opened(1, confidentiality=PUBLIC), opened(2), noted("a"), joining):
            await store.settle(settlement)
        assert await self._shown(store, "") == ([], [])

    async def test_what_was_said_while_a_private_report_was_in_it_stays_untold(self, store: Store) -> None:
        parting = Settlement(
            cases=[case("KNL-3")],
            moved=[Moved("r-2", "KNL-3")],
            history=[msgspec.structs.replace(history("KNL-1", "parted"), detail={"code": "KNL-3"})],
        )
        for settlement in (opened(1, confidentiality=PUBLIC), quoting("r-2"), noted("a"), parting, noted("b")):
            await store.settle(settlement)
        assert (await self._shown(store, ""))[1] == [{"to": "menunggu", "note": "b"}]

    async def _shown(self, store: Store, app: str) -> tuple[list[tuple[str | None, str | None]], list[dict[str, str]]]:
        """Units and reasons of cases, and moves."""
        found = await store.seen(CHANNEL, query(app))
        told = [(one.case.unit, one.case.estimate_reason) for one in found]
        return told, [one.detail for one in await store.seen_moves(CHANNEL, query(app))]

    async def _codes(self, store: Store, asked: CaseQuery) -> list[str]:
        return [one.case.code for one in await store.seen(CHANNEL, asked)]
