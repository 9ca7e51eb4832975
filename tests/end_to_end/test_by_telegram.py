"""Telegram with a running gateway that asks or is called, and a stand-in that speaks the Bot API over HTTP."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

import pytest

from adapters.testing.standins.telegram import Telegram
from tests.end_to_end.kanal import Gateway, Row, codes_in, free_port, until
from tests.end_to_end.telegram_bot import SECRET_TOKEN, bot, webhook
from tests.gateway.support import FLOOD, LAMP
from tests.gateway.test_photos import file

GROUP = -1_001_987_654_321
TREE = "Pohon tumbang di Jl. Kramat Raya, Kwitang, menutup jalan"
MODES = ("poll", "webhook")


class There(NamedTuple):
    telegram: Telegram
    gateway: Gateway
    people: Iterator[int]

    def brought(self) -> None:
        until(lambda: not self.telegram.waiting(), "all to be brought")
        self.gateway.settled()

    def said(self, chat: int, number: int = 1) -> Sequence[str]:
        """What has reached a chat, once so much has."""
        until(lambda: len(self.telegram.shown(chat)) >= number, "an answer")
        return [message["text"] for message in self.telegram.shown(chat)]

    def reported(self, since: int, new: int) -> list[Row]:
        until(lambda: len(self.gateway.all("reports")) >= since + new, "a report")
        self.brought()
        return self.gateway.all("reports")[since:]


@pytest.fixture(scope="module", params=MODES)
def there(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    folder, port = tmp_path_factory.mktemp("telegram"), free_port()
    with Telegram() as telegram:
        called = webhook(folder, port) if request.param == "webhook" else {}
        channel = bot(telegram, folder, **called)
        with Gateway(folder, web=port, settings={"areas": "31"}, more=[channel]) as gateway:
            yield There(telegram, gateway, count(6_112_000_001))
            secrets = (telegram.token, telegram.token.partition(":")[2], SECRET_TOKEN)
            assert [one for one in secrets if one in gateway.log] == []


@pytest.fixture
def before(there: There) -> int:
    return len(there.gateway.all("reports"))


def test_what_is_written_is_filed_and_answered(there: There, before: int) -> None:
    who = next(there.people)
    there.telegram.writes(who, FLOOD)
    (report,) = there.reported(before, 1)
    assert codes_in(there.said(who)[0])
    assert (report["channel"], report["text"]) == ("telegram", FLOOD)


@pytest.mark.threat("P0-6", "P0-17")
def test_what_comes_twice_and_in_any_order_is_filed_once(there: There, before: int) -> None:
    there.telegram.posting.copies = 2
    there.telegram.fault("getUpdates", cut=True)
    with there.telegram.posting.reversed():
        for text in (FLOOD, LAMP, TREE):
            there.telegram.writes(next(there.people), text)
    there.telegram.posting.copies = 1
    assert sorted(report["text"] for report in there.reported(before, 3)) == sorted((FLOOD, LAMP, TREE))


def test_an_album_is_one_report_with_its_photos(there: There, before: int) -> None:
    who = next(there.people)
    there.telegram.sends_album(who, [file("JPEG"), file("PNG")], LAMP)
    (report,) = there.reported(before, 1)
    assert (report["text"], len(report["attachments"])) == (LAMP, 2)
    until(lambda: all(one["digest"] for one in there.gateway.all("reports")[before]["attachments"]), "its photos")
    assert {call.path.partition("/photos/")[1] for call in there.telegram.called("file")} == {"/photos/"}


def test_an_album_that_names_the_bot_in_a_group_is_one_report_with_its_photos(there: There, before: int) -> None:
    there.telegram.sends_album(next(there.people), [file("JPEG"), file("PNG")], f"@kanal_bot {LAMP}", chat=GROUP - 1)
    until(lambda: [len(one["attachments"]) for one in there.gateway.all("reports")[before:]] == [2], "its photos")


def test_a_pin_and_its_button_lead_to_the_place(there: There, before: int) -> None:
    who = next(there.people)
    there.telegram.shares_venue(who, -6.18233, 106.82871, "Pasar", "Jl. Contoh 5")
    there.telegram.writes(who, FLOOD)
    there.said(who)
    there.brought()
    assert there.reported(before, 1)[-1]["text"] == FLOOD


def test_a_pressed_button_is_answered_at_once(there: There) -> None:
    who = next(there.people)
    there.telegram.writes(who, TREE)
    shown = until(lambda: [one for one in there.telegram.shown(who) if "reply_markup" in one], "buttons")
    label = shown[-1]["reply_markup"]["inline_keyboard"][0][0]["text"]
    pressed = there.telegram.presses(who, shown[-1], label)
    until(lambda: pressed in there.telegram.answered, "the press to be answered")
    there.brought()


def test_what_is_said_in_a_group_counts_only_if_it_names_the_bot(there: There, before: int) -> None:
    who = next(there.people)
    there.telegram.writes(who, LAMP, chat=GROUP)
    mine = there.telegram.writes(who, f"@kanal_bot {FLOOD}", chat=GROUP)
    (report,) = there.reported(before, 1)
    there.said(GROUP)
    assert report["text"] == FLOOD
    assert there.telegram.shown(GROUP)[0]["reply_to_message"]["message_id"] == mine


@pytest.mark.threat("P0-34")
def test_who_accuses_an_official_in_a_group_is_answered_in_private_alone(there: There, before: int) -> None:
    known, stranger, group = next(there.people), next(there.people), GROUP - 2
    there.telegram.writes(known, LAMP)
    there.said(known)
    there.telegram.writes(known, "@kanal_bot ada pungli oleh petugas kelurahan", chat=group)
    assert "PIN" in there.said(known, 2)[-1]
    there.telegram.writes(stranger, "@kanal_bot lurah kami minta uang pelicin, ini pungli", chat=group)
    there.reported(before, 3)
    until(lambda: there.gateway.all("replies")[-1]["state"] == "failed", "it to be refused")
    there.telegram.writes(stranger, f"@kanal_bot {FLOOD}", chat=group)
    (said,) = there.said(group)
    assert "KNL-" not in said and "PIN" not in said
    there.telegram.writes(stranger, "halo, ini soal tadi")
    assert "PIN" in there.said(stranger)[0]


def test_an_edit_changes_its_report(there: There, before: int) -> None:
    who = next(there.people)
    message = there.telegram.writes(who, FLOOD)
    there.said(who)
    there.telegram.edits(who, message, f"{FLOOD}, sampai lutut")
    there.brought()
    assert [report["text"] for report in there.reported(before, 1)] == [f"{FLOOD}, sampai lutut"]


def test_who_has_blocked_the_bot_is_told_no_more(there: There) -> None:
    who = next(there.people)
    there.telegram.writes(who, FLOOD)
    (code,) = set(codes_in(" ".join(there.said(who))))
    there.telegram.blocks(who)
    there.brought()
    there.gateway.order("cases", "move", code, "proses")
    there.gateway.settled()
    assert _asked(there, who) == len(there.telegram.shown(who))


def test_a_reply_waits_as_long_as_telegram_asks(there: There) -> None:
    who = next(there.people)
    asked = len(there.telegram.called("sendMessage"))
    there.telegram.fault("sendMessage", status=429, retry_after=1)
    there.telegram.writes(who, FLOOD)
    assert codes_in(there.said(who)[0])
    assert len(there.telegram.called("sendMessage")) > asked + 1


def _asked(there: There, who: int) -> int:
    """How often the gateway tried to say something to somebody."""
    return sum(call.fields["chat_id"] == str(who) for call in there.telegram.called("sendMessage"))
