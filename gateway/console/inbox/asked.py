"""Which cases somebody asks for, as in the address of a list. Pure."""

from collections.abc import Mapping
from contextlib import suppress

import msgspec

from gateway.console.seeing import Scope
from gateway.store.inbox import Wanted

#: What the parts of an address are called.
NAMES = {
    "words": "q",
    "status": "status",
    "unit": "unit",
    "category": "kategori",
    "area": "wilayah",
    "channel": "kanal",
    "whose": "petugas",
    "late": "telat",
    "urgent": "darurat",
    "reminded": "diingatkan",
    "by_due": "tenggat",
    "after": "setelah",
}
YES = "1"
#: Whose cases: one's own, or those that nobody sees to.
MINE, NOBODYS = "saya", "belum"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """As typed or chosen. `after` is the key of the last row before the page."""

    words: str = ""
    status: str = ""
    unit: str = ""
    category: str = ""
    area: str = ""
    channel: str = ""
    whose: str = ""
    late: str = ""
    urgent: str = ""
    reminded: str = ""
    by_due: str = ""
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """From the values of an address; what is none of these is left out."""
        return cls(**{field: given.get(name, "").strip() for field, name in NAMES.items()})

    def query(self, **changes: str) -> dict[str, str]:
        """The address's values, from the first page on, with other values for some of these fields."""
        values = msgspec.structs.asdict(self) | {"after": ""} | changes
        return {NAMES[field]: value for field, value in values.items() if value}

    def wanted(self, seen: Scope, person: str = "") -> Wanted:
        """Of what somebody may see whose account is called `person`."""
        return Wanted(
            is_empty=seen.is_empty,
            own=seen.unit,
            hidden=seen.hidden,
            status=self.status,
            unit=self.unit,
            category=self.category,
            area=self.area,
            channel=self.channel,
            assignee={MINE: person, NOBODYS: ""}.get(self.whose),
            words=self.words,
            late=self.late == YES,
            urgent=self.urgent == YES,
            reminded=self.reminded == YES,
            by_due=self.by_due == YES,
            after=_key(self.after),
        )


def key(row: Mapping[str, tuple[float, ...]]) -> str:
    """A row's place in its list, for an address."""
    return "_".join(map(repr, row["key"]))


def _key(typed: str) -> tuple[float, ...]:
    """Nothing where that is malformed: the list begins at its first page."""
    with suppress(ValueError):
        return tuple(float(part) for part in typed.split("_")) if typed else ()
    return ()
