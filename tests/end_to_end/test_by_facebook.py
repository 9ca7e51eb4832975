"""Facebook with a running gateway, and a stand-in for Meta that speaks its protocol over HTTP."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from adapters.testing.standins.facebook import Facebook
from tests.end_to_end.kanal import Gateway, Row, until
from tests.gateway.meta import known
from tests.gateway.support import FLOOD, LAMP
from tests.gateway.test_photos import file

_TELLING = re.compile(r"KNL-|PIN|https?://|\d{4}")


class There(NamedTuple):
    page: Facebook
    gateway: Gateway

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.gateway.web}/in/facebook"

    def brought(self) -> None:
        until(lambda: not self.page.posting.left, "all to be brought")
        self.gateway.settled()

    def said(self, who: str, count: int = 1) -> Sequence[str]:
        """What has reached somebody in private, once so much has."""
        until(lambda: len(self.page.shown(who)) >= count, "an answer")
        return [one.text for one in self.page.shown(who)]

    def commented(self, thing: str) -> str:
        """What the page answered below something."""
        until(lambda: self.page.answers(thing), "a comment")
        (one,) = self.page.answers(thing)
        return one

    def newest(self) -> Row:
        return self.gateway.all("reports")[-1]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    folder = tmp_path_factory.mktemp("facebook")
    with Facebook(pause=0.02) as page:
        channel = {"name": "facebook", "kind": "facebook", "quiet_seconds": 0, **known(page, folder)}
        with Gateway(folder, more=[channel]) as gateway:
            there = There(page, gateway)
            assert asyncio.run(page.subscribe(there.url))
            yield there


@pytest.mark.threat("P0-6", "P0-15", "P0-17")
def test_a_batch_is_filed_once_however_often_it_comes_and_a_forged_one_not_at_all(there: There) -> None:
    page, before = there.page, len(there.gateway.all("reports"))
    page.posting.copies = 3
    with page.together():
        page.writes("7100000000000001", FLOOD)
        page.comments("7100000000000002", "555", LAMP)
    there.said("7100000000000001")
    there.said("7100000000000002")
    there.brought()
    page.posting.copies, page.app_secret, good = 1, "tebakan", page.app_secret
    page.writes("7100000000000003", FLOOD)
    until(lambda: 403 in page.posting.answers, "the refusal")
    page.app_secret = good
    assert len(page.posting.taken_back()) == 1
    assert len(there.gateway.all("reports")) - before == 2


@pytest.mark.threat("P0-34")
def test_who_comments_is_told_the_code_in_private_and_nothing_of_it_in_public(there: There) -> None:
    thing = there.page.comments("7100000000000004", "556", "Lampu jalan padam sejak kemarin malam")
    assert not _TELLING.search(there.commented(thing))
    (said,) = there.said("7100000000000004")
    assert re.search(r"KNL-\w{4}-\w{4}, PIN \d{6}", said)
    assert there.page.shown("7100000000000004")[0].opened_by == thing
    there.page.writes("7100000000000004", "di Jl. Haji Nawi nomor 12")
    there.brought()
    assert "Haji Nawi" in there.newest()["place"]["words"]


@pytest.mark.threat("P0-34")
def test_who_accuses_an_official_in_public_is_answered_in_private_alone(there: There) -> None:
    thing = there.page.comments("7100000000000014", "557", "Ada pungli oleh petugas kelurahan di Jl. Haji Nawi")
    (said,) = there.said("7100000000000014")
    there.gateway.settled()
    assert re.search(r"KNL-\w{4}-\w{4}, PIN \d{6}", said)
    assert (there.page.shown("7100000000000014")[0].opened_by, there.page.answers(thing)) == (thing, [])
    mine = [row for row in there.gateway.all("replies") if row["report"] == there.newest()["id"]]
    assert [row["error"] for row in mine] == [None]
    there.gateway.order("cases", "move", there.newest()["case"], "proses")
    there.gateway.settled()
    assert there.page.answers(thing) == []


def test_news_of_a_comment_are_told_below_it_without_a_code(there: There) -> None:
    thing = there.page.posts("7100000000000005", "Jembatan kayu patah di Jl. Contoh")
    there.commented(thing)
    code = there.newest()["case"]
    there.gateway.order("cases", "move", code, "proses")
    until(lambda: len(there.page.answers(thing)) == 2, "the news")
    assert not _TELLING.search(there.page.answers(thing)[1])


def test_what_is_edited_changes_the_report_and_what_is_removed_is_marked(there: There) -> None:
    thing = there.page.posts("7100000000000006", LAMP)
    there.commented(thing)
    there.page.rewrites(thing, LAMP.replace("12", "21"))
    there.page.becomes(thing, "hide")
    there.brought()
    assert (there.newest()["text"], there.newest()["version"]) == (LAMP.replace("12", "21"), 2)
    there.page.becomes(thing, "remove")
    there.brought()
    assert "retracted" in there.newest()["triage"]


def test_a_comment_without_its_author_is_a_report_that_nobody_is_answered(there: There) -> None:
    there.page.nameless = {"7100000000000007"}
    thing = there.page.posts("7100000000000007", "Sampah menumpuk di Jl. Barito")
    there.brought()
    assert (there.newest()["text"], there.page.answers(thing)) == ("Sampah menumpuk di Jl. Barito", [])


def test_a_mention_is_completed_by_its_words_and_answered_where_it_stands(there: There) -> None:
    thing = there.page.mentions("7100000000000008", "Pohon tumbang di Jl. Radio Dalam, @Pemprov Contoh")
    assert not _TELLING.search(there.commented(thing))
    there.brought()
    assert there.newest()["text"].startswith("Pohon tumbang di Jl. Radio Dalam")


def test_a_photo_is_fetched_and_belongs_to_the_report(there: There) -> None:
    photo = file("JPEG")
    there.page.sends_file("7100000000000009", "image", photo, "image/jpeg", text="Got mampet di Jl. Barito")
    there.said("7100000000000009")
    (one,) = until(lambda: [one for one in there.newest()["attachments"] if one["digest"]], "the photo")
    assert (one["media_type"], one["size"]) == ("image/jpeg", len(photo))


def test_where_staff_have_answered_in_the_inbox_the_bot_is_silent(there: There) -> None:
    there.page.writes("7100000000000010", LAMP)
    there.said("7100000000000010")
    there.page.officer_writes("7100000000000010", "Petugas sudah berangkat")
    there.page.writes("7100000000000010", "terima kasih")
    there.brought()
    assert "answered-elsewhere" in [talk["why"] for talk in there.gateway.rows("talks", "list", "--mode", "person")]
    assert len(there.said("7100000000000010")) == 1


def test_where_another_application_has_the_talk_it_is_a_report_and_not_answered(there: There) -> None:
    there.page.elsewhere = True
    there.page.writes("7100000000000011", "Trotoar rusak di Jl. Contoh nomor 3")
    there.page.elsewhere = False
    there.brought()
    assert (there.newest()["text"], there.page.shown("7100000000000011")) == ("Trotoar rusak di Jl. Contoh nomor 3", [])


def test_who_begins_a_talk_by_its_button_is_asked_for_words(there: There) -> None:
    before = len(there.gateway.all("reports"))
    there.page.starts("7100000000000013")
    assert there.said("7100000000000013")[0].startswith("Tulis laporan dan tempatnya")
    assert len(there.gateway.all("reports")) == before


def test_an_expired_token_pauses_the_channel_and_loses_no_answer(there: There) -> None:
    there.page.token, good = "EAAbaru", there.page.token
    there.page.writes("7100000000000012", FLOOD)
    until(lambda: there.gateway.figure("kanal_channel_unauthorized", channel="facebook"), "the channel to be paused")
    (row,) = (row for row in there.gateway.all("replies") if (row["about"], row["state"]) == ("received", "due"))
    assert "code 190" in row["error"]
    assert good not in there.gateway.log
