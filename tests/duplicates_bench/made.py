"""Made-up reports of true incidents: a flood over several quarters, and what goes on meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from tests.bench.texts import FLOWERS, KINDS
from tests.duplicates_bench.rows import Row

START = datetime(2025, 1, 12, 15, 0, tzinfo=UTC)
CORNER, SIZE = (-6.30, 106.75), 0.012
#: A report has so often a pin (a few of them that of a newsroom) and so often a category.
PINNED, LYING, SORTED = 0.45, 0.02, 0.5
#: Reports of one incident come over so many hours at most.
LASTS = 3.0
# fmt: off
QUARTERS = (
    "Kemang", "Tebet", "Pejaten", "Bintaro", "Menteng", "Cikini", "Gambir", "Senen", "Kwitang", "Kalideres",
    "Cengkareng", "Kembangan", "Palmerah", "Tambora", "Sunter", "Koja", "Cilincing", "Pluit", "Penjaringan", "Cawang",
    "Cililitan", "Ciracas", "Cipayung", "Klender", "Rawamangun", "Matraman", "Kramat", "Condet", "Makasar",
    "Petukangan",
)
# fmt: on
FLOOD = (
    "banjir {cm} cm di {place}",
    "Banjir di {place}, air setinggi {high}",
    "air masuk rumah warga {place} tolong perahu karet",
    "{place} kebanjiran, sudah {high}, motor gak bisa lewat",
    "Lapor min, genangan air setinggi {cm} cm {place}",
    "Mohon bantuan, banjir {high} di {place}, banyak lansia",
    "banjir lagi banjir lagi {place}",
    "Kali meluap, {place} terendam {cm}cm",
)
OTHER = (
    (
        "pju",
        ("lampu jalan mati di {place}", "PJU padam {place} gelap gulita", "Lampu penerangan jalan {place} gak nyala"),
    ),
    ("pohon", ("pohon tumbang di {place}", "Ada pohon roboh nutup jalan {place}", "{place} pohon tumbang kena kabel")),
    ("jalan", ("jalan berlubang {place}", "Lubang besar di {place} bikin jatuh", "aspal rusak parah {place}")),
    ("sampah", ("sampah numpuk di {place}", "Sampah tidak diangkut {place} bau", "tumpukan sampah {place}")),
)
HIGH = ("lutut", "selutut", "sepinggang", "pinggang", "sedada", "mata kaki", "betis")
COURTESY = ("", "", " mohon segera ditangani", " tolong min", " terima kasih", " pak tolong", " cepetan ya", " trims")
SHORT = {
    "tidak": "gak",
    "yang": "yg",
    "banjir": "bnjir",
    "jalan": "jln",
    "sudah": "udh",
    "tolong": "tlg",
    "mohon": "mhn",
}


class Incident(NamedTuple):
    name: str
    kind: str
    texts: tuple[str, ...]
    places: tuple[str, ...]
    pin: tuple[float, float]
    hour: float


def reports(seed: int, count: int, hours: float = 6.0, flood: float = 0.8, quarters: int = 30) -> list[Row]:
    """So many reports in the order of time, always the same for the same seed: a share of `flood` speaks of floods."""
    chance = Random(seed)
    made = list(islice(_reports(chance, hours, flood, QUARTERS[:quarters]), count))
    return sorted(made, key=lambda row: row.time)


def _reports(chance: Random, hours: float, flood: float, quarters: tuple[str, ...]) -> Iterator[Row]:
    """Most incidents are told of once or twice, a few by dozens. A street of a quarter has one of a kind."""
    number, seen = 0, set[tuple[str, str]]()
    while True:
        incident = _incident(chance, f"i{number}", hours, flood, quarters)
        if (incident.kind, incident.places[1]) in seen:
            continue
        seen.add((incident.kind, incident.places[1]))
        for teller in range(min(60, int(chance.paretovariate(1.1)))):
            yield _report(chance, incident, f"{incident.name}-{teller}")
        number += 1


def _incident(chance: Random, name: str, hours: float, flood: float, quarters: tuple[str, ...]) -> Incident:
    kind, texts = ("banjir", FLOOD) if chance.random() < flood else chance.choice(OTHER)
    quarter = chance.randrange(len(quarters))
    street = f"{chance.choice(FLOWERS)} {chance.choice(KINDS)}"
    rt, rw = chance.randint(1, 16), chance.randint(1, 12)
    exact = f"RT {rt}/RW {rw}" if chance.random() < 0.5 else f"No {chance.randint(1, 120)}"
    places = (
        f"Jl {street} {exact} {quarters[quarter]}",
        f"Jalan {street}, {quarters[quarter]}",
        f"jl. {street.lower()} {exact.lower()}",
        f"{quarters[quarter]} {exact}",
    )
    south, west = CORNER[0] + SIZE * (quarter // 6), CORNER[1] + SIZE * (quarter % 6)
    pin = (south + chance.random() * SIZE, west + chance.random() * SIZE)
    return Incident(name, kind, texts, places, pin, chance.uniform(0, hours))


def _report(chance: Random, incident: Incident, name: str) -> Row:
    text = chance.choice(incident.texts).format(
        place=chance.choice(incident.places), cm=chance.randrange(10, 150, 10), high=chance.choice(HIGH)
    )
    hour = incident.hour + min(chance.expovariate(1), LASTS)
    return Row(
        id=name,
        text=_hasty(chance, text + chance.choice(COURTESY)),
        cluster=incident.name,
        time=START + timedelta(hours=hour),
        pin=_pin(chance, incident.pin),
        category=incident.kind if chance.random() < SORTED else None,
    )


def _hasty(chance: Random, text: str) -> str:
    """As people type: short forms, and now and then a letter too few."""
    words = [SHORT.get(word, word) if chance.random() < 0.4 else word for word in text.split()]
    return " ".join(word[:2] + word[3:] if len(word) > 5 and chance.random() < 0.06 else word for word in words)


def _pin(chance: Random, true: tuple[float, float]) -> tuple[float, float] | None:
    """Within some 30 m of where it is (one standard deviation)."""
    if chance.random() >= PINNED:
        return None
    return CORNER if chance.random() < LYING else (true[0] + chance.gauss(0, 3e-4), true[1] + chance.gauss(0, 3e-4))
