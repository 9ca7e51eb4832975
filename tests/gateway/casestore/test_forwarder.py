"""Cases reach the outside case store, whatever happens to it or to us."""

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway import control, settings
from gateway.casestore import News
from gateway.casestore.skeleton.fake_crm import FakeCrm, fake_crm
from tests.gateway.casestore.support import (
    CRM,
    crm_table,
    filed,
    filing,
    filing_in,
    report,
    standing,
    stands,
    stands_if_hurried,
)
from tests.gateway.support import RINA, Running, keep, running, settings_in, sms, until, with_store

pytestmark = pytest.mark.usefixtures("crm")


async def move(gateway: Running, code: str, status: str, **values: Any) -> None:
    await control.ask(gateway.folder, "move", {"code": code, "status": status, "actor": "camat"} | values)


def said(crm: FakeCrm, number: str) -> list[dict[str, Any]]:
    return crm.cases[number]


async def amended(crm: FakeCrm, number: str, count: int = 2) -> dict[str, Any]:
    """The newest of what was said of a case, once so much was."""
    return (await until(lambda: said(crm, number)[count - 1 :], "an amendment"))[-1]


async def test_a_case_is_filed_masked_and_without_who_reported(tmp_path: Path) -> None:
    async with filing(tmp_path) as (gateway, crm):
        code = await report(gateway, 1, "Banjir di Jl. Kemang Raya, hubungi saya di 081234567890", "+6281110000001")
        (number,) = await filed(crm)
        told = crm.held()[number]
        assert "Banjir di Jl. Kemang Raya" in told and code in told
        assert "081234567890" not in told and "81110000001" not in told
        assert await stands(gateway, "filed") == [code]
        assert [row["event"] for row in gateway.views.history(code)][-1] == "filed"


async def test_a_rule_may_send_full_words_and_who_reported(tmp_path: Path) -> None:
    async with filing(tmp_path, full_words=True, identity="unless-anonymous") as (gateway, crm):
        await report(gateway, 1, "Banjir di Jl. Kemang Raya, hubungi saya di 081234567890", "+6281110000001")
        (number,) = await filed(crm)
        assert "081234567890" in crm.held()[number] and "+6281110000001" in crm.held()[number]


async def test_reporters_are_confidential_unless_they_say_otherwise(tmp_path: Path) -> None:
    async with filing(tmp_path, identity="unless-anonymous-or-confidential") as (gateway, crm):
        await report(gateway, 1, sender="+6281110000001")
        (number,) = await filed(crm)
        assert "81110000001" not in crm.held()[number]


async def test_a_move_and_another_report_of_the_same_amend_the_case_once_each(tmp_path: Path) -> None:
    async with filing(tmp_path) as (gateway, crm):
        code = await report(gateway, 1)
        (number,) = await filed(crm)
        await stands(gateway, "filed")
        await move(gateway, code, "proses", unit="dinas-sda")
        one = await amended(crm, number)
        assert (one["status"], one["unit"], one["reports"]) == ("proses", "dinas-sda", [])
        await stands(gateway, "filed")
        await gateway.send(sms("m2", f"Melanjutkan laporan {code}: makin gelap"))
        two = await amended(crm, number, 3)
        assert ["makin gelap" in told["text"] for told in two["reports"]] == [True]
        await stands(gateway, "filed")
        assert len(said(crm, number)) == 3


async def test_a_joined_case_names_the_one_that_it_is_part_of(tmp_path: Path) -> None:
    async with filing(tmp_path) as (gateway, crm):
        lesser, greater = await report(gateway, 1), await report(gateway, 2)
        await stands(gateway, "filed", 2)
        numbers = {gateway.views.numbers(code)[CRM]: code for code in (lesser, greater)}
        await control.ask(gateway.folder, "join", {"code": lesser, "into": greater, "actor": "camat"})
        by_code = {code: number for number, code in numbers.items()}
        one = await amended(crm, by_code[lesser])
        assert one["joined_into"] == by_code[greater]


async def test_each_case_store_is_given_what_its_rules_say(tmp_path: Path) -> None:
    async with fake_crm() as crm, fake_crm() as other:
        tables = [crm_table(tmp_path, crm, private="none"), crm_table(tmp_path, other, "all")]
        async with running(settings_in(tmp_path, case_stores=tables)) as gateway:
            await report(gateway, 1)
            await filed(other)
            assert [row["store"] for row in gateway.views.filings()] == ["all"]


