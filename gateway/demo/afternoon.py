"""The whole afternoon: start a gateway, play the story before the watcher's eyes, stop it, and prove the end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from gateway.accounts.account import Role
from gateway.demo import figures, proof, running, script
from gateway.demo.clerk import clerk, link_for
from gateway.demo.outside import Outside, outside
from gateway.demo.play import Player
from gateway.demo.screen import Screen
from gateway.demo.script import Entry
from gateway.store.views import Views

REFRESH_SECONDS = 0.2
#: From when, in minutes since midnight, and for how many of the story the case store is down.
DOWN_AT, DOWN_MINUTES = 14 * 60 + 10, 60
#: How long after the last message everything may take to be kept and answered.
PATIENCE_SECONDS = 60.0
SHOWN_CASES = 8


class Ending(msgspec.Struct, frozen=True):
    """The last line, what is missing in words, and the cases that most reported."""

    line: str
    missing: Sequence[str]
    cases: Sequence[Mapping[str, object]]


#: What goes on in the console once all is played.
Stay = Callable[[Ending, str], Awaitable[None]]


async def run(folder: Path, speed: float, console: Console, stay: Stay | None = None) -> Ending:
    """The end is read from the store once its gateway has stopped; with `stay`, before that is called, which is given a
    link to log in by, and after which the gateway stops. Raises `NotStarted`."""
    story = script.load()
    async with outside() as world:
        async with running.gateway(folder, world) as gateway:
            async with clerk(gateway, running.DESK) as officer:
                player = Player(gateway, officer, world)
                with Screen(console) as screen, Views(gateway.data) as views:
                    await _watch(player, story, speed, views, world, screen)
            if stay:
                ending = _ending(gateway.data, story, player, world)
                await stay(ending, await link_for(gateway, "demo", Role.ADMINISTRATOR))
                return ending
        return _ending(gateway.data, story, player, world)


def _ending(data: Path, story: Sequence[Entry], player: Player, world: Outside) -> Ending:
    with Views(data) as views:
        kept, arrived, messages = figures.kept(views), world.arrived(player.sent), _messages(story)
        missing = proof.missing(messages, player.sent, kept, arrived, world.filed)
        line = proof.closing(messages, player.sent, kept, arrived)
        return Ending(line, missing, figures.largest_cases(views, SHOWN_CASES))


def _messages(story: Sequence[Entry]) -> int:
    return sum(not entry.takes_back for entry in story)


async def _watch(
    player: Player, story: Sequence[Entry], speed: float, views: Views, world: Outside, screen: Screen
) -> None:
    """Returns once everything is kept and answered, or patience is over."""
    async with asyncio.TaskGroup() as group:
        playing = group.create_task(player.play(story, speed))
        group.create_task(_outage(world, story[0].minutes, speed))
        patient_until = time.monotonic() + PATIENCE_SECONDS
        while not playing.done() or (time.monotonic() < patient_until and _is_missing(player, story, views, world)):
            if not playing.done():
                patient_until = time.monotonic() + PATIENCE_SECONDS
            screen.show(
                player.played,
                figures.by_channel(views),
                figures.outside(views, world.down),
                figures.latest_answers(views),
            )
            await asyncio.sleep(REFRESH_SECONDS)
        screen.show(
            player.played, figures.by_channel(views), figures.outside(views, world.down), figures.latest_answers(views)
        )


def _is_missing(player: Player, story: Sequence[Entry], views: Views, world: Outside) -> bool:
    arrived = world.arrived(player.sent)
    return bool(proof.missing(_messages(story), player.sent, figures.kept(views), arrived, world.filed))


async def _outage(world: Outside, first: int, speed: float) -> None:
    """The case store is down for a minute, if a second is a minute of the story."""
    await asyncio.sleep((DOWN_AT - first) / speed)
    world.down = True
    await asyncio.sleep(DOWN_MINUTES / speed)
    world.down = False
