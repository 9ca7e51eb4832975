"""From a kept delivery to report, case and answer: what becomes of each, and what it may cost others."""

import asyncio
import smtplib
from pathlib import Path

import pytest

from adapters import Listens
from gateway.store import full
from gateway.store.sqlite import SqliteStore
from tests.disk import fill
from tests.gateway.support import (
    FLOOD,
    LAMP,
    RINA,
    SAME_FLOOD,
    SECRET,
    Running,
    channel,
    delivery,
    keep,
    letter,
    of,
    query,
    running,
    settings_in,
    sms,
    sms_channel,
    until,
    with_store,
)

MAIL = channel("smtp", "mail", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0")
POISON = channel("poison")


def mail(identity: str, *headers: str, text: str = FLOOD) -> bytes:
    head = ("From: Rina <rina@example.org>", "To: dki@jakarta.go.id", f"Message-ID: <{identity}@example.org>", *headers)
    return "\r\n".join((*head, "", text, "")).encode()


async def test_a_delivery_becomes_a_report_in_a_case_and_an_answer(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", FLOOD))
        (report,), (case,), (reply,) = (gateway.all(what) for what in ("reports", "cases", "replies"))
        assert (report["text"], report["case"], case["what"], case["status"]) == (
            FLOOD,
            case["code"],
            FLOOD,
            "menunggu",
        )
        assert (reply["about"], reply["case"], reply["state"]) == ("received", case["code"], "kept")
        assert case["code"] in reply["text"]
        assert of(gateway.views.history(case["code"]), "event") == ["opened"]


async def test_another_report_of_the_same_incident_joins_its_case_and_says_why(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA), sms("m3", LAMP, RINA))
        flood, lamp = gateway.all("cases")
        first, second, other = gateway.all("reports")
        assert [first["case"], second["case"], other["case"]] == [flood["code"], flood["code"], lamp["code"]]
        (link,) = gateway.links()
        assert (link["kind"], link["other"]) == ("same", first["id"])
        assert link["reasons"]
        assert flood["code"] in gateway.all("replies")[1]["text"]
        assert [row["event"] for row in gateway.views.history(flood["code"])] == ["opened", "reported"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [pytest.param(FLOOD, "retry", id="the same words at once"), pytest.param(SAME_FLOOD, "again", id="other words")],
)
async def test_the_same_person_again_gets_the_code_but_no_new_pin(tmp_path: Path, text: str, kind: str) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", FLOOD), sms("m2", text))
        (case,) = gateway.all("cases")
        assert of(gateway.links(), "kind") == [kind]
        first, second = of(gateway.all("replies"), "text")
        assert ("PIN" in first, "PIN" in second, case["code"] in second) == (True, False, True)


async def test_reports_in_one_batch_see_each_other(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    await keep(loaded, [sms("m0", LAMP), sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA)])
    async with running(loaded) as gateway:
        await until(lambda: len(gateway.all("cases")) == 3 or gateway.links(), "the reports")
        await until(lambda: len(gateway.views.case_reports(gateway.all("cases")[1]["code"])) == 2, "them to be joined")


async def test_who_quotes_a_code_in_any_spelling_is_put_to_its_case(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m0", FLOOD))
        code = gateway.all("cases")[0]["code"]
        spellings = [code, f"kode {code.lower()}", code.lower().replace("-", " "), f"({code})", code.replace("-", "")]
        asked = "bagaimana kelanjutannya?"
        await gateway.send(*(sms(f"m{number}", f"{one} {asked}", RINA) for number, one in enumerate(spellings, 1)))
        assert of(gateway.all("reports"), "case") == [code] * 6
        assert of(gateway.links(), "reasons") == [[f"menyebut kode {code}"]] * 5


@pytest.mark.threat("P0-33")
async def test_what_a_mail_quotes_leads_to_its_case_and_is_shown_with_all_its_words_only(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, MAIL)
    envelope = {"mail_from": "rina@example.org", "rcpt_to": "dki@jakarta.go.id", "peer": "127.0.0.1"}
    await keep(loaded, [delivery("m1", mail("m1"), "mail", headers=envelope)])
    async with running(loaded) as gateway:
        await gateway.settled()
        code = gateway.all("cases")[0]["code"]
    answer = f"Bagaimana kelanjutannya?\n\nPada 2 Nov 2026 10.00, Aduan <a@b.id> menulis:\n> kode {code}\n"
    await keep(loaded, [delivery("m2", mail("m2", text=answer), "mail", headers=envelope)])
    async with running(loaded) as gateway:
        await gateway.settled()
        report = gateway.all("reports")[-1]
        assert (report["case"], report["text"], report["asides"]) == (code, "Bagaimana kelanjutannya?", [])
        (aside,) = full.report(gateway.views.connection, gateway.views.vault, report["id"])["asides"]
        assert (aside["kind"], code in aside["text"]) == ("quote", True)


#: What is told below our letter, and whether it is of the case that its subject and its quotation name.
REPLIES = {
    "Sampai sekarang lampunya masih padam juga, mohon ditindaklanjuti": True,
    "Kapan diperbaiki? Sudah seminggu.": True,
    "Banjir selutut di Jl. Kemang Raya sejak pagi, mobil tidak bisa lewat": False,
    "banjir parah kemang raya": False,
    "Lampu jalan padam juga di Jl. Sudirman No. 3": False,
    "Lampu jalan padam juga di Jl. Cikini Raya No. 8": False,
    "Sampah menumpuk di Jl. Fatmawati No. 12, bau sekali": False,
}


async def test_a_reply_by_mail_that_tells_of_another_matter_is_never_put_to_the_case_it_answers(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, MAIL)) as gateway:
        await gateway.judging()
        await mailed(gateway, mail("m0", text=LAMP))
        code = gateway.all("cases")[0]["code"]
        quoted = f"\r\n\r\nPada 2 Nov 2026 10.00, Aduan <dki@jakarta.go.id> menulis:\r\n> Kode {code}, PIN 123456."
        for number, text in enumerate(REPLIES, 1):
            await mailed(gateway, mail(f"m{number}", f"Subject: Re: Laporan {code}", text=text + quoted))
        _, *replies = gateway.all("reports")
        assert {row["text"]: row["case"] == code for row in replies} == REPLIES
        assert len({row["case"] for row in replies}) == 1 + list(REPLIES.values()).count(False)
        doubts = [gateway.views.links(row["id"])[-1] for row in replies if row["case"] != code]
        assert of(doubts, "kind") == ["unsure"] * len(doubts)


async def test_what_a_reply_may_be_of_besides_the_case_that_it_answers_is_asked_too(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, MAIL)) as gateway:
        await gateway.judging()
        await mailed(gateway, mail("m0", text=FLOOD).replace(b"rina@", b"budi@"))
        await mailed(gateway, mail("m1", text=LAMP))
        flood, lamp = gateway.all("reports")
        subject = f"Subject: Re: Laporan {lamp['case']}"
        await mailed(gateway, mail("m2", subject, text="Banjir di Jl. Kemang Raya").replace(b"rina@", b"sari@"))
        reply = gateway.all("reports")[-1]
        links = [(one["kind"], one["other"]) for one in gateway.views.links(reply["id"])]
        assert links == [("unsure", flood["id"]), ("unsure", lamp["id"])]


