"""Runs a stand-in by hand: a typed line is what a citizen writes, and what is asked of it is printed."""

import argparse
import sys
from collections.abc import Callable, Mapping

from adapters.testing.standins.base import Call, StandIn
from adapters.testing.standins.facebook import Facebook
from adapters.testing.standins.instagram import Instagram
from adapters.testing.standins.telegram import Telegram
from adapters.testing.standins.typed import HELP, Typed
from adapters.testing.standins.whatsapp import WhatsApp
from adapters.testing.standins.x import X

STANDINS: Mapping[str, Callable[[int], StandIn]] = {
    "facebook": lambda port: Facebook(port=port),
    "instagram": lambda port: Instagram(port=port),
    "telegram": lambda port: Telegram(port=port),
    "whatsapp": lambda port: WhatsApp(port=port),
    "x": lambda port: X(port=port),
}
#: Asked all the time.
_QUIET = {"getUpdates", "mentions", "dm_events"}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m adapters.testing.standins",
        description=__doc__,
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=sorted(STANDINS))
    parser.add_argument("--port", type=int, default=8081, help="where it listens on 127.0.0.1 (8081)")
    chosen = parser.parse_args()
    with STANDINS[chosen.name](chosen.port) as standin:
        standin.noted = _print
        print(*standin.about(), "Type !help for photos, buttons and faults.", sep="\n", flush=True)
        typed = Typed(standin)
        for line in sys.stdin:
            if told := typed.line(line.rstrip("\n")):
                print(told, flush=True)


def _print(call: Call) -> None:
    if call.name not in _QUIET:
        print(call.name, dict(call.fields), flush=True)


if __name__ == "__main__":
    main()
