"""Replies while the relay or the provider is down, slow, full, or does not know us any more: none is lost, none is sent
twice, and what waited leaves in order."""

import asyncio
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
from structlog.testing import capture_logs

from gateway import control
from gateway.health.condition import State
from tests.end_to_end.city import swaks
from tests.end_to_end.kanal import SECRET, Gateway, fetch
from tests.faults.outside import DRIPS, HURRIED, SILENCE, Outside, Relay, Script, SmsGateway, sending
from tests.gateway.support import FLOOD, LAMP, RINA, running, settings_in, sms, until

pytestmark = pytest.mark.threat("P0-10")

#: Twelve people, of whom each is owed two replies.
PEOPLE = (*range(12), *range(12))

OUTAGES: Mapping[str, tuple[type[Outside], Script]] = {
    "no relay": (Relay, {}),
    "a relay that is silent": (Relay, {"greeting": SILENCE}),
    "a relay that drips": (Relay, {"greeting": DRIPS}),
    "a relay that falls silent over the mail": (Relay, {"mail": SILENCE}),
    "a relay that is too busy": (Relay, {"greeting": "421 4.3.2 too busy"}),
    "a relay that is full": (Relay, {"MAIL": "452 4.3.1 full"}),
    "a relay that is ill": (Relay, {"mail": "451 4.3.0 local error"}),
    "no SMS gateway": (SmsGateway, {}),
    "an SMS gateway that is silent": (SmsGateway, {"sms": SILENCE}),
    "an SMS gateway that is ill": (SmsGateway, {"sms": "500 Ouch"}),
    "an SMS gateway that is not where we look": (SmsGateway, {"sms": "404 Not Found"}),
    "an SMS gateway that asks for patience": (SmsGateway, {"sms": "429 Slow\r\nRetry-After: 1"}),
}


@pytest.mark.parametrize(("kind", "script"), OUTAGES.values(), ids=OUTAGES)
async def test_what_waited_through_an_outage_leaves_once_and_in_order(
    tmp_path: Path, kind: type[Outside], script: Script
) -> None:
    async with kind() as outside, sending(tmp_path, outside) as way:
        await outside.misbehaves(script)
        with capture_logs() as logs:
            await way.owe(*PEOPLE)
            await way.closed()
            await until(lambda: way.tries() > HURRIED.at_once, "a probe")
            untried = [row for row in way.rows() if not row["tries"]]
            assert len(untried) >= 4
            await outside.is_back()
            await way.sent()
        assert sorted(outside.taken) == list(range(24))
        assert all(outside.taken.index(number) < outside.taken.index(number + 12) for number in range(12))
        left = outside.taken[outside.taken.index(0) :]  # before it there were probes
        assert len(left) >= 16
        astray = [abs(place - left.index(number)) for place, number in enumerate(sorted(left))]
        assert sum(astray) <= 3 * len(left), left  # in any order it would be a third of them, for each
        assert [log["event"] for log in logs] == ["the way out is closed", "the way out works"]
        assert way.figure("kanal_channel_circuit_open") == 0


async def test_while_it_lasts_one_at_a_time_probes_and_later_and_later(tmp_path: Path) -> None:
    async with Relay() as relay, sending(tmp_path, relay) as way:
        await relay.misbehaves({"greeting": "421 4.3.2 too busy"})
        await way.owe(*range(20))
        await way.closed()
        await until(lambda: relay.at_once == 0, "those under way to fail")
        first = len(relay.begun)
        assert HURRIED.failures <= first <= HURRIED.at_once
        relay.most_at_once = 0
        await until(lambda: len(relay.begun) >= first + 5, "five probes")
        assert relay.most_at_once == 1
        gaps = [later - sooner for sooner, later in pairwise(relay.begun[first - 1 : first + 5])]
        assert all(gap >= 0.8 * min(0.1 * 2**number, 0.4) for number, gap in enumerate(gaps)), gaps
        assert way.tries() <= len(relay.begun) + 1
        assert max(row["tries"] for row in way.rows()) == 1
        await relay.is_back()
        await way.sent()


