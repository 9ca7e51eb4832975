"""WhatsApp with a running gateway, and a stand-in for Meta that speaks its protocol over HTTP."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from adapters.testing.standins.whatsapp import WhatsApp
from tests.end_to_end.kanal import Gateway, Row, codes_in, until
from tests.gateway.meta import known
from tests.gateway.support import FLOOD, LAMP
from tests.gateway.test_photos import file


class There(NamedTuple):
    meta: WhatsApp
    gateway: Gateway

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.gateway.web}/in/whatsapp"

    def brought(self) -> None:
        until(lambda: not self.meta.posting.left, "all to be brought")
        self.gateway.settled()

    def said(self, who: str, count: int = 1) -> Sequence[str]:
        """What has reached somebody, once so much has."""
        until(lambda: len(self.meta.shown(who)) >= count, "an answer")
        return [one.text for one in self.meta.shown(who)]

    def newest(self) -> Row:
        return self.gateway.all("reports")[-1]

    def replies(self, **like: str) -> list[Row]:
        """The replies that are like that: no place among all of them is sure, as news may come between."""
        return [row for row in self.gateway.all("replies") if like.items() <= row.items()]

    def word_on(self, who: str) -> Row:
        """What is kept of the first reply to somebody."""
        (row,) = self.replies(id=self.meta.shown(who)[0].reply)
        return row


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    folder = tmp_path_factory.mktemp("whatsapp")
    with WhatsApp(pause=0.02) as meta:
        channel = {"name": "whatsapp", "kind": "whatsapp", "quiet_seconds": 0, "max_file_size": 6_000_000}
        channel |= known(meta, folder)
        with Gateway(folder, more=[channel]) as gateway:
            there = There(meta, gateway)
            assert asyncio.run(meta.subscribe(there.url))
            yield there


@pytest.fixture(autouse=True)
def as_usual(there: There, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test changes about the stand-in is as it was for the next one."""
    before = dict(vars(there.meta))
    yield
    vars(there.meta).update(
        {name: before[name] for name in ("verify_token", "app_secret", "statuses", "fails_late", "hidden")}
    )
    there.meta.posting.copies = 1


def test_an_address_is_taken_only_with_the_words_that_were_agreed_on(there: There) -> None:
    there.meta.verify_token = "tebakan"
    assert not asyncio.run(there.meta.subscribe(there.url))


@pytest.mark.threat("P0-6", "P0-15", "P0-17")
def test_a_batch_is_filed_once_however_often_it_comes_and_a_forged_one_not_at_all(there: There) -> None:
    meta, before = there.meta, len(there.gateway.all("reports"))
    meta.posting.copies = 3
    with meta.together():
        meta.writes("6281110000001", FLOOD)
        meta.writes("6281110000002", LAMP)
        meta.writes("6281110000002", "Sampah menumpuk di Jl. Contoh sejak kemarin")
    there.said("6281110000001")
    there.said("6281110000002", 2)
    there.brought()
    meta.app_secret = "tebakan"
    meta.writes("6281110000003", FLOOD)
    until(lambda: 403 in meta.posting.answers, "the refusal")
    assert len(meta.posting.taken_back()) == 3
    assert len(there.gateway.all("reports")) - before == 3


def test_statuses_count_in_whatever_order_they_come(there: There) -> None:
    there.meta.statuses = ("read", "delivered", "sent")
    there.meta.writes("6281110000011", FLOOD)
    there.said("6281110000011")
    there.brought()
    assert there.word_on("6281110000011")["state"] == "read"


def test_what_fails_after_it_was_taken_is_told_with_its_reason(there: There) -> None:
    there.meta.fails_late, there.meta.refused = True, {"6281110000012": 131026}
    there.meta.writes("6281110000012", FLOOD)
    (row,) = until(lambda: there.replies(about="received", state="failed"), "the failure")
    assert "131026" in row["error"]


def test_who_hides_their_number_is_answered_by_their_id(there: There) -> None:
    there.meta.hidden = {"6281110000013"}
    there.meta.writes("6281110000013", FLOOD)
    there.said("6281110000013")
    call = there.meta.called("messages")[-1]
    assert ("to" in call.fields, call.fields["recipient"]) == (False, there.meta.user_id("6281110000013"))


SILENT: Mapping[str, Mapping[str, Any]] = {
    "reaction": {"message_id": "wamid.A", "emoji": "👍"},
    "request_welcome": {},
    "system": {"type": "user_id_update", "body": "a new id"},
}


@pytest.mark.parametrize("kind", SILENT)
def test_a_thumb_a_first_look_and_a_new_id_are_no_reports(there: There, kind: str) -> None:
    before = len(there.gateway.all("reports"))
    there.meta.sends("6281110000014", kind, **SILENT[kind])
    there.brought()
    assert (len(there.gateway.all("reports")), there.meta.shown("6281110000014")) == (before, [])


def test_who_sends_what_meta_does_not_pass_on_is_asked_for_words(there: There) -> None:
    there.meta.sends("6281110000015", "unsupported", type="poll_creation")
    assert there.said("6281110000015") == ["Silakan tulis laporan Anda dan tempatnya."]


def test_a_pin_on_the_map_says_where_it_is(there: There) -> None:
    there.meta.writes("6281110000016", "Lampu jalan padam sejak kemarin malam")
    assert "kirim lokasi" in there.said("6281110000016")[0]
    there.meta.shares_location("6281110000016", -6.2607, 106.8133)
    there.said("6281110000016", 2)
    place = there.newest()["place"]
    assert (place["latitude"], place["longitude"]) == (-6.2607, 106.8133)


