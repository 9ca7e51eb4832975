"""What a gateway logs beside a command is no part of what the command prints."""

import asyncio
import time

import structlog
import typer
from typer.testing import CliRunner

app = typer.Typer()


@app.command()
def slow() -> None:
    structlog.get_logger().info("of its own")
    time.sleep(0.2)


async def test_what_others_log_meanwhile_is_not_read() -> None:
    running = asyncio.create_task(asyncio.to_thread(CliRunner().invoke, app, []))
    while not running.done():
        structlog.get_logger().info("of another")
        await asyncio.sleep(0.01)
    assert ("of its own" in running.result().output, "of another" in running.result().output) == (True, False)