async def test_a_reply_in_the_thread_of_their_own_first_mail_is_another_report_if_it_tells_of_another_matter(
    tmp_path: Path,
) -> None:
    async with running(settings_in(tmp_path, MAIL)) as gateway:
        await gateway.judging()
        await mailed(gateway, mail("m0", f"Subject: {LAMP}", text="Mohon segera diperbaiki pak, rawan sekali."))
        for number, text in enumerate(REPLIES, 1):
            await mailed(gateway, mail(f"m{number}", f"Subject: Re: {LAMP}", text=text))
        first, *replies = gateway.all("reports")
        assert {row["text"]: row["case"] == first["case"] for row in replies} == REPLIES
        streets = {row["text"]: row["place"]["streets"] for row in replies if "Cikini" in row["text"]}
        assert list(streets.values()) == [["jl cikini raya"]]


async def mailed(gateway: Running, body: bytes) -> None:
    """By the channel's own way in; returns once it is settled."""
    adapter = gateway.app.channels["mail"].adapter
    assert isinstance(adapter, Listens)
    await asyncio.to_thread(hand_over, adapter.addresses()[0].removeprefix("smtp://"), body)
    await gateway.settled()


def hand_over(server: str, body: bytes) -> None:
    host, _, port = server.rpartition(":")
    with smtplib.SMTP(host, int(port)) as client:
        client.sendmail("rina@example.org", ["dki@jakarta.go.id"], body)


