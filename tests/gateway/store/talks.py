"""What every store promises of talks, and of who wants to be told nothing unasked."""

import asyncio
import tempfile
from abc import abstractmethod
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import Choice
from gateway.store.contract import (
    Also,
    Conflict,
    MessageRow,
    Pinned,
    RepliedTo,
    ReplyOutcome,
    ReplyState,
    Settlement,
    Store,
    TalkMode,
    TalkRow,
)
from tests.gateway.store.rows import (
    AT,
    CHANNEL,
    NOW,
    TETANGGA,
    WARGA,
    Reopen,
    case,
    delivery,
    opened,
    opening,
    reply,
    report,
)

ANY_TEXT = st.text(st.characters(), max_size=40)
ANY_TALK = st.fixed_dictionaries({"memory": st.binary(max_size=2000), "why": ANY_TEXT, "asked": st.none() | ANY_TEXT})
NAMES = ("a-1", "<a-2@kanal.example>", "unknown", "a\ud800")


def talk(identity: str = "t-1", **changes: Any) -> TalkRow:
    values: dict[str, Any] = {
        "channel": CHANNEL,
        "contact": WARGA.id,
        "mode": TalkMode.OPEN,
        "since": NOW,
        "heard_at": NOW,
        "memory": b"di mana?",
        "dialogue": "report",
        "asked": "where",
    }
    return TalkRow(id=identity, **{**values, **changes})


def said(identity: str, **changes: Any) -> RepliedTo:
    values: dict[str, Any] = {"case": "KNL-1", "report": None, "contact": WARGA.id, "talk": None, "about": "received"}
    return RepliedTo(id=identity, **{**values, **changes})


