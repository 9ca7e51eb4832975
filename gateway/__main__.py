"""The `kanal` command."""

import sys

from gateway import discretion
from gateway.neighbours import foreign_packages


def main() -> None:
    """Refuses to run beside a distribution that ships a package of one of our names, before importing any of them."""
    discretion.begin()
    foreign = foreign_packages()
    if foreign:
        sys.exit("\n".join(foreign))
    from gateway.cli.commands import app  # noqa: PLC0415 only once the packages are known to be ours

    app()


if __name__ == "__main__":
    main()
