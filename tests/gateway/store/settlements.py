"""What every store promises of settlements: all or nothing, and what is unique stays so."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from gateway.store.contract import (
    BadRow,
    CaseChange,
    Conflict,
    Joined,
    Judged,
    Link,
    MessageRow,
    Moved,
    PartRow,
    Settlement,
    Store,
)
from tests.gateway.store.rows import (
    CHANNEL,
    NOW,
    WARGA,
    Reopen,
    case,
    claim_all,
    delivery,
    moved,
    opening,
    reply,
    report,
)

Fault = Callable[[Settlement], Any]


def message_of(store: Store, identity: str) -> bool:
    return bool(store.known_messages(CHANNEL, [identity]))


def link(kind: str, report_id: str = "r-1", other: str = "r-0") -> Link:
    return Link(report=report_id, kind=kind, other=other, score=0.9, reasons=("jl kemang",), actor="kanal", at=NOW)


class SettlementsContract:
    async def test_a_settlement_is_there_after_a_restart(self, store: Store, reopen: Reopen) -> None:
        await store.append([delivery("m1")])
        await store.settle(opening(1))
        again = await reopen()
        assert await claim_all(again) == []
        assert again.known_messages(CHANNEL, ["m0", "m1"]) == {"m1"}
        assert again.case("KNL-1") == case("KNL-1")
        assert again.case_of("r-1") == case("KNL-1")
        assert again.first_report("KNL-1") == "r-1"
        [(kept, contact)] = again.reporters("KNL-1")
        assert (kept.report, contact) == (report("r-1", "KNL-1", WARGA.id).report, WARGA)
        assert again.sent_between([WARGA.id], NOW, NOW) == {WARGA.id: 1}

    async def test_what_is_unknown_is_nothing(self, store: Store) -> None:
        assert (store.case("KNL-0"), store.case_of("r-0"), store.first_report("KNL-0")) == (None, None, None)
        assert (store.reporters("KNL-0"), store.pins("KNL-0"), store.joined_into("KNL-0")) == ([], [], [])
        assert (store.next_timer(), store.next_due(CHANNEL), store.waiting()) == (None, None, {})
        assert (store.unjudged(9), store.proven_by("00")) == ([], [])

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            pytest.param(lambda s: s.messages.append(MessageRow(CHANNEL, "m1", 9, "r-9")), Conflict, id="message id"),
            pytest.param(lambda s: s.cases.append(case("KNL-1")), Conflict, id="code"),
            pytest.param(lambda s: s.reports.append(report("r-1", "KNL-2")), Conflict, id="report id"),
            pytest.param(lambda s: s.replies.append(s.replies[0]), Conflict, id="reply id"),
            pytest.param(
                lambda s: s.changes.append(CaseChange(code="KNL-1", expected="proses", status="menunggu")),
                Conflict,
                id="changed status",
            ),
            pytest.param(
                lambda s: s.changes.append(CaseChange(code="KNL-0", expected="menunggu", status="proses")),
                Conflict,
                id="no such case",
            ),
            pytest.param(lambda s: s.cases.append(case("KNL-3", what="\ud800")), BadRow, id="lone surrogate"),
            pytest.param(
                lambda s: s.parts.append(part(1, of=1 << 80)),
                BadRow,
                id="huge number",
            ),
        ],
    )
    async def test_nothing_is_written_of_what_conflicts(
        self, store: Store, fault: Fault, error: type[Exception]
    ) -> None:
        await store.append([delivery("m1"), delivery("m2")])
        await store.settle(opening(1))
        settlement = opening(2)
        settlement.links.append(link("same", "r-2"))
        settlement.parts.append(part(2))
        fault(settlement)
        with pytest.raises(error):
            await store.settle(settlement)
        assert not message_of(store, "m2")
        assert (store.case("KNL-2"), store.case_of("r-2"), store.unjudged(9)) == (None, None, [])
        assert (await store.backlog()).replies == {CHANNEL: 1}
        assert store.parts(CHANNEL, "ref") == []
        assert [one.delivery.id for one in await claim_all(store)] == ["m2"]

    async def test_of_settlements_that_race_for_a_message_one_is_written(self, store: Store) -> None:
        rivals = [opening(number) for number in range(1, 30)]
        for rival in rivals:
            rival.messages = [MessageRow(CHANNEL, "m", 1, rival.reports[0].report.id)]
        outcomes = await asyncio.gather(*map(store.settle, rivals), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes].count(Conflict) == len(rivals) - 1
        assert [store.case(rival.cases[0].code) for rival in rivals].count(None) == len(rivals) - 1

    async def test_a_conflict_costs_others_at_the_same_time_nothing(self, store: Store) -> None:
        await store.settle(opening(1))
        outcomes = await asyncio.gather(
            *(store.settle(opening(number)) for number in (2, 1, 3)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [type(None), Conflict, type(None)]
        assert all(store.case(f"KNL-{number}") for number in (1, 2, 3))

    async def test_a_case_changes_as_told(self, store: Store) -> None:
        await store.settle(Settlement(cases=[case("KNL-1"), case("KNL-2")]))
        change = CaseChange(
            code="KNL-1", expected="menunggu", status="proses", unit="SDA", joined_into="KNL-2", closed_at=NOW
        )
        await store.settle(Settlement(changes=[change]))
        assert store.case("KNL-1") == case("KNL-1", status="proses", unit="SDA", joined_into="KNL-2", closed_at=NOW)
        assert [one.code for one in store.joined_into("KNL-2")] == ["KNL-1"]

    async def test_a_case_is_parted_and_opened_again(self, store: Store) -> None:
        await store.settle(Settlement(cases=[case("KNL-1", joined_into="KNL-2", closed_at=NOW, unit="SDA")]))
        await store.settle(
            Settlement(changes=[CaseChange(code="KNL-1", expected="menunggu", joined_into="", closed_at=0)])
        )
        assert store.case("KNL-1") == case("KNL-1", unit="SDA")
        assert store.joined_into("KNL-2") == []

    async def test_a_contact_is_kept_as_first_known(self, store: Store) -> None:
        await store.settle(opening(1))
        await store.settle(Settlement(contacts=[msgspec.structs.replace(WARGA, name="Lain")]))
        assert store.reporters("KNL-1")[0][1] == WARGA

    async def test_a_report_without_a_reporter_has_no_contact(self, store: Store) -> None:
        await store.settle(Settlement(cases=[case("KNL-1")], reports=[report("r-1", "KNL-1")]))
        assert [contact for _, contact in store.reporters("KNL-1")] == [None]

    async def test_only_reports_with_a_pin_are_opened_by_one(self, store: Store) -> None:
        made = Settlement(cases=[case("KNL-1")])
        made.reports = [report("r-1", "KNL-1"), report("r-2", "KNL-1", pin_hash="ab")]
        await store.settle(made)
        assert [(row.report.id, row.pin_hash) for row in store.pins("KNL-1")] == [("r-2", "ab")]

    async def test_a_moved_report_goes_with_its_pin_unless_it_gets_a_new_one(self, store: Store) -> None:
        made = Settlement(cases=[case("KNL-1"), case("KNL-2")])
        made.reports = [report("r-1", "KNL-1", pin_hash="old"), report("r-2", "KNL-1", pin_hash="old")]
        await store.settle(made)
        await store.settle(Settlement(moved=[Moved("r-1", "KNL-2"), Moved("r-2", "KNL-2", "new")]))
        assert [row.pin_hash for row in store.pins("KNL-2")] == ["old", "new"]
        assert store.pins("KNL-1") == []
        assert store.case_of("r-1") == case("KNL-2")

    async def test_a_proof_is_known_by_the_cases_it_moved(self, store: Store) -> None:
        await store.settle(
            Settlement(history=[moved("KNL-1", proof="ab"), moved("KNL-2", proof="cd"), moved("KNL-1", proof="ab")])
        )
        assert store.proven_by("ab") == ["KNL-1"]

    async def test_unjudged_are_those_whose_version_was_not_compared(self, store: Store) -> None:
        made = Settlement(cases=[case("KNL-1")])
        made.reports = [report(f"r-{number}", "KNL-1", judged_version=0) for number in range(3)]
        await store.settle(made)
        await store.settle(Settlement(judged=[Judged("r-1", 1)]))
        assert [one.report for one in store.unjudged(9)] == ["r-0", "r-2"]
        assert [one.report for one in store.unjudged(1)] == ["r-0"]

    async def test_reports_are_to_be_compared_again(self, store: Store) -> None:
        await store.settle(Settlement(cases=[case("KNL-1")], reports=[report("r-1", "KNL-1"), report("r-2", "KNL-1")]))
        await store.settle(Settlement(unjudged=["r-2"]))
        assert [one.report for one in store.unjudged(9)] == ["r-2"]

    async def test_what_a_case_is_compared_by_is_that_of_all_in_it(self, store: Store) -> None:
        cases = [case("KNL-1"), case("KNL-2", joined_into="KNL-1"), case("KNL-3")]
        reports = [report(f"r-{number}", f"KNL-{number}") for number in (1, 2, 3)]
        await store.settle(Settlement(cases=cases, reports=reports))
        assert (store.compared("KNL-1"), store.compared("KNL-0")) == ([b"r-1", b"r-2"], [])

    async def test_what_the_machine_put_together_is_known_until_a_person_was_asked(self, store: Store) -> None:
        reports = [report("r-1", "KNL-1"), report("r-2", "KNL-1"), report("r-3", "KNL-3")]
        joined, elsewhere = link("same", "r-2", "r-1"), link("same", "r-3", "r-1")
        made = Settlement(cases=[case("KNL-1"), case("KNL-3")], reports=reports, links=[joined, elsewhere])
        await store.settle(made)
        assert [store.put_with(one) for one in ("r-1", "r-2", "r-3")] == [("r-2", "r-1"), ("r-2", "r-1"), None]
        await store.settle(Settlement(links=[link("misfit", "r-2", "r-1")]))
        assert store.put_with("r-2") is None

    async def test_who_was_told_of_a_case_is_known_by_the_moment(self, store: Store) -> None:
        await store.settle(Settlement(replies=[reply("n-1", about="cases_joined"), reply("n-2")]))
        assert store.told("KNL-1", "cases_joined", [NOW]) == {(WARGA.id, CHANNEL)}
        assert store.told("KNL-1", "cases_joined", [NOW + 1]) == store.told("KNL-2", "cases_joined", [NOW]) == set()

    async def test_parts_wait_until_they_are_joined(self, store: Store, reopen: Reopen) -> None:
        await store.settle(Settlement(parts=[part(2), part(1), part(1, reference="other")]))
        again = await reopen()
        assert again.parts(CHANNEL, "ref") == [part(1), part(2)]
        await again.settle(Settlement(joined=[Joined(CHANNEL, "ref", "r-1")]))
        assert again.parts(CHANNEL, "ref") == []
        assert again.parts(CHANNEL, "other") == [part(1, reference="other")]

    async def test_parts_of_the_next_text_survive_the_joining_of_the_last(self, store: Store) -> None:
        await store.settle(Settlement(parts=[part(1)]))
        await store.settle(Settlement(joined=[Joined(CHANNEL, "ref", "r-1")], parts=[part(2)]))
        assert store.parts(CHANNEL, "ref") == [part(2)]

    async def test_any_text_in_messages_links_and_history_is_kept(self, store: Store) -> None:
        odd = "a\ud800\x00b"
        links = [msgspec.structs.replace(link("same"), reasons=(odd, "jalan"))]
        await store.settle(
            Settlement(messages=[MessageRow(CHANNEL, odd, 1, None)], links=links, history=[moved("KNL-1", note=odd)])
        )
        assert message_of(store, odd)

    async def test_files_are_kept_once_by_their_digest(self, store: Store) -> None:
        first, again = await store.keep(b"foto"), await store.keep(b"foto")
        assert first == again == "6187eb884a2243dbed3a648d69e5a1a538be022abc7d72d596fc0b1024fa3dab"


def part(number: int, of: int = 3, reference: str = "ref") -> PartRow:
    return PartRow(channel=CHANNEL, reference=reference, number=number, of=of, seq=number, message=b"{}", at=NOW)