def is_plain(text: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


class TalksContract:
    @abstractmethod
    def open_store(self, folder: Path) -> Store: ...

    async def test_a_talk_is_there_after_a_restart(self, store: Store, reopen: Reopen) -> None:
        whole = talk(case="KNL-1", report="r-1", mode=TalkMode.PERSON, why="gave up: where")
        await store.settle(Settlement(talks=[whole, talk("t-2", memory=b"")]))
        again = await reopen()
        assert again.talk("t-1") == whole
        assert again.talks(["t-1", "t-2", "t-3"]) == {"t-1": whole, "t-2": talk("t-2", memory=b"")}
        assert (again.talk("t-3"), again.talks([])) == (None, {})

    @settings(max_examples=8, deadline=None)
    @given(st.lists(ANY_TALK, min_size=1, max_size=30))
    def test_any_memory_and_words_are_kept_version_by_version(self, versions: list[dict[str, Any]]) -> None:
        """Also such as no encoding has."""

        async def kept() -> None:
            with tempfile.TemporaryDirectory() as folder:
                async with opened(self.open_store, Path(folder)) as store:
                    for number, changes in enumerate(versions, 1):
                        await store.settle(Settlement(talks=[talk(version=number, **changes)]))
                        found = store.talk("t-1")
                        assert found and (found.version, found.memory) == (number, changes["memory"])
                        assert found.why == changes["why"] or not is_plain(changes["why"])

        asyncio.run(kept())

    async def test_a_talk_goes_on_version_by_version(self, store: Store) -> None:
        versions = [talk(version=number, memory=b"%d" % number, asked=None) for number in range(1, 6)]
        await store.settle(Settlement(talks=versions[:1]))
        await store.settle(Settlement(talks=versions[1:2]))
        await store.settle(Settlement(talks=versions[2:5]))
        assert store.talk("t-1") == versions[-1]

    async def test_a_talk_begins_and_goes_on_in_one_step(self, store: Store) -> None:
        await store.settle(Settlement(talks=[talk(), talk("t-2"), talk(version=2, memory=b"2")]))
        assert store.talk("t-1") == talk(version=2, memory=b"2")

    @pytest.mark.parametrize("version", [1, 2, 4, 0, -1])
    async def test_who_did_not_read_the_newest_version_writes_nothing(self, store: Store, version: int) -> None:
        await store.settle(Settlement(talks=[talk(), talk(version=2)]))
        with pytest.raises(Conflict):
            await store.settle(Settlement(cases=[case("KNL-1")], talks=[talk("t-2"), talk(version=version)]))
        assert (store.talk("t-1"), store.talk("t-2"), store.case("KNL-1")) == (talk(version=2), None, None)

    async def test_a_talk_that_there_is_not_does_not_go_on(self, store: Store) -> None:
        with pytest.raises(Conflict):
            await store.settle(Settlement(talks=[talk(version=2)]))

    async def test_of_those_that_race_to_go_on_with_a_talk_one_does(self, store: Store) -> None:
        await store.settle(Settlement(talks=[talk()]))
        rivals = [Settlement(talks=[talk(version=2, memory=b"%d" % number)]) for number in range(9)]
        outcomes = await asyncio.gather(*map(store.settle, rivals), return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 8 + ["NoneType"]

    async def test_talks_with_a_person_wait_the_oldest_first(self, store: Store) -> None:
        person = [talk(f"t-{since}", mode=TalkMode.PERSON, since=NOW - since, why="asked") for since in (1, 3, 2)]
        await store.settle(Settlement(talks=[*person, talk("t-4"), talk("t-5", mode=TalkMode.ENDED)]))
        assert [one.id for one in store.handed_over()] == ["t-3", "t-2", "t-1"]
        backlog = await store.backlog()
        assert (backlog.talks, backlog.oldest_talk) == (3, NOW - 3)
        await store.settle(Settlement(talks=[talk("t-3", version=2)]))
        assert [one.id for one in store.handed_over()] == ["t-2", "t-1"]

    async def test_a_reply_comes_back_with_what_it_offers(self, store: Store) -> None:
        offered = (Choice("1", "Ya"), Choice("2", "Tidak"))
        whole = reply("a-1", talk="t-1", choices=offered, template="received")
        await store.settle(Settlement(contacts=[WARGA], replies=[whole]))
        ((row, _),) = await store.claim_replies(CHANNEL, NOW, 9)
        assert row == whole

    async def test_what_a_message_replies_to_is_known_by_our_name_and_the_channels(self, store: Store) -> None:
        replies = [
            reply("a-1", talk="t-1", report="r-1"),
            reply("a-2", about="bot", case=None),
            reply("a-3", channel="mail"),
        ]
        await store.settle(Settlement(contacts=[WARGA, TETANGGA], replies=replies))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(ReplyOutcome(id="a-1", state=ReplyState.SENT, at=NOW, external_id="<a-1@kanal>"))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(ReplyOutcome(id="a-2", state=ReplyState.SENT, at=NOW, external_id=NAMES[1]))
        first, second = said("a-1", talk="t-1", report="r-1"), said("a-2", about="bot", case=None)
        assert store.replied_to(CHANNEL, NAMES) == [first, second]
        assert store.replied_to(CHANNEL, ["<a-1@kanal>"]) == [first]
        assert store.replied_to("mail", NAMES) == []
        assert store.replied_to(CHANNEL, []) == []

    async def test_when_somebody_last_wrote_is_told_by_the_talk_or_by_the_newest_message(self, store: Store) -> None:
        name = store.pseudonym("talk")
        assert store.last_heard(CHANNEL, WARGA.id, name) is None
        await store.append([delivery("m1"), delivery("m2", received_at=AT + timedelta(seconds=5))])
        await store.settle(Settlement(messages=[MessageRow(CHANNEL, "m1", 1, None, WARGA.id)]))
        assert store.last_heard(CHANNEL, WARGA.id, name) == NOW
        await store.settle(Settlement(messages=[MessageRow(CHANNEL, "m2", 2, None, WARGA.id)]))
        assert store.last_heard(CHANNEL, WARGA.id, name) == NOW + 5
        assert (store.last_heard("mail", WARGA.id, name), store.last_heard(CHANNEL, TETANGGA.id, name)) == (None, None)

    async def test_who_asks_for_their_cases_has_the_open_ones_first_and_of_these_the_newest(self, store: Store) -> None:
        made = Settlement(contacts=[WARGA, TETANGGA])
        made.cases = [
            case("KNL-1"),
            case("KNL-2", closed_at=NOW),
            case("KNL-3", joined_into="KNL-2"),
            case("KNL-4", joined_into="KNL-1", closed_at=NOW),
            case("KNL-5"),
        ]
        made.reports = [report(f"r-{number}", f"KNL-{number}", WARGA.id) for number in (1, 2, 3, 4)]
        made.reports += [report("r-5", "KNL-5", TETANGGA.id), report("r-6", "KNL-1", WARGA.id)]
        made.also = [Also("r-5", WARGA.id)]
        await store.settle(made)
        found = store.cases_of(WARGA.id, 9)
        assert [row.report.id for _, row in found] == ["r-6", "r-5", "r-4", "r-1", "r-3", "r-2"]
        assert [code.code for code, _ in found] == ["KNL-1", "KNL-5", "KNL-4", "KNL-1", "KNL-3", "KNL-2"]
        assert [row.report.id for _, row in store.cases_of(WARGA.id, 2)] == ["r-6", "r-5"]
        assert store.cases_of("p-nobody", 9) == []

    async def test_who_stopped_has_until_they_start(self, store: Store, reopen: Reopen) -> None:
        asked = [WARGA.id, TETANGGA.id, "p-nobody"]
        assert store.has_stopped(asked) == set()
        for _ in range(2):
            await store.settle(Settlement(stopped=[WARGA.id, TETANGGA.id]))
        again = await reopen()
        assert again.has_stopped(asked) == {WARGA.id, TETANGGA.id}
        assert again.has_stopped([]) == set()
        await again.settle(Settlement(started=[WARGA.id, "p-nobody"]))
        assert again.has_stopped(asked) == {TETANGGA.id}
        await again.settle(Settlement(started=[TETANGGA.id], stopped=[TETANGGA.id]))
        assert again.has_stopped(asked) == {TETANGGA.id}

    async def test_a_report_gets_a_new_pin(self, store: Store) -> None:
        await store.settle(opening(1))
        await store.settle(Settlement(pins=[Pinned("r-1", "ab")]))
        await store.settle(Settlement(pins=[Pinned("r-1", "cd")]))
        assert [row.pin_hash for row in store.pins("KNL-1")] == ["cd"]
        with pytest.raises(Conflict):
            await store.settle(Settlement(pins=[Pinned("r-9", "ab")]))
