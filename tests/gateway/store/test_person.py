"""What is kept of one person is found, and nothing of anybody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from adapters import Address
from gateway.contacts import contact_of
from gateway.store import person
from gateway.store.blobs import Blobs
from gateway.store.connecting import FILE, open_reader
from gateway.store.contract import MessageRow, PartRow, Quarantined, Settlement
from gateway.store.person import Person
from gateway.store.sqlite import SqliteStore
from tests.gateway.store.rows import CHANNEL, MASTER, NOW, case, delivery, reply, report

BUDI, RINA = "+6281110000001", "+6281110000002"
MAIL = "Budi.S@example.org"
LARGE = 300 * 1024


class Kept:
    """A store, and what is found in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SqliteStore(folder, MASTER, lambda death: None)
        self.steps: list[tuple[str, int, int]] = []

    def id_of(self, value: str, kind: str = "phone") -> str:
        return contact_of(self.store.vault.lookup, Address(kind, value)).id

    def find(self, typed: str) -> Person:
        reader = open_reader((self.folder / FILE).resolve())
        try:
            blobs = Blobs(self.folder / "blobs")
            return person.find(reader, self.store.vault, blobs, typed, lambda *step: self.steps.append(step))
        finally:
            reader.close()

    async def message(self, seq: int, value: str, kind: str = "phone", more: Settlement | None = None) -> None:
        """A delivery, and all that it leads to."""
        contact = contact_of(self.store.vault.lookup, Address(kind, value))
        code, identity = f"KNL-{seq}", f"r-{seq}"
        await self.store.append([delivery(f"m{seq}", f"sender={value}".encode())])
        made = more or Settlement()
        made.done, made.contacts, made.cases = [seq], [contact], [case(code)]
        made.messages.append(MessageRow(CHANNEL, f"m{seq}", seq, identity, contact.id))
        made.reports = [report(identity, code, contact.id)]
        made.replies = [reply(f"a-{seq}", case=code, contact=contact.id)]
        await self.store.settle(made)


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    """What Budi sent first, what Rina sent, and what Budi sent then."""
    kept = Kept(tmp_path)
    for seq, value in enumerate((BUDI, RINA, BUDI), 1):
        await kept.message(seq, value)
    yield kept
    await kept.store.close()


@pytest.mark.parametrize("typed", [BUDI, "0811-1000-0001", "6281110000001", "phone:0811 1000 0001", "{id}"], ids=str)
async def test_all_that_a_person_sent_is_found_however_the_number_is_spelt(kept: Kept, typed: str) -> None:
    found = kept.find(typed.format(id=kept.id_of(BUDI)))
    assert [(one.id, one.value) for one in found.contacts] == [(kept.id_of(BUDI), BUDI)]
    assert msgspec.structs.replace(found, contacts=()) == Person(
        contacts=(),
        deliveries=(1, 3),
        shared=(),
        mentions=(),
        reports=("r-1", "r-3"),
        cases=("KNL-1", "KNL-3"),
        replies=("a-1", "a-3"),
        talks=(),
        answers=(),
        surveys=(),
        parts=(),
    )


@pytest.mark.parametrize("typed", ["+6281110000009", "p-00000000000000000000", "handle:@budi", "lain@example.org"])
async def test_of_others_nothing_is_found(kept: Kept, typed: str) -> None:
    assert not kept.find(typed).is_known


@pytest.mark.parametrize("typed", ["Budi", "p-1", "", "@budi", "Email:budi@example.org"])
async def test_what_names_nobody_is_refused(kept: Kept, typed: str) -> None:
    with pytest.raises(ValueError, match="kind:value"):
        kept.find(typed)


async def test_one_mail_address_in_other_capitals_is_one_person(kept: Kept) -> None:
    await kept.message(4, MAIL, "email")
    await kept.message(5, MAIL.lower(), "email")
    for typed in (MAIL, MAIL.upper(), f"email:{MAIL}"):
        assert kept.find(typed).deliveries == (4, 5)
    assert ("contacts", 4, 4) in kept.steps


async def test_what_waits_or_is_in_quarantine_is_opened_and_searched(kept: Kept) -> None:
    await kept.store.append(
        [
            delivery("m4", b"sender=%2B62811-1000-0001", content_type=person.FORM),
            delivery("m5", b"sender=" + RINA.encode()),
            delivery("m6", b"x" * LARGE + b" 081110000001"),
            delivery("m7", b"?", headers={"mail_from": MAIL, "peer": BUDI}),
        ]
    )
    await kept.store.settle(Settlement(quarantined=[Quarantined(6, "parse", "no sender", NOW)]))
    assert kept.find(BUDI).mentions == (4, 6, 7)
    assert kept.find(MAIL).mentions == (7,)
    assert ("deliveries of unknown senders", 4, 4) in kept.steps


async def test_a_delivery_that_holds_messages_of_others_too_is_told_apart(kept: Kept) -> None:
    other = MessageRow(CHANNEL, "m4-2", 4, None, kept.id_of(RINA))
    await kept.message(4, BUDI, more=Settlement(messages=[other]))
    assert (kept.find(BUDI).deliveries, kept.find(BUDI).shared) == ((1, 3, 4), (4,))
    assert kept.find(RINA).shared == (4,)


async def test_pieces_that_wait_are_found(kept: Kept) -> None:
    await kept.store.append([delivery("m4", f"sender={BUDI}".encode())])
    piece = PartRow(channel=CHANNEL, reference="abc", number=1, of=2, seq=4, message=b"{}", at=NOW)
    sent = MessageRow(CHANNEL, "m4", 4, None, kept.id_of(BUDI))
    await kept.store.settle(Settlement(done=[4], messages=[sent], parts=[piece]))
    ((channel, _, number),) = kept.find(BUDI).parts
    assert (channel, number, kept.find(BUDI).deliveries) == (CHANNEL, 1, (1, 3, 4))
    assert kept.find(RINA).parts == ()


async def test_who_reported_before_senders_were_kept_with_messages_is_found_by_the_reports(kept: Kept) -> None:
    await kept.store.append([delivery("m4", b"Banjir")])
    made = Settlement(done=[4], cases=[case("KNL-4")], reports=[report("r-4", "KNL-4", kept.id_of(BUDI))])
    made.messages = [MessageRow(CHANNEL, "m4", 4, "r-4", None)]
    await kept.store.settle(made)
    assert (kept.find(BUDI).deliveries, kept.find(BUDI).mentions) == ((1, 3, 4), ())