def test_who_writes_in_a_group_is_answered_there_without_a_pin(there: There) -> None:
    there.meta.writes_in_group("6281110000033", "Y2FwaV9ncm91cA", "Jembatan kayu di Jl. Haji Nawi patah")
    (answer,) = there.said("Y2FwaV9ncm91cA")
    assert ("PIN" in answer, there.meta.shown("6281110000033")) == (False, [])


def test_a_photo_is_fetched_and_belongs_to_the_report(there: There) -> None:
    photo = file("JPEG") + bytes(4_700_000)
    there.meta.sends_file("6281110000031", "image", photo, "image/jpeg", caption="Pohon tumbang di Jl. Radio Dalam")
    there.said("6281110000031")
    (one,) = until(lambda: [one for one in there.newest()["attachments"] if one["digest"]], "the photo")
    assert (one["media_type"], one["size"], one["width"] > 0) == ("image/jpeg", len(photo), True)
    assert there.newest()["text"] == "Pohon tumbang di Jl. Radio Dalam"


def test_a_file_that_is_too_large_is_told_so_and_leaves_the_report_as_it_is(there: There) -> None:
    video = bytes(7_000_000)
    there.meta.sends_file("6281110000034", "video", video, "video/mp4", caption="Tiang listrik miring di Jl. Bumi")
    there.said("6281110000034")
    (one,) = until(lambda: [one for one in there.newest()["attachments"] if one["doubts"]], "it to be given up")
    assert (one["digest"], one["doubts"]) == (None, ["lost"])
    assert "the file is larger than 5.722 MB" in there.gateway.log
    assert there.newest()["text"] == "Tiang listrik miring di Jl. Bumi"


def test_a_photo_that_is_gone_leaves_the_report_as_it_is(there: There) -> None:
    with there.meta.together():
        there.meta.sends_file("6281110000032", "image", b"JPEG", "image/jpeg", caption="Got mampet di Jl. Barito")
        there.meta.files.popitem()
    there.said("6281110000032")
    until(lambda: there.meta.called("object"), "the photo to be asked for")
    there.brought()
    (one,) = there.newest()["attachments"]
    assert (one["digest"], there.newest()["text"]) == (None, "Got mampet di Jl. Barito")


def test_what_is_edited_changes_the_report_and_is_not_answered_again(there: There) -> None:
    original = there.meta.writes("6281110000021", LAMP)
    there.said("6281110000021")
    there.meta.edits("6281110000021", original, LAMP.replace("12", "21"))
    there.brought()
    assert (there.newest()["text"], there.newest()["version"]) == (LAMP.replace("12", "21"), 2)
    assert len(there.said("6281110000021")) == 1


def test_what_is_taken_back_is_marked(there: There) -> None:
    original = there.meta.writes("6281110000022", LAMP)
    there.said("6281110000022")
    there.meta.takes_back("6281110000022", original)
    there.brought()
    assert "retracted" in there.newest()["triage"]


def test_where_staff_have_answered_by_the_application_the_bot_is_silent(there: There) -> None:
    there.meta.writes("6281110000023", LAMP)
    (answer, *_) = there.said("6281110000023")
    there.meta.officer_writes("6281110000023", "Petugas sudah berangkat")
    there.meta.writes("6281110000023", "terima kasih")
    there.brought()
    talks = there.gateway.rows("talks", "list", "--mode", "person")
    assert [talk["why"] for talk in talks if talk["case"] in answer] == ["answered-elsewhere"]
    assert len(there.said("6281110000023")) == 1


@pytest.mark.parametrize("hidden_first", [False, True], ids=["hides the number", "shows the number"])
def test_who_shows_their_number_or_hides_it_goes_on_with_the_same_talk(there: There, hidden_first: bool) -> None:
    who = f"628111000004{hidden_first:d}"  # nobody else's: the first answer is waited for
    there.meta.hidden = {who} if hidden_first else set()
    there.meta.writes(who, "Halte rusak")
    there.said(who)
    there.meta.hidden = set() if hidden_first else {who}
    before = len(there.gateway.all("reports"))
    there.meta.writes(who, "di depan pasar tebet barat")
    there.said(who, 2)
    there.brought()
    assert len(there.gateway.all("reports")) == before


def test_who_has_another_number_now_is_told_nothing_at_the_old_one(there: There) -> None:
    there.meta.writes("6281110000024", "Pohon tumbang menutup Jl. Radio Dalam")
    (answer,) = there.said("6281110000024")
    there.meta.sends("6281110000024", "system", type="user_changed_number", wa_id="6281110000025")
    there.brought()
    there.gateway.order("cases", "move", *codes_in(answer), "proses")
    until(lambda: there.replies(about="moved", state="failed"), "the news to be given up")
    assert len(there.said("6281110000024")) == 1


def test_an_expired_token_pauses_the_channel_and_loses_no_answer(there: There) -> None:
    there.meta.token, good = "EAAbaru", there.meta.token
    there.meta.writes("6281110000017", FLOOD)
    until(lambda: there.gateway.figure("kanal_channel_unauthorized", channel="whatsapp"), "the channel to be paused")
    (row,) = there.replies(about="received", state="due")
    assert "code 190" in row["error"]
    assert good not in there.gateway.log
