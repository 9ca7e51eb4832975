"""What every store promises of deliveries: kept before anything is acknowledged, once, byte for byte."""

import asyncio
import tempfile
from abc import abstractmethod
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.store.contract import Backlog, BadRow, MessageRow, Quarantined, Settlement, Store, TimerRow
from tests.gateway.store.rows import (
    AT,
    CHANNEL,
    NOW,
    PLENTY,
    Reopen,
    bodies_by_id,
    claim_all,
    delivery,
    opened,
)

FEW = settings(max_examples=25, deadline=None)
ANY_TEXT = st.text(st.characters(), max_size=40) | st.from_regex(r"\\ud8[0-9a-f]{2}", fullmatch=True)


#: Messages, which came in by deliveries of the same name, and their reports.
MADE_OF = {"m3": "r-1", "m2": "r-2", "m1": "r-1"}


class DeliveriesContract:
    @abstractmethod
    def open_store(self, folder: Path) -> Store: ...

    async def test_what_is_appended_is_claimed_as_it_came(self, store: Store) -> None:
        given_ = delivery("m1", b"\x00\xff banjir", content_type="message/rfc822", headers={"peer": "127.0.0.1"})
        await store.append([given_])
        (claimed,) = await claim_all(store)
        assert claimed.delivery == given_

    async def test_what_is_appended_is_there_after_a_restart(self, store: Store, reopen: Reopen) -> None:
        await store.append([delivery("m1"), delivery("m2", b"Pohon")])
        assert await bodies_by_id(await reopen()) == {"m1": b"Banjir", "m2": b"Pohon"}

    async def test_what_a_report_was_made_of_is_given_as_it_came(self, store: Store, reopen: Reopen) -> None:
        large = delivery("m3", bytes(300_000))
        await store.append([delivery("m1"), delivery("m2", b"Pohon"), large])
        seqs = {one.delivery.id: one.seq for one in await claim_all(store)}
        messages = [MessageRow(CHANNEL, name, seqs[name], report) for name, report in MADE_OF.items()]
        await store.settle(Settlement(done=list(seqs.values()), messages=messages))
        again = await reopen()
        assert await again.deliveries_of("r-1") == [delivery("m1"), large]
        assert await again.deliveries_of("r-9") == []

    async def test_a_redelivery_changes_nothing(self, store: Store) -> None:
        await store.append([delivery("m1", b"first")])
        await store.append([delivery("m1", b"second"), delivery("m2")])
        assert await bodies_by_id(store) == {"m1": b"first", "m2": b"Banjir"}

    async def test_a_redelivery_of_what_is_done_changes_nothing(self, store: Store, reopen: Reopen) -> None:
        await store.append([delivery("m1")])
        (claimed,) = await claim_all(store)
        await store.settle(Settlement(done=[claimed.seq]))
        again = await reopen()
        await again.append([delivery("m1")])
        assert await claim_all(again) == []

    @pytest.mark.threat("P0-6")
    async def test_identical_deliveries_that_race_are_kept_once(self, store: Store) -> None:
        await asyncio.gather(*(store.append([delivery("m1"), delivery(f"m{n}")]) for n in range(1, 100)))
        assert set(await bodies_by_id(store)) == {f"m{n}" for n in range(1, 100)}

    async def test_the_same_delivery_twice_in_one_append_is_kept_once(self, store: Store) -> None:
        await store.append([delivery("m1", b"first"), delivery("m1", b"second")])
        assert await bodies_by_id(store) == {"m1": b"first"}

    async def test_the_same_id_in_two_channels_is_two_deliveries(self, store: Store) -> None:
        await store.append([delivery("m1"), delivery("m1", channel="mail")])
        assert store.waiting() == {CHANNEL: 1, "mail": 1}

    @pytest.mark.threat("P0-7")
    @FEW
    @example(["\ud800", "\\ud800", "\x00", "", "a\x00", "a"])
    @given(st.lists(ANY_TEXT, max_size=30))
    def test_different_ids_are_never_dropped(self, ids: list[str]) -> None:
        async def kept() -> int:
            with tempfile.TemporaryDirectory() as folder:
                async with opened(self.open_store, Path(folder)) as store:
                    await asyncio.gather(*(store.append([delivery(identity)]) for identity in ids))
                    return store.waiting().get(CHANNEL, 0)

        assert asyncio.run(kept()) == len(set(ids))

    @FEW
    @given(st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=5), ANY_TEXT, st.binary(max_size=200))
    def test_any_header_type_and_body_is_kept(self, headers: dict[str, str], content_type: str, body: bytes) -> None:
        async def kept() -> None:
            with tempfile.TemporaryDirectory() as folder:
                async with opened(self.open_store, Path(folder)) as store:
                    await store.append([delivery("m1", body, headers=headers, content_type=content_type)])
                    (claimed,) = await claim_all(store)
                    assert claimed.delivery.body == body
                    expected = {name: value for name, value in headers.items() if _plain(name + value)}
                    assert expected.items() <= claimed.delivery.headers.items()

        asyncio.run(kept())

    async def test_a_cursor_is_stored_with_its_deliveries(self, store: Store, reopen: Reopen) -> None:
        assert await store.cursor(CHANNEL) is None
        await store.append([delivery("m1")], cursor="7")
        await store.append([delivery("m2")], cursor="8")
        await store.append([delivery("m3")])
        again = await reopen()
        assert (await again.cursor(CHANNEL), await again.cursor("mail")) == ("8", None)

    async def test_a_cursor_is_of_what_was_asked(self, store: Store, reopen: Reopen) -> None:
        await store.append([], "7", CHANNEL)
        assert (await store.cursor(CHANNEL, "bot 1"), await store.asked_another(CHANNEL, "bot 1")) == ("7", False)
        await store.append([], "8", CHANNEL, source="bot 1")
        await store.append([], "3", "mail", source="bot 2")
        again = await reopen()
        assert (await again.cursor(CHANNEL, "bot 2"), await again.asked_another(CHANNEL, "bot 2")) == (None, True)
        await again.append([], "1", CHANNEL, source="bot 2")
        assert [await again.cursor(CHANNEL, f"bot {number}") for number in (1, 2)] == ["8", "1"]

    async def test_what_cannot_be_kept_costs_only_itself(self, store: Store) -> None:
        bad = delivery("bad", channel="\ud800")
        outcomes = await asyncio.gather(
            store.append([delivery("m1")]), store.append([bad]), store.append([delivery("m2")]), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [type(None), BadRow, type(None)]
        assert set(await bodies_by_id(store)) == {"m1", "m2"}

    async def test_a_bad_row_costs_its_neighbours_in_the_same_append_nothing(self, store: Store) -> None:
        with pytest.raises(BadRow):
            await store.append([delivery("m1"), delivery("bad", channel="\ud800"), delivery("m2")])
        assert set(await bodies_by_id(store)) == {"m1", "m2"}

    async def test_deliveries_are_claimed_in_order_of_arrival(self, store: Store) -> None:
        for number in (3, 1, 2):
            await store.append([delivery(f"m{number}")])
        assert [one.delivery.id for one in await claim_all(store)] == ["m3", "m1", "m2"]

    @pytest.mark.parametrize(
        ("limit", "max_bytes", "expected"),
        [
            pytest.param(2, PLENTY, ["m0", "m1"], id="by count"),
            pytest.param(9, 250, ["m0", "m1"], id="by bytes"),
            pytest.param(9, 300, ["m0", "m1", "m2"], id="just as many bytes as fit"),
            pytest.param(9, 1, ["m0"], id="at least one, however large"),
            pytest.param(9, 0, ["m0"], id="at least one, even of no bytes"),
        ],
    )
    async def test_a_claim_is_limited(self, store: Store, limit: int, max_bytes: int, expected: list[str]) -> None:
        await store.append([delivery(f"m{number}", bytes(100)) for number in range(4)])
        assert [one.delivery.id for one in await store.claim(CHANNEL, limit, max_bytes)] == expected

    async def test_a_claim_goes_on_after_another(self, store: Store) -> None:
        await store.append([delivery(f"m{number}") for number in range(3)])
        (first,) = await store.claim(CHANNEL, 1, PLENTY)
        rest = await store.claim(CHANNEL, 9, PLENTY, after=first.seq)
        assert [(one.delivery.id, one.tries) for one in rest] == [("m1", 1), ("m2", 1)]
        assert await store.claim(CHANNEL, 9, PLENTY, after=rest[-1].seq) == []

    async def test_a_claim_takes_only_its_channel(self, store: Store) -> None:
        await store.append([delivery("m1"), delivery("m2", channel="mail")])
        assert [one.delivery.id for one in await claim_all(store, "mail")] == ["m2"]
        assert await claim_all(store, "none") == []

    async def test_tries_are_counted_and_on_disk_before_the_attempt(self, store: Store, reopen: Reopen) -> None:
        await store.append([delivery("m1")])
        assert [one.tries for one in await claim_all(store)] == [1]
        assert [one.tries for one in await claim_all(store)] == [2]
        again = await reopen()
        assert [one.tries for one in await claim_all(again)] == [3]

    async def test_only_what_was_claimed_was_tried(self, store: Store) -> None:
        await store.append([delivery("m1"), delivery("m2")])
        (first,) = await store.claim(CHANNEL, 1, PLENTY)
        await store.settle(Settlement(done=[first.seq]))
        assert [(one.delivery.id, one.tries) for one in await claim_all(store)] == [("m2", 1)]

    async def test_what_is_done_or_quarantined_is_not_claimed_again(self, store: Store) -> None:
        await store.append([delivery(f"m{number}") for number in range(3)])
        done, bad, _ = await claim_all(store)
        await store.settle(Settlement(done=[done.seq], quarantined=[Quarantined(bad.seq, "parse", "odd", NOW)]))
        assert set(await bodies_by_id(store)) == {"m2"}
        assert store.waiting() == {CHANNEL: 1}

    @pytest.mark.parametrize("size", [256 * 1024, 256 * 1024 + 1, 3 << 20])
    async def test_large_bodies_come_back_as_they_were(self, store: Store, reopen: Reopen, size: int) -> None:
        body = bytes(range(256)) * (size // 256) + bytes(size % 256)
        await store.append([delivery("m1", body), delivery("m2", body)])
        assert await bodies_by_id(await reopen()) == {"m1": body, "m2": body}

    async def test_a_timer_fires_once_as_a_delivery(self, store: Store, reopen: Reopen) -> None:
        await store.settle(Settlement(timers=[TimerRow(id="t", channel=CHANNEL, due_at=NOW, body=b"due")]))
        assert store.next_timer() == NOW
        assert await store.fire_timers(NOW - 1) == set()
        again = await reopen()
        fired = await asyncio.gather(again.fire_timers(NOW), again.fire_timers(NOW))
        assert sorted(fired, key=len) == [set(), {CHANNEL}]
        assert again.next_timer() is None
        assert list((await bodies_by_id(again)).values()) == [b"due"]

    async def test_a_timer_may_be_set_again_after_it_fired(self, store: Store) -> None:
        for due_at in (NOW, NOW + 600):
            await store.settle(Settlement(timers=[TimerRow(id="t", channel=CHANNEL, due_at=due_at, body=b"due")]))
            await store.fire_timers(due_at)
        assert store.waiting() == {CHANNEL: 2}

    async def test_a_timer_set_again_fires_only_at_the_new_time(self, store: Store) -> None:
        for due_at in (NOW, NOW + 600):
            await store.settle(Settlement(timers=[TimerRow(id="t", channel=CHANNEL, due_at=due_at, body=b"due")]))
        assert store.next_timer() == NOW + 600
        assert await store.fire_timers(NOW) == set()

    async def test_times_are_kept(self, store: Store) -> None:
        await store.append([delivery("m1")])
        (claimed,) = await claim_all(store)
        assert claimed.delivery.received_at == AT

    async def test_the_backlog_is_what_waits(self, store: Store) -> None:
        await store.append([delivery("m1"), delivery("m2", received_at=AT - timedelta(seconds=5), channel="mail")])
        assert await store.backlog() == Backlog({CHANNEL: 1, "mail": 1}, {}, NOW - 5, None)


def _plain(text: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)
