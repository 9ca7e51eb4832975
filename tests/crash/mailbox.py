"""The gateway is killed again and again while it fetches numbered mails that lie in a Dovecot, half of them from the
start, the others delivered meanwhile; without a kill all of them lie there from the start, as files in the Maildir:

    python -m tests.crash.mailbox --mails 10000 --kills 20
    python -m tests.crash.mailbox --mails 10000 --kills 0

Afterwards every mail must be there exactly once and have become one report.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec

from tests.adapters.dovecot import Dovecot
from tests.end_to_end.citizens import mail, numbered
from tests.end_to_end.kanal import SECRET, Gateway, until

SEED = 20261101
SECONDS = 600.0


class Outcome(msgspec.Struct, frozen=True):
    """`under_way` are the kills at which mails were still to come. After `kept` seconds all mails were on disk, and
    after `seconds` reports. `memory` is the most that the gateway's own process held since the last start, in MB."""

    mails: int
    kills: int
    under_way: int
    kept: float
    seconds: float
    memory: float


def collected(folder: Path, mails: int, kills: int, after: str = "keep", pause: float = 1.0) -> Outcome:
    """Raises AssertionError if a mail is lost, doubled, changed, or became no report."""
    drawn = random.Random(SEED)
    names = [f"m0-{number:05}" for number in range(mails)]
    bodies = {name: mail(name, "x" * drawn.randrange(1_000)) for name in names}
    with Dovecot(password=SECRET) as dovecot:
        there = mails // 2 if kills else mails
        dovecot.place(bodies[name] for name in names[:there])
        moved = {"moved_to": "Diproses"} if after == "move" else {}
        channel = dovecot.settings(name="box", kind="imap", password={"file": "secret"}, after=after, **moved)
        began, under_way = time.monotonic(), 0
        with Gateway(folder / "kanal", more=[channel], settings={"workers": 2}) as gateway:
            for number in range(kills):
                dovecot.deliver(*(bodies[name] for name in names[there + number :: kills]))
                time.sleep(drawn.uniform(0, pause))
                under_way += _known(gateway) < mails
                gateway.kill()
                gateway.start()
            until(lambda: _known(gateway) >= mails, "all mails", SECONDS)
            kept = time.monotonic() - began
            gateway.settled(SECONDS)
            seconds, memory = time.monotonic() - began, _most_memory(gateway.pid)
            _compare(gateway, bodies)
    return Outcome(mails, kills, under_way, round(kept, 1), round(seconds, 1), round(memory, 1))


def _known(gateway: Gateway) -> int:
    return len(gateway.all("deliveries"))


def _compare(gateway: Gateway, bodies: dict[str, bytes]) -> None:
    rows = gateway.bodies()
    held = {numbered(row, "body"): row for row in rows}
    assert len(held) == len(rows), "doubled"
    assert held.keys() == bodies.keys(), "lost"
    assert {(row["state"], row["reason"]) for row in rows} == {("done", None)}
    some = next(iter(bodies))
    assert gateway.body(held[some]["seq"]) == bodies[some], "changed"
    assert Counter(numbered(row, "subject", "text") for row in gateway.all("reports")) == Counter(bodies.keys())


def _most_memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--after", choices=("keep", "seen", "move", "delete"), default="keep")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kanal-mailbox-") as folder:
        print(collected(Path(folder), chosen.mails, chosen.kills, chosen.after), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
