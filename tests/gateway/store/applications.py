"""What a store promises of applications: their keys, and what they and anybody may see."""

from abc import abstractmethod
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters import CaseQuery
from gateway.store.contract import CaseChange, Conflict, Entry, KeyRow, Settlement, Store
from normalizer.report import Candidate, Confidentiality
from tests.gateway.store.rows import AT, CHANNEL, NOW, Reopen, claim_all, delivery, moved, opening

ENTRY = Entry(actor="budi", action="add an API key")
PUBLIC = Confidentiality(private=False)


def key(app: str, **changes: Any) -> KeyRow:
    values: dict[str, Any] = {"digest": app * 2, "per_minute": 600, "per_day": 0, "made_at": NOW}
    return KeyRow(app=app, **{**values, **changes})


def opened(number: int, app: str | None = None, **report: Any) -> Settlement:
    """A case with one report, that came by an application, some minutes after the one before."""
    settlement = opening(number, received_at=AT + timedelta(minutes=number), **report)
    settlement.reports = [msgspec.structs.replace(row, app=app) for row in settlement.reports]
    return settlement


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

    async def test_cases_are_chosen(self, store: Store) -> None:
        flood = (Candidate(code="banjir", name="Banjir", score=1.0),)
        await store.settle(opened(1, confidentiality=PUBLIC, categories=flood))
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
                history=[moved("KNL-2", to="proses")],
            )
        )
        (one,) = await store.seen(CHANNEL, query("jaki"))
        assert (one.case.code, one.case.status, one.case.unit, one.updated_at) == ("KNL-1", "proses", "sudin", NOW)
        (move,) = await store.seen_moves(CHANNEL, query("jaki"))
        assert (move.code, move.at, move.detail) == ("KNL-1", NOW, {"to": "proses"})
        assert await store.seen_moves(CHANNEL, query()) == []

    async def _codes(self, store: Store, asked: CaseQuery) -> list[str]:
        return [one.case.code for one in await store.seen(CHANNEL, asked)]
