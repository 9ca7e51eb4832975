"""The worker that browsers keep for the desk, so that the page opens without a network (Service Workers, W3C)."""

from adapters import Response
from gateway.console import answers
from gateway.console.rendering import STATIC
from gateway.console.visit import Visit

SCRIPT = STATIC / "desk-worker.js"
#: It stands for /meja itself, too, which is above its own address.
SCOPE = {"Service-Worker-Allowed": "/meja"}


async def worker(_visit: Visit) -> Response:
    return answers.file(SCRIPT.read_bytes(), "text/javascript; charset=utf-8", headers=answers.NOT_KEPT | SCOPE)
