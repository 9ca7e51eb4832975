"""From a citizen's message to a kept, answered case: mails by swaks, an SMS from a handset through Kannel."""

from pathlib import Path

import pytest

from tests.end_to_end.city import City, city, swaks
from tests.end_to_end.kanal import WHY, Row, codes_in, until

RINA, BUDI, HANDSET = "rina@example.org", "budi@example.org", "+628111000001"
MESSAGE_ID = "<banjir-1@example.org>"
OLDER = "<awal@example.org>"


def report_all(town: City) -> None:
    """Two mails and an SMS: a flood that two tell of, and a lamp."""
    subject = ("--header", "Subject: Banjir Kemang", "--header", f"Message-Id: {MESSAGE_ID}")
    thread = ("--header", f"References: {OLDER}", "--header", f"In-Reply-To: {OLDER}")
    text = "Banjir setinggi lutut di Jl. Kemang Raya sejak pagi, mobil tidak bisa lewat."
    swaks(town.gateway.smtp, RINA, text, *subject, *thread)
    swaks(town.gateway.smtp, BUDI, "Lampu jalan padam di Jl. Fatmawati No. 12", "--header", "Subject: Lampu padam")
    town.gateway.reported(2)
    town.kannel.handset_sends(HANDSET, "1708", "LAPOR Jl Kemang Raya banjir selutut sejak pagi, mobil tidak bisa lewat")
    town.gateway.reported(3)


def case_of(town: City, words: str) -> Row:
    (found,) = (case for case in town.gateway.all("cases") if words in case["what"])
    return found


def test_three_messages_become_two_cases_and_each_sender_has_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city(tmp_path, monkeypatch) as town:
        report_all(town)
        flood, lamp = case_of(town, "Banjir"), case_of(town, "Lampu")
        assert (flood["reports"], lamp["reports"]) == (2, 1)
        (shown,) = town.gateway.rows("cases", "show", flood["code"])
        assert [report["channel"] for report in shown["case_reports"]] == ["mail", "sms"]
        (link,) = shown["case_reports"][1]["links"]
        assert (link["kind"], link["other"]) == ("same", shown["case_reports"][0]["id"])
        assert link["reasons"]
        to_read = town.gateway.order("cases", "show", flood["code"])
        assert "category: Banjir atau genangan (banjir) 0." in to_read
        assert "disebut" in to_read

        answers = {mail.to: mail for mail in town.relay.wait(2)}
        assert set(codes_in(answers[RINA,].text)) == {flood["code"]}
        assert set(codes_in(answers[BUDI,].text)) == {lamp["code"]}
        headers = answers[RINA,].read
        assert answers[RINA,].mail_from == "<>"
        assert headers["In-Reply-To"] == MESSAGE_ID
        assert headers["References"].split() == [OLDER, MESSAGE_ID]
        assert headers["Auto-Submitted"] == "auto-replied"
        assert headers["Subject"] == f"Re: Laporan {flood['code']}"

        until(lambda: town.gateway.all("replies", "--state", "delivered"), "Kannel's delivery report")
        replies = {row["channel"]: row for row in town.gateway.all("replies") if row["case"] == flood["code"]}
        assert {channel: row["state"] for channel, row in replies.items()} == {"mail": "sent", "sms": "delivered"}
        until(lambda: replies["sms"]["cost"] == len(town.kannel.handset_received()), "all parts on the handset")
        (sms,) = town.kannel.handset_texts()
        assert set(codes_in(sms)) == {flood["code"]}
        (full,) = town.gateway.rows("replies", "show", replies["mail"]["id"], "--full", *WHY)
        assert full["external_id"] == headers["Message-ID"]
        (one,) = town.gateway.rows("replies", "show", replies["sms"]["id"])
        assert one == replies["sms"]


def news(town: City, told: int) -> list[str]:
    """What the handset was sent since, once all parts of it are there."""
    sent = sum(row["cost"] or 0 for row in town.gateway.all("replies") if row["channel"] == "sms")
    return town.kannel.handset_texts()[told:] if len(town.kannel.handset_received()) == sent else []


def test_both_reporters_are_told_of_a_move_on_their_own_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city(tmp_path, monkeypatch) as town:
        report_all(town)
        town.relay.wait(2)
        town.kannel.wait_received(1)
        code = case_of(town, "Banjir")["code"]
        told = len(town.kannel.handset_texts())
        said = town.gateway.order("cases", "move", code, "proses", "--unit", "dinas-sda", "--note", "Pompa dikirim")
        assert "2 replies written" in said

        mail = town.relay.wait(3)[-1]
        assert mail.to == (RINA,)
        assert mail.read["In-Reply-To"] == MESSAGE_ID
        (sms,) = until(lambda: news(town, told), "news on the handset")
        for text in (mail.text, sms):
            assert "Pompa dikirim" in text
            assert "Dinas Sumber Daya Air" in text
            assert set(codes_in(text)) == {code}
        (shown,) = town.gateway.rows("cases", "show", code)
        assert (shown["status"], shown["unit"]) == ("proses", "dinas-sda")
        assert shown["history"][-1]["event"] == "moved"
        assert "dikerjakan" in town.gateway.page(f"/lacak/{code}")[1]


def test_cases_are_joined_and_parted_and_both_codes_go_on_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city(tmp_path, monkeypatch) as town:
        report_all(town)
        town.relay.wait(2)
        flood, lamp = case_of(town, "Banjir")["code"], case_of(town, "Lampu")["code"]
        town.gateway.order("cases", "join", lamp, flood)
        told = town.relay.wait(3)[-1]
        assert told.to == (BUDI,)
        assert set(codes_in(told.text)) == {flood, lamp}
        assert [case["code"] for case in town.gateway.all("cases")] == [flood]

        town.gateway.order("cases", "move", lamp, "proses")
        town.relay.wait(5)
        assert {town.gateway.rows("cases", "show", code)[0]["status"] for code in (flood, lamp)} == {"proses"}

        swaks(town.gateway.smtp, BUDI, f"Bagaimana kabar {lamp}?", "--header", "Subject: Tanya")
        answer = town.relay.wait(6)[-1]
        assert (answer.to, codes_in(answer.text)[:1]) == ((BUDI,), [lamp])
        assert len(town.gateway.all("reports")) == 3
        town.gateway.order("cases", "part", lamp)
        assert {case["code"] for case in town.gateway.all("cases")} == {flood, lamp}
        refused = town.gateway.kanal("cases", "part", lamp)
        assert (refused.returncode, b"not joined into another case" in refused.stderr) == (1, True)
