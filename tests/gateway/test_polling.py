"""A channel that is asked: what it gives is kept with where to go on, whatever fails in between."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.channels import status
from gateway.errors import ConfigError, OperationRefused
from tests.gateway.support import channel, running, settings_in, sms_channel, until
from tests.gateway.test_reload import reloaded, started
from tests.poison import installed

TEXTS = ("Banjir selutut di depan rumah", "Lampu jalan padam sejak kemarin", "Pohon tumbang menutup jalan")


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site"), "kanal-folder", folder="kanal_counter:Folder"):
        yield


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "box"
    folder.mkdir()
    return folder


def put(box: Path, *texts: str, first: int = 1) -> None:
    for number, text in enumerate(texts, first):
        (box / str(number)).write_text(text)


def polled(box: Path, name: str = "box") -> dict[str, Any]:
    return channel("folder", name, folder=str(box))


async def test_what_is_there_and_what_comes_later_is_reported_once_also_after_a_restart(
    tmp_path: Path, box: Path
) -> None:
    put(box, *TEXTS)
    loaded = settings_in(tmp_path, polled(box))
    async with running(loaded) as gateway:
        await until(lambda: gateway.reported(3), "three reports")
        await until(lambda: (box / "committed").read_text().split() == ["1", "2", "3"], "what follows")
    (box / "1").unlink()
    put(box, "Sampah menumpuk di pasar", first=4)
    async with running(loaded) as gateway:
        await until(lambda: gateway.reported(4), "a fourth")
        assert await gateway.app.store.cursor("box", f"file://{box}") == "4"
        assert len(gateway.all("deliveries")) == 4


@pytest.mark.parametrize(
    ("fault", "state"), [("down", "down"), ("throttled", "degraded"), ("unauthorized", "paused")], ids=lambda one: one
)
async def test_what_cannot_be_asked_is_shown_and_asked_again(tmp_path: Path, box: Path, fault: str, state: str) -> None:
    (box / "fault").write_text(fault)
    put(box, TEXTS[0])
    async with running(settings_in(tmp_path, polled(box))) as gateway:
        shown = gateway.app.channels["box"]
        await until(lambda: status(shown).state == state, "the state")
        assert 'kanal_channel_poll_failing{channel="box"} 1.0' in (await gateway.ask("/metrics")).text
        (box / "fault").unlink()
        gateway.app._resumed(["box"])
        await until(lambda: gateway.reported(1), "the report")
        await until(lambda: status(shown).state == "ok", "the state")
        assert 'kanal_channel_poll_failing{channel="box"} 0.0' in (await gateway.ask("/metrics")).text


async def test_of_a_channel_that_cannot_be_asked_in_part_the_rest_comes_and_the_part_is_told(
    tmp_path: Path, box: Path
) -> None:
    (box / "trouble").write_text("the folder 'Arsip' cannot be opened")
    async with running(settings_in(tmp_path, polled(box))) as gateway:
        shown = gateway.app.channels["box"]
        await until(lambda: status(shown).state == "degraded", "the state")
        assert (status(shown).why, status(shown).note) == ("in_part", "the folder 'Arsip' cannot be opened")
        put(box, TEXTS[0])
        await until(lambda: gateway.reported(1), "the report")
        (box / "trouble").unlink()
        await until(lambda: status(shown).state == "ok", "the state")


async def test_another_source_under_the_same_name_is_read_from_its_beginning(
    tmp_path: Path, box: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One goes on to the production bot from one for trials, whose numbers are higher."""
    put(box, TEXTS[0], first=871)
    async with running(settings_in(tmp_path, polled(box))) as gateway:
        await until(lambda: gateway.reported(1), "the trial's report")
    other = tmp_path / "other"
    other.mkdir()
    put(other, *TEXTS[1:], first=5)
    async with running(settings_in(tmp_path, polled(other))) as gateway:
        await until(lambda: gateway.reported(3), "what waits in the other")
    assert "this channel asks something else than it did" in "".join(capsys.readouterr())
    put(box, "Sampah menumpuk di pasar", first=872)
    (box / "871").rename(box / "870")
    async with running(settings_in(tmp_path, polled(box))) as gateway:
        await until(lambda: gateway.reported(4), "where it had ended")
        assert len(gateway.all("deliveries")) == 4


async def test_a_gateway_that_stops_does_not_wait_for_what_may_come(tmp_path: Path, box: Path) -> None:
    async with asyncio.timeout(120), running(settings_in(tmp_path, polled(box))):
        await until((box / "committed").exists, "the first poll")
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("poll ")] == []


async def test_what_is_fetched_anew_is_known(tmp_path: Path, box: Path) -> None:
    put(box, *TEXTS)
    async with running(settings_in(tmp_path, polled(box), sms_channel())) as gateway:
        await until(lambda: gateway.reported(3), "three reports")
        polling = gateway.app._lineup.polling
        assert await polling.backfill("box", datetime.now(UTC)) == {"channel": "box", "fetched": 3, "new": 0}
        await gateway.settled()
        assert len(gateway.all("reports")) == 3
        with pytest.raises(OperationRefused, match="'sms'"):
            await polling.backfill("sms", datetime.now(UTC))


def test_two_channels_that_ask_the_same_are_refused(tmp_path: Path, box: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_in(tmp_path, polled(box, "one"), polled(box, "two"))
    assert [problem.what for problem in caught.value.problems] == [
        f"asks file://{box} like channels[0] 'one'",
    ]


@pytest.mark.threat("P0-8")
async def test_who_asks_by_another_name_after_a_reload_waits_until_the_one_before_has_ended(
    tmp_path: Path, box: Path
) -> None:
    notes = box / "slow"
    notes.touch()
    async with started(tmp_path, polled(box), process=False) as gateway:
        await until(notes.read_text, "somebody who asks")
        assert (await reloaded(gateway, tmp_path, polled(box, "kotak"))).added == ("kotak",)
        await until(lambda: len(notes.read_text().split()) > 2, "the next one")
    assert notes.read_text().split()[:3] == ["begins", "ends", "begins"]
