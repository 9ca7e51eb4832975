"""The `kanal` command."""

import signal
import sys


def main() -> None:
    """Refuses to run beside a distribution that ships a package of one of our names, before importing any of them."""
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted is signal.default_int_handler:  # until a command runs there is nothing to finish, nor to tell
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from gateway import discretion, lasting  # noqa: PLC0415
    from gateway.neighbours import foreign_packages  # noqa: PLC0415

    lasting.begin()
    discretion.begin()
    foreign = foreign_packages()
    if foreign:
        sys.exit("\n".join(foreign))
    from gateway.cli.commands import app  # noqa: PLC0415 only once the packages are known to be ours

    lasting.keep()
    signal.signal(signal.SIGINT, interrupted)
    app()


if __name__ == "__main__":
    main()