async def test_a_pause_that_is_asked_for_is_given(tmp_path: Path) -> None:
    async with SmsGateway() as provider, sending(tmp_path, provider) as way:
        await provider.misbehaves({"sms": "429 Slow\r\nRetry-After: 2"})
        await way.owe(1)
        await way.closed()
        await way.owe(2, 3)
        await provider.is_back()
        await way.sent()
        first, second, *_ = provider.begun
        assert second - first >= 2.0
        assert provider.taken[:1] == [1]


DENIED: Mapping[str, tuple[type[Outside], Script]] = {
    "the relay's login": (Relay, {"AUTH": "535 5.7.8 no"}),
    "the SMS gateway, 401": (SmsGateway, {"sms": "401 Unauthorized"}),
    "the SMS gateway, 403": (SmsGateway, {"sms": "403 Forbidden"}),
}


@pytest.mark.threat("P0-11")
@pytest.mark.parametrize(("kind", "script"), DENIED.values(), ids=DENIED)
async def test_refused_credentials_pause_the_channel_with_one_alarm_until_a_person_acts(
    tmp_path: Path, kind: type[Outside], script: Script
) -> None:
    async with kind() as outside, sending(tmp_path, outside) as way:
        await outside.misbehaves(script)
        with capture_logs() as logs:
            await way.owe(*PEOPLE)
            await until(lambda: way.figure("kanal_channel_unauthorized"), "the alarm")
            await until(lambda: outside.at_once == 0, "those under way to fail")
            tried = way.tries()
            await outside.is_back()
            await way.owe(20)
            await asyncio.sleep(1.0)
            assert (way.tries(), outside.taken, {*way.states()}) == (tried, [], {"due"})
            way.replies.hurry(["out"])
            await way.sent()
        assert sorted(outside.taken) == list(range(25))
        told = [(log["event"], log["log_level"], log.get("state")) for log in logs]
        assert told == [("the way out is closed", "error", "paused"), ("the way out works", "info", None)]
        assert way.figure("kanal_channel_unauthorized") == way.figure("kanal_channel_circuit_open") == 0


REFUSALS: Mapping[str, tuple[type[Outside], Script]] = {
    "no such mailbox": (Relay, {"warga3@": "550 5.1.1 unknown"}),
    "never this one": (Relay, {"warga3@": "554 5.7.1 no"}),
}


@pytest.mark.parametrize(("kind", "script"), REFUSALS.values(), ids=REFUSALS)
async def test_a_refused_reply_fails_alone(tmp_path: Path, kind: type[Outside], script: Script) -> None:
    async with kind() as outside, sending(tmp_path, outside) as way:
        await outside.misbehaves(script)
        await way.owe(*range(12))
        await until(lambda: set(way.states()) == {"sent", "failed"}, "all to be settled")
        assert [row["id"] for row in way.rows() if row["state"] == "failed"] == ["a-3"]
        assert (sorted(outside.taken), way.tries()) == ([n for n in range(12) if n != 3], 12)


async def test_a_recipient_who_is_never_reached_holds_back_nobody_else(tmp_path: Path) -> None:
    async with Relay() as relay, sending(tmp_path, relay) as way:
        await relay.misbehaves({"warga3@": "451 4.4.1 not now"})
        for people in (range(6), range(6, 12)):
            await way.owe(*people)
            await until(lambda: way.states().count("sent") >= len(way.rows()) - 1, "all others to be sent")
        assert [row["id"] for row in way.rows() if row["state"] != "sent"] == ["a-3"]
        await relay.is_back()
        await way.sent()
        assert sorted(relay.taken) == list(range(12))


