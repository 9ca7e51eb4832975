"""What an operator says about desks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from adapters import ChannelSettings, Problem

SMALLEST = 65_536
#: What stands at /meja beside the channels.
PAGES = frozenset({"cari", "foto", "tempat"})


class DeskSettings(ChannelSettings, frozen=True, kw_only=True):
    """Desks at which officers write down what citizens say. One channel serves all offices."""

    offices: Annotated[
        Path | None,
        Meta(
            description="CSV file of the offices with a desk: code, name and area (Kemendagri code, empty for the whole"
            " city). Left out: the offices of the areas in units.toml, and its units of the whole city."
        ),
    ] = None
    nik: Annotated[
        bool, Meta(description="Keep the NIK that a citizen gives; otherwise it is only checked, never kept.")
    ] = False
    max_photos: Annotated[int, Meta(description="Most photos and scans with one report.", ge=0, le=50)] = 10

    def problems(self) -> Sequence[Problem]:
        too_small = Problem("max_size", "is too small for a report", f"at least {SMALLEST}")
        taken = Problem("name", f"'{self.name}' is the address of another page of desks", "any other name")
        found = {too_small: self.max_size < SMALLEST, taken: self.name in PAGES}
        return [problem for problem, holds in found.items() if holds]