@pytest.mark.threat("P0-10")
async def test_a_fault_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with filing(tmp_path) as (gateway, crm):
        codes: list[str] = []
        for fault in ("down", "throttled", "unauthorized", "cut"):
            crm.fail(fault)
            codes += [await report(gateway, len(codes) + number) for number in range(2)]
            assert sorted(await stands_if_hurried(gateway, len(codes))) == sorted(codes)
        assert Counter(code for told in crm.held().values() for code in codes if code in told) == Counter(codes)


@pytest.mark.threat("P0-10")
async def test_what_is_refused_waits_for_a_person_and_holds_nobody_up(tmp_path: Path) -> None:
    async with filing(tmp_path) as (gateway, crm):
        crm.fail("refused")
        first = await report(gateway, 1)
        assert await stands(gateway, "aside") == [first]
        second = await report(gateway, 2)
        assert await stands(gateway, "filed") == [second]
        (row,) = gateway.views.filings(state="aside")
        assert (row["case"], row["error"]) == (first, "crm answers 422")
        done = await control.ask(gateway.folder, "retry filings", {"case": first})
        assert done == {"retried": 1}
        assert len(await stands(gateway, "filed", 2)) == 2


@pytest.mark.threat("P0-10")
async def test_after_an_outage_500_cases_drain_by_themselves(tmp_path: Path) -> None:
    async with fake_crm() as crm:
        crm.always = "down"
        loaded = filing_in(tmp_path, crm, batch=50)
        await keep(loaded, [sms(f"m{n}", f"Lampu padam di Jl. Percobaan {n}", f"+62811{n:07}") for n in range(500)])
        async with running(loaded) as gateway:
            await gateway.settled()
            await until(lambda: crm.requests > 1, "an attempt")
            assert len(standing(gateway, "filed")) == 0
            crm.always = ""
            await until(lambda: len(crm.held()) == 500, "all to be filed", seconds=60)
            assert len(set(crm.held())) == 500


async def test_what_was_under_way_at_a_crash_is_filed_again_with_the_same_key(tmp_path: Path) -> None:
    async with fake_crm() as crm:
        loaded = filing_in(tmp_path, crm)
        crm.fail("cut")
        async with running(loaded) as gateway:
            code = await report(gateway, 1)
            await filed(crm)
            await until(lambda: standing(gateway, "due"), "its answer to be lost")
        claimed = await with_store(loaded, lambda store: store.claim_filings(CRM, time.time() + 60, 9))
        assert [one.case for one in claimed] == [code]
        async with running(loaded) as gateway:
            assert await stands(gateway, "filed") == [code]
            assert len(crm.held()) == 1


@pytest.mark.threat("P0-10")
async def test_what_was_taken_and_lost_is_filed_again(tmp_path: Path) -> None:
    async with filing(tmp_path, confirm_seconds=0.2) as (gateway, crm):
        code = await report(gateway, 1)
        (number,) = await filed(crm)
        crm.lose(number)
        (again,) = await filed(crm)
        assert code in crm.held()[again]
        await stands(gateway, "filed")
        events = [row["event"] for row in gateway.views.history(code)]
        assert events.count("lost") == 1


async def test_a_changed_case_store_takes_over_at_a_reload(tmp_path: Path) -> None:
    async with fake_crm() as crm, fake_crm() as moved_to:
        config = tmp_path / "kanal.toml"
        table = crm_table(tmp_path, crm)
        text = (
            '[gateway]\ndata = "data"\nworkers = 1\n[web]\nport = 0\n[[channels]]\nname = "sms"\nkind = "sms"\n'
            'number = "1708"\nsecret = { file = "secret" }\n[[case_stores]]\nname = "crm-dki"\nkind = "crm"\n'
            'token = { file = "token" }\npoll_seconds = 0.1\nconfirm_seconds = 0\n'
        )
        filing_in(tmp_path, crm)
        config.write_text(f'{text}url = "{table["url"]}"\n')
        async with running(settings.load(config)) as gateway:
            await report(gateway, 1)
            await filed(crm)
            config.write_text(f'{text}url = "{moved_to.settings["url"]}"\n')
            done = await gateway.app.reload()
            assert done.problems == ()
            await report(gateway, 2)
            await filed(moved_to)
            assert len(crm.held()) == 1
            moved_to.always = "down"
            await report(gateway, 3)
            await until(lambda: standing(gateway, "due"), "it to wait")
            config.write_text(text[: text.index("[[case_stores]]")])
            (warning,) = (await gateway.app.reload()).warnings
            assert (warning.where, warning.what) == ("case store 'crm-dki'", "it is removed, but 1 cases wait for it")