async def test_a_mail_that_was_taken_is_not_sent_again_for_want_of_a_farewell(tmp_path: Path) -> None:
    patience = msgspec.structs.replace(HURRIED, take=10.0)
    async with Relay() as relay, sending(tmp_path, relay, patience) as way:
        await relay.misbehaves({"QUIT": SILENCE})
        await way.owe(1)
        await way.sent()
        assert (relay.taken, way.tries()) == ([0], 1)


async def test_what_had_backed_off_is_tried_at_the_next_start(tmp_path: Path) -> None:
    slow = msgspec.structs.replace(HURRIED, first=600.0)
    async with Relay() as relay:
        await relay.goes_away()
        async with sending(tmp_path, relay, slow) as way:
            await way.owe(1, 2)
            await until(lambda: way.tries() == 2, "a failure of each")
        await relay.is_back()
        async with sending(tmp_path, relay, slow) as way:
            await way.sent()
        assert sorted(relay.taken) == [0, 1]


async def test_it_comes_and_goes_and_nothing_is_lost(tmp_path: Path) -> None:
    faults: list[Script] = [{}, {"greeting": "421 busy"}, {"mail": "451 ill"}, {"RCPT": "450 later"}, {"AUTH": "454 x"}]
    async with Relay() as relay, sending(tmp_path, relay) as way:
        for fault in faults * 2:
            await way.owe(*PEOPLE[:6])
            await relay.misbehaves(fault)
            await asyncio.sleep(0.15)
            await relay.is_back()
            await asyncio.sleep(0.1)
        await way.sent()
        assert sorted(relay.taken) == list(range(60))
        for person in range(6):
            told = [number for number in relay.taken if number % 6 == person]
            assert told == sorted(told)


async def test_a_silent_relay_holds_up_neither_the_other_channels_nor_the_end(tmp_path: Path) -> None:
    """Of a whole gateway, as a process; what the relay was given when it ended is sent again at the next start."""
    async with Relay() as relay, SmsGateway() as provider:
        await relay.misbehaves({"mail": SILENCE})
        mail = {"relay": f"127.0.0.1:{relay.port}", "relay_tls": "none"}
        texts = {key: value for key, value in provider.settings().items() if key not in {"name", "kind", "number"}}
        with Gateway(tmp_path, mail=mail, sms=texts, settings={"drain_seconds": 1}) as gateway:
            swaks(gateway.smtp, "warga@example.org", "Banjir di Jl. Kemang Raya")
            await until(lambda: relay.at_once, "the relay to be tried")
            query = urlencode({"sender": "+6281110000001", "id": "m1", "message": "Lampu padam di Jl. Fatmawati"})
            fetch(f"{gateway.sms_url}/{SECRET}/mo?{query}")
            await until(lambda: provider.taken, "the SMS to be answered")
            started = time.monotonic()
            gateway.stop()
            assert time.monotonic() - started < 30
            await relay.is_back()
            gateway.start()
            await until(lambda: relay.taken, "the mail to be answered")
            assert (len(relay.taken), len(provider.taken)) == (1, 1)


@pytest.mark.threat("P0-11")
async def test_a_person_who_has_put_the_password_right_need_not_wait(tmp_path: Path) -> None:
    """`kanal replies resend` of one reply has the channel try all that wait."""
    async with SmsGateway() as provider:
        await provider.misbehaves({"sms": "403 Forbidden"})
        channel = provider.settings() | {"name": "sms"}
        async with running(settings_in(tmp_path, channel)) as gateway:
            await gateway.send(sms("m1", FLOOD), sms("m2", LAMP, RINA))
            await until(lambda: gateway.app.channels["sms"].state is State.PAUSED, "the channel to be paused")
            await until(lambda: not provider.at_once, "those under way to fail")
            await provider.is_back()
            await control.ask(gateway.folder, "resend", {"reply": gateway.all("replies")[0]["id"]})
            await until(lambda: gateway.replies() == [("received", "sent")] * 2, "both to be sent")
