"""What every store promises of messages that are changed or taken back, and of people who cannot be reached."""

from typing import Any

from adapters import Delivered, Status
from gateway.store.contract import GoneRow, KnownMessage, MessageRow, ReplyState, Settlement, Store, TakenBack
from tests.gateway.store.replies import States
from tests.gateway.store.rows import CHANNEL, NOW, TETANGGA, WARGA, opening, reply


def message(identity: str, **changes: Any) -> MessageRow:
    values: dict[str, Any] = {"report": "r-1", "contact": WARGA.id, **changes}
    return MessageRow(CHANNEL, identity, 1, **values)


async def one_report(store: Store, *messages: MessageRow) -> None:
    first = opening(1)
    first.messages = list(messages)
    first.replies = []
    await store.settle(first)


class AfterwardsContract:
    async def test_a_message_is_known_with_its_report_and_who_sent_it(self, store: Store) -> None:
        await one_report(store, message("m-1"), message("m-2", report=None))
        assert store.known_message(CHANNEL, "m-1") == KnownMessage("r-1", WARGA.id, True)
        assert store.known_message(CHANNEL, "m-2") == KnownMessage(None, WARGA.id, True)
        assert store.known_message(CHANNEL, "m-3") is None
        assert store.known_message("other", "m-1") is None

    async def test_what_only_changes_a_message_and_what_was_taken_back_does_not_count(self, store: Store) -> None:
        await one_report(
            store, message("m-1"), message("m-1+1", replaces="m-1"), message("m-2"), message("f", is_file=True)
        )
        known = store.known_message(CHANNEL, "m-1")
        assert known and not known.is_alone
        back = TakenBack(CHANNEL, "m-2", NOW)
        for _ in range(2):
            await store.settle(Settlement(taken_back=[back]))
        known = store.known_message(CHANNEL, "m-1")
        assert known and known.is_alone
        assert store.taken_back(CHANNEL, ["m-1", "m-2"]) == {"m-2"}
        await store.forget_statuses(NOW + 1)
        assert store.taken_back(CHANNEL, ["m-2"]) == set()

    async def test_what_is_not_said_yet_about_a_report_is_withheld(self, store: Store, states: States) -> None:
        await one_report(store)
        mine = {"report": "r-1", "about": "received"}
        replies = [reply("a-1", **mine), reply("a-2", report="r-1", about="moved"), reply("a-3", about="received")]
        await store.settle(Settlement(contacts=[TETANGGA], replies=replies))
        await store.settle(Settlement(withheld=["r-1"]))
        assert states() == ["due", "due", "withheld"]

    async def test_what_a_text_does_not_say_of_a_case_yet_is_withheld(self, store: Store, states: States) -> None:
        await one_report(store)
        told = {"about": "cases_joined"}
        replies = [
            reply("a-1", **told),
            reply("a-2", state=ReplyState.KEPT, **told),
            reply("a-3", state=ReplyState.SENT, **told),
            reply("a-4", about="moved"),
            reply("a-5", case="KNL-2", **told),
        ]
        await store.settle(Settlement(replies=replies))
        await store.settle(Settlement(unsaid=[("KNL-1", "cases_joined")]))
        assert states() == ["due", "due", "sent", "withheld", "withheld"]

    async def test_who_is_gone_on_a_channel_is_so_until_they_are_back(self, store: Store) -> None:
        gone = GoneRow(CHANNEL, WARGA.id, NOW)
        for _ in range(2):
            await store.settle(Settlement(contacts=[WARGA], gone=[gone]))
        assert store.is_gone(CHANNEL, WARGA.id)
        assert not store.is_gone("other", WARGA.id)
        assert not store.is_gone(CHANNEL, TETANGGA.id)
        await store.settle(Settlement(back=[(CHANNEL, WARGA.id)]))
        assert not store.is_gone(CHANNEL, WARGA.id)

    async def test_what_was_said_lately(self, store: Store) -> None:
        await store.settle(Settlement(contacts=[WARGA], replies=[reply("a-1", text="satu"), reply("a-2", text="dua")]))
        assert store.said_since(CHANNEL, WARGA.id, 0) == []
        await store.claim_replies(CHANNEL, NOW, 1)
        assert store.said_since(CHANNEL, WARGA.id, 0) == ["satu"]
        await store.settle(Settlement(statuses=[Status(CHANNEL, "a-1", Delivered.READ)]))
        assert store.said_since(CHANNEL, WARGA.id, 0) == ["satu"]
        assert store.said_since(CHANNEL, WARGA.id, NOW + 1e6) == []
        assert store.said_since("other", WARGA.id, 0) == []