@pytest.mark.threat("P0-31")
async def test_an_erased_case_is_taken_back(tmp_path: Path) -> None:
    async with filing(tmp_path) as (gateway, crm):
        code = await report(gateway, 1, "Banjir di Jl. Kemang Raya setinggi lutut")
        (number,) = await filed(crm)
        await stands(gateway, "filed")
        done = await control.ask(gateway.folder, "erase", {"target": code, "actor": "dpo", "why": "asked"})
        assert done["remains"]["passed_on_to"] == [f"{CRM} {number}"]
        await until(lambda: "Banjir" not in crm.held()[number], "the words to be taken back")
        assert said(crm, number)[0]["reports"] == []


async def test_a_case_erased_before_it_was_filed_is_not_filed(tmp_path: Path) -> None:
    async with fake_crm() as crm:
        crm.always = "down"
        async with running(filing_in(tmp_path, crm)) as gateway:
            code = await report(gateway, 1)
            await until(lambda: crm.requests > 1, "an attempt")
            await until(lambda: standing(gateway, "due"), "it to wait")
            await control.ask(gateway.folder, "erase", {"target": code, "actor": "dpo", "why": "asked"})
            assert standing(gateway, "cancelled") == [code]


@pytest.mark.threat("P0-31")
async def test_who_is_erased_is_taken_back_where_a_rule_had_told_it(tmp_path: Path) -> None:
    async with filing(tmp_path, identity="unless-anonymous", full_words=True) as (gateway, crm):
        code = await report(gateway, 1, "Banjir di Jl. Kemang Raya, hubungi saya di 081234567890", RINA)
        (number,) = await filed(crm)
        assert RINA in crm.held()[number]
        await stands(gateway, "filed")
        done = await control.ask(gateway.folder, "erase", {"target": RINA, "actor": "dpo", "why": "asked"})
        assert done["remains"]["passed_on_to"] == [f"{CRM} {number}"]
        await until(lambda: RINA not in crm.held()[number], "it to be taken back")
        assert "Banjir di Jl. Kemang Raya" in crm.held()[number] and "081234567890" not in crm.held()[number]
        assert await stands(gateway, "filed") == [code]


@pytest.mark.threat("P0-31")
async def test_nothing_personal_waits_in_clear_for_a_case_store(tmp_path: Path) -> None:
    async with fake_crm() as crm:
        crm.always = "down"
        loaded = filing_in(tmp_path, crm, identity="unless-anonymous", full_words=True)
        async with running(loaded) as gateway:
            await report(gateway, 1, "Banjir, hubungi saya di 081234567890", RINA)
            note = News(number="JK9", at=datetime.now(UTC), note="pelapor ditelepon di 081234567891")
            await gateway.app.take_news(CRM, [note])
            await until(lambda: crm.requests > 1, "an attempt")
        kept = b"".join(file.read_bytes() for file in loaded.gateway.data.rglob("*") if file.is_file())
        assert [number for number in (RINA, "081234567890", "081234567891") if number[3:].encode() in kept] == []


async def test_what_waited_for_too_long_is_shown_as_set_aside_and_leaves_all_the_same(tmp_path: Path) -> None:
    async with fake_crm() as crm:
        crm.always = "down"
        async with running(filing_in(tmp_path, crm, give_up_hours=0.0001)) as gateway:
            for number in range(4):
                await report(gateway, number)
                await until(lambda: crm.requests > 1, "an attempt")
                await control.ask(gateway.folder, "retry filings", {"store": CRM})
            assert len(await stands(gateway, "aside", 2)) < 4
            crm.always = ""
            await control.ask(gateway.folder, "retry filings", {"store": CRM, "case": standing(gateway, "due")[0]})
            assert len(await stands(gateway, "filed", 4)) == 4
