"""What stands in clear is named with a key: who guesses a sender, words or a file does not learn that it is right."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from adapters import Delivery, Message
from dedupe.photos import bits_apart
from gateway import naming
from gateway.settings import Settings
from normalizer.message import Attachment
from normalizer.normalize import report_id
from tests.gateway.support import (
    FLOOD,
    LAMP,
    RINA,
    Running,
    channel,
    keep,
    letter,
    of,
    piece,
    running,
    settings_in,
    sms_channel,
)
from tests.gateway.support import sms as named_sms

CARD = sha256(b"BEGIN:VCARD\nTEL:+6281110000002\nEND:VCARD").hexdigest()
KEY = b"k" * 32
PIECES = [piece(f"p{number}", f"Tiang miring {number} ", number, 2, sender=RINA) for number in (1, 2)]


def sms() -> Delivery:
    """From a gateway that gives messages no ids: the channel makes them of sender, time and words."""
    return named_sms("", FLOOD, time="2026-11-20 16:00:00")


def posted(identity: str) -> Delivery:
    return letter(identity, LAMP, attachments=(Attachment("kartu.vcf", "text/vcard", 46, CARD),))


def guesses(gateway: Running, sent: Delivery) -> Iterator[str]:
    for event in gateway.app.channels[sent.channel].adapter.parse(sent):
        assert isinstance(event, Message)
        for identity in (event.id, f"{event.id}+2"):
            yield report_id(sent.channel, identity).removeprefix("r-")


def kept(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def loaded(tmp_path: Path, poison: None) -> Settings:
    return settings_in(tmp_path, channel("poison"), sms_channel())


@pytest.mark.threat("P0-31")
async def test_nothing_in_clear_can_be_computed_from_sender_words_or_file(loaded: Settings) -> None:
    sent = [sms(), *PIECES, posted("m1")]
    await keep(loaded, sent)
    async with running(loaded) as gateway:
        await gateway.settled()
        assert len(gateway.all("reports")) == len(gateway.all("replies")) == 3
        guessed = [guess for one in sent for guess in guesses(gateway, one)]
    data = kept(loaded.gateway.data)
    assert [guess for guess in [*guessed, CARD, CARD[:12]] if guess.encode() in data] == []


async def test_a_report_and_all_that_belongs_to_it_have_one_id(loaded: Settings) -> None:
    await keep(loaded, PIECES)
    async with running(loaded) as gateway:
        await gateway.settled()
        [report] = gateway.all("reports")
        assert of(gateway.all("replies"), "id") == [report["id"].replace("r-", "a-")]
        found = gateway.views.report_row(report["id"])
        assert found and found.masked and found.report.id == found.masked.id == report["id"]
        assert report["id"].encode() in found.fingerprint
        assert [gateway.views.reports_of(seq) for seq in (1, 2)] == [{report["id"]}] * 2, "to be erased with it"


async def test_the_same_file_is_still_known_as_the_same(loaded: Settings) -> None:
    await keep(loaded, [posted("m1"), posted("m2")])
    async with running(loaded) as gateway:
        await gateway.settled()
        first, second = (row["attachments"][0]["digest"] for row in gateway.all("reports"))
        assert first == second and len(first) == len(CARD)


def test_an_id_is_for_ever_the_same_and_another_for_another_key_channel_or_message() -> None:
    assert naming.report_id(KEY, "sms", "1") == naming.report_id(KEY, "sms", "1")
    assert len(naming.report_id(KEY, "sms", "\ud800")) == len(report_id("sms", "1"))
    other = [(bytes(32), "sms", "1"), (KEY, "sms", "2"), (KEY, "sm", "s1"), (KEY, "mail", "1")]
    assert len({naming.report_id(*one) for one in [(KEY, "sms", "1"), *other]}) == 5


@pytest.mark.threat("P0-31")
def test_the_hash_of_a_photo_is_another_but_as_near_to_its_like() -> None:
    one, other = "0f0f3c3cff000ff1", "0f0f3c3cff000fce"
    named, like = naming.image_name(KEY, one), naming.image_name(KEY, other)
    assert bits_apart(named, like) == bits_apart(one, other) == 6
    assert named not in (one, naming.image_name(b"l" * 32, one)) and len(named) == 16
    assert naming.image_name(KEY, one) == named