async def test_who_quotes_an_unknown_code_opens_a_case(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.send(sms("m1", f"KNL-0000-0000 {LAMP}"))
        assert len(gateway.all("cases")) == 1


async def test_a_redelivery_is_not_reported_twice(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.send(*[sms("m1", FLOOD)] * 3)
        assert (len(gateway.all("deliveries")), len(gateway.all("reports"))) == (1, 1)


async def test_the_same_message_in_two_deliveries_is_one_report(tmp_path: Path, poison: None) -> None:
    loaded = settings_in(tmp_path, POISON)
    same = [delivery(f"d{number}", letter("m1").body) for number in range(5)]
    await keep(loaded, same)
    async with running(loaded) as gateway:
        await gateway.settled()
        assert of(gateway.all("deliveries"), "state") == ["done"] * 5
        assert (len(gateway.all("reports")), len(gateway.all("replies"))) == (1, 1)


async def test_a_machines_mail_is_reported_but_not_answered(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, MAIL)
    envelope = {"mail_from": "", "rcpt_to": "dki@jakarta.go.id", "peer": "127.0.0.1"}
    headers = ("Auto-Submitted: auto-replied", "Precedence: bulk", "Return-Path: <>")
    mails = [
        delivery(header, mail(f"m{number}", header), "mail", headers=envelope) for number, header in enumerate(headers)
    ]
    await keep(loaded, mails)
    async with running(loaded) as gateway:
        await gateway.settled()
        assert ["automatic" in report["triage"] for report in gateway.all("reports")] == [True] * 3
        assert gateway.replies() == [("received", "withheld")] * 3
        assert not any("PIN" in text for text in of(gateway.all("replies"), "text"))


async def test_a_public_message_gets_no_pin(tmp_path: Path, poison: None) -> None:
    loaded = settings_in(tmp_path, POISON)
    await keep(loaded, [letter("m1", public=True)])
    async with running(loaded) as gateway:
        await gateway.settled()
        (reply,), (case,) = gateway.all("replies"), gateway.all("cases")
        assert ("PIN " in reply["text"], case["code"] in reply["text"]) == (False, True)
        assert gateway.app.store.pins(case["code"]) == []


async def test_a_message_without_a_sender_is_reported_and_nobody_answered(tmp_path: Path, poison: None) -> None:
    loaded = settings_in(tmp_path, POISON)
    await keep(loaded, [letter("m1", sender=None)])
    async with running(loaded) as gateway:
        await gateway.settled()
        assert "no-sender" in gateway.all("reports")[0]["triage"]
        assert gateway.all("replies") == []


async def test_a_person_is_answered_so_often_a_day_and_no_more(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, replies_per_person_per_day=2)) as gateway:
        await gateway.send(
            *(sms(f"m{number}", f"{LAMP}{number} RT {number}") for number in range(4)), sms("m", LAMP, RINA)
        )
        assert of(gateway.all("replies"), "state") == ["kept", "kept", "withheld", "withheld", "kept"]
        assert len(gateway.all("reports")) == 5


UNREADABLE = {
    b"refuse": "no letter in it",
    b"raise": "RuntimeError in kanal_poison.py:",
    b"{not json": "DecodeError in kanal_poison.py:",
}


async def test_what_cannot_be_read_is_quarantined_with_its_reason_and_the_rest_goes_on(
    tmp_path: Path, poison: None
) -> None:
    loaded = settings_in(tmp_path, POISON)
    batch = [one for body in UNREADABLE for one in (letter(f"before {body!r}"), delivery(body.decode(), body))]
    await keep(loaded, [letter("m0"), *batch, letter("m1")])
    async with running(loaded) as gateway:
        await gateway.settled()
        rows = gateway.deliveries()
        bad = [row for row in rows if row["state"] == "quarantined"]
        assert [(row["id"], row["stage"]) for row in bad] == [(body.decode(), "parse") for body in UNREADABLE]
        for row, reason in zip(bad, UNREADABLE.values(), strict=True):
            assert row["reason"].startswith(reason)
        assert (of(rows, "state").count("done"), len(gateway.all("reports"))) == (5, 5)
        assert not any("Budi" in row["reason"] for row in bad)


def fate(gateway: Running, identity: str) -> tuple[str, str, int]:
    (row,) = (row for row in gateway.deliveries() if row["id"] == identity)
    return row["state"], row["stage"], row["tries"]


@pytest.mark.threat("P0-5")
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"exit", "its process ended (code 9)", id="it ends the process"),
        pytest.param(b"eat", "it ran out of memory", id="it takes all memory"),
    ],
)
async def test_what_ends_its_reader_is_quarantined_after_three_tries_and_costs_no_other(
    tmp_path: Path, poison: None, body: bytes, reason: str
) -> None:
    loaded = settings_in(tmp_path, POISON)
    letters = [letter(f"m{number}", f"Lubang di Jl. Mawar No. {number}") for number in range(100)]
    await keep(loaded, [*letters[:50], delivery("bad", body), *letters[50:]])
    async with running(loaded) as gateway:
        await gateway.settled()
        assert fate(gateway, "bad") == ("quarantined", "read", 3)
        (bad,) = gateway.views.deliveries(state="quarantined")
        assert bad["reason"] == f"reading it failed 3 times: {reason}"
        assert of(gateway.all("deliveries"), "state").count("done") == 100
        assert len(gateway.all("reports")) == 100


