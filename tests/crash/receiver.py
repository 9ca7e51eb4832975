"""python -m tests.crash.receiver PORT SECRET-FILE HELD: an outside case store for a crash test tool, on 127.0.0.1.

It does as docs/case-stores.md asks: what comes again with the same key is the same case, of which it takes over the
reports that it does not have. Each report that it takes is a line of the file HELD. Now and then it fails before it has
taken something, or hangs up afterwards, as such systems do.
"""

import json
import random
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from aiohttp import web

from adapters.signing import proven

MOST = 64 << 20
#: Of what is sent.
REFUSED, UNANSWERED = 0.03, 0.03
SEED = 20261122


class Receiver:
    def __init__(self, secret: str, held: TextIO) -> None:
        self._secret = secret
        self._held = held
        self._numbers: dict[str, str] = {}
        self._reports: dict[str, set[str]] = {}
        self._random = random.Random(SEED)

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not proven([self._secret], body, request.headers, time.time()):
            return web.Response(status=401)
        said = json.loads(body)
        if said["type"] not in {"case", "change"}:
            return web.json_response({"missing": []})
        if self._random.random() < REFUSED:
            return web.Response(status=500)
        number = self._take(said)
        if self._random.random() < UNANSWERED and request.transport:
            request.transport.abort()
        return web.json_response({"number": number})

    def _take(self, said: dict[str, Any]) -> str:
        number: str = said.get("number") or self._numbers.setdefault(said["key"], f"CRM-{len(self._numbers) + 1}")
        known = self._reports.setdefault(number, set())
        for report in said["case"].get("reports", []) + said.get("new", []):
            if report["key"] not in known:
                known.add(report["key"])
                self._held.write(json.dumps([number, report.get("subject"), report["text"]]) + "\n")
        self._held.flush()
        return number


def main(port: str, secret: str, held: str) -> None:
    with Path(held).open("a", encoding="utf-8") as file:
        receiver = Receiver(Path(secret).read_text().strip(), file)
        application = web.Application(client_max_size=MOST)
        application.router.add_post("/kanal", receiver.answer)
        web.run_app(application, host="127.0.0.1", port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
