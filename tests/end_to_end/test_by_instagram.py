"""Instagram with a running gateway, and a stand-in for Meta that speaks its protocol over HTTP."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from adapters.testing.standins.instagram import SHAPES, Instagram
from tests.end_to_end.kanal import Gateway, Row, until
from tests.gateway.meta import known
from tests.gateway.support import LAMP

_TELLING = re.compile(r"KNL-|PIN|https?://|\d{4}")


class There(NamedTuple):
    account: Instagram
    gateway: Gateway

    def brought(self) -> None:
        until(lambda: not self.account.posting.left, "all to be brought")
        self.gateway.settled()

    def said(self, who: str) -> Sequence[str]:
        """What has reached somebody in private, once something has."""
        until(lambda: self.account.shown(who), "an answer")
        return [one.text for one in self.account.shown(who)]

    def answered(self, thing: str) -> str:
        until(lambda: self.account.answers(thing), "an answer that everybody reads")
        (one,) = self.account.answers(thing)
        return one

    def newest(self) -> Row:
        return self.gateway.all("reports")[-1]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    folder = tmp_path_factory.mktemp("instagram")
    with Instagram(pause=0.02) as account:
        channel = {"name": "instagram", "kind": "instagram", "quiet_seconds": 0, **known(account, folder)}
        with Gateway(folder, more=[channel]) as gateway:
            assert asyncio.run(account.subscribe(f"http://127.0.0.1:{gateway.web}/in/instagram"))
            yield There(account, gateway)


@pytest.mark.threat("P0-34")
@pytest.mark.parametrize("shape", SHAPES)
def test_who_comments_is_told_the_code_in_private_alone_whatever_shape_it_is_told_in(there: There, shape: str) -> None:
    there.account.shape = shape
    who = f"91000000000000{len(shape):02}"
    thing = there.account.comments(who, LAMP)
    assert not _TELLING.search(there.answered(thing))
    assert re.search(r"KNL-\w{4}-\w{4}", there.said(who)[0])
    assert there.account.shown(who)[0].opened_by == thing


@pytest.mark.parametrize("in_comment", [True, False])
def test_a_mention_is_completed_by_its_words_and_answered_where_it_stands(there: There, in_comment: bool) -> None:
    words = f"Pohon tumbang di Jl. {'Radio Dalam' if in_comment else 'Barito'}"
    thing = there.account.mentions("9100000000000020", words, in_comment=in_comment)
    assert not _TELLING.search(there.answered(thing))
    there.brought()
    assert (there.newest()["text"], there.newest()["version"], there.newest()["fields"]) == (words, 2, {})
    assert there.account.shown("9100000000000020") == []


def test_words_that_cannot_be_had_yet_are_asked_for_again(there: There) -> None:
    there.account.fault("object", status=500)
    thing = there.account.mentions("9100000000000021", "Got mampet di Jl. Haji Nawi")
    there.answered(thing)
    there.brought()
    assert there.newest()["text"] == "Got mampet di Jl. Haji Nawi"


def test_what_is_unsent_is_marked_and_its_words_are_shown_to_nobody_outside(there: There) -> None:
    original = there.account.writes("9100000000000022", LAMP)
    there.said("9100000000000022")
    there.account.takes_back("9100000000000022", original)
    there.brought()
    assert "retracted" in there.newest()["triage"]


def test_what_instagram_does_not_pass_on_is_asked_for_in_words(there: There) -> None:
    there.account.sends("9100000000000023", is_unsupported=True)
    assert there.said("9100000000000023") == ["Silakan tulis laporan Anda dan tempatnya."]