async def test_what_is_read_for_ever_is_quarantined_and_holds_up_no_other_channel(tmp_path: Path, poison: None) -> None:
    loaded = settings_in(tmp_path, POISON, sms_channel(), workers=2)
    await keep(loaded, [delivery("bad", b"spin"), letter("m1")])
    async with running(loaded) as gateway:
        await until(lambda: gateway.all("deliveries")[0]["tries"], "the bad one to be read")
        response = await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m2', FLOOD)}")
        assert response.status == 200
        await until(lambda: gateway.reported(1), "the other channel's report")
        assert gateway.app.store.waiting() == {"poison": 2}
        await gateway.settled()
        assert fate(gateway, "bad") == ("quarantined", "read", 3)
        assert fate(gateway, "m1")[0] == "done"


@pytest.mark.parametrize(
    ("crashes", "becomes"),
    [
        pytest.param(7, ("done", None), id="they may have had other reasons"),
        pytest.param(8, ("quarantined", "process"), id="it ends whatever processes it"),
    ],
)
async def test_what_was_processed_at_every_crash_is_tried_again_for_long_but_not_for_ever(
    tmp_path: Path, crashes: int, becomes: tuple[str, str | None]
) -> None:
    loaded = settings_in(tmp_path)

    async def crash(store: SqliteStore) -> None:
        await store.append([sms("m1", FLOOD), sms("m2", LAMP)])
        for _ in range(crashes):
            assert len(await store.claim("sms", 1, 1)) == 1

    await with_store(loaded, crash)
    async with running(loaded) as gateway:
        await gateway.settled()
        suspect, innocent = gateway.all("deliveries")
        assert (suspect["state"], suspect["stage"]) == becomes
        assert (innocent["state"], innocent["tries"]) == ("done", 1)


async def test_what_a_crash_interrupted_is_settled_after_it(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)

    async def crash(store: SqliteStore) -> None:
        await store.append([sms(f"m{number}", f"{LAMP}{number}") for number in range(70)])
        await store.claim("sms", 64, 1 << 20)

    await with_store(loaded, crash)
    async with running(loaded) as gateway:
        await gateway.settled()
        assert of(gateway.all("deliveries"), "state") == ["done"] * 70
        assert len(gateway.all("reports")) == 70


async def test_when_no_reader_can_be_started_nothing_is_condemned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.send(sms("m1", FLOOD))
        with monkeypatch.context() as patch:
            patch.setattr("sys.executable", "/bin/false")
            patch.setattr("gateway.supervise.LONGEST", 0.5)
            gateway.kill("gateway.worker")
            response = await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m2', LAMP)}")
            assert response.status == 200
            await until(lambda: gateway.all("deliveries")[1]["tries"] > 4, "some attempts")
        await gateway.settled()
        assert of(gateway.all("deliveries"), "state") == ["done", "done"]


async def test_a_full_disk_condemns_nothing_and_all_is_settled_once_there_is_room(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.supervise.LONGEST", 0.5)
    loaded = settings_in(small_disk)
    await keep(loaded, [sms(f"m{number}", f"{number} {FLOOD}") for number in range(3)])
    async with running(loaded):
        pass
    await keep(loaded, [sms("late", LAMP, RINA)])
    filler = fill(small_disk, leave=77_824)
    async with running(loaded) as gateway:
        await until(lambda: gateway.all("deliveries")[3]["tries"] > 3, "some attempts")
        assert gateway.app.store.waiting() == {"sms": 1}
        assert len(gateway.all("reports")) == 3
        filler.unlink()
        await gateway.settled()
        assert of(gateway.all("deliveries"), "state") == ["done"] * 4
        assert len(gateway.all("reports")) == len(gateway.all("replies")) == 4


def joined_links(gateway: Running) -> list[str]:
    return [link["kind"] for link in gateway.links()]


async def test_what_was_filed_without_the_judge_is_joined_later_and_the_person_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = settings_in(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("gateway.judging.LOAD_SECONDS", 0)
        async with running(loaded) as gateway:
            await gateway.send(sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA), sms("m3", LAMP))
            assert (len(gateway.all("cases")), gateway.links()) == (3, [])
    async with running(loaded) as gateway:
        await until(lambda: not gateway.app.store.unjudged(1), "the sweep")
        older, younger, other = gateway.views.cases(joined=True, newest=False)
        assert [row["joined_into"] for row in (older, younger, other)] == [None, older["code"], None]
        told = gateway.all("replies")[3]
        assert (told["about"], older["code"] in told["text"], younger["code"] in told["text"]) == (
            "cases_joined",
            True,
            True,
        )
        assert gateway.replies() == [("received", "kept")] * 3 + [("cases_joined", "kept")]
        assert set(joined_links(gateway)) == {"same"}


async def test_old_reports_are_found_again_after_a_restart(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    async with running(loaded) as gateway:
        await gateway.send(sms("m1", FLOOD))
    async with running(loaded) as gateway:
        await gateway.judging()
        await gateway.send(sms("m2", SAME_FLOOD, RINA))
        assert of(gateway.all("reports"), "case") == [gateway.all("cases")[0]["code"]] * 2


async def test_a_lost_judge_costs_no_report_and_comes_back(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", FLOOD))
        gateway.kill("gateway.judge")
        await gateway.send(sms("m2", SAME_FLOOD, RINA))
        assert len(gateway.all("reports")) == 2
        await until(lambda: joined_links(gateway) == ["same"], "the judge to come back")
        assert len(list(gateway.views.cases())) == 1
