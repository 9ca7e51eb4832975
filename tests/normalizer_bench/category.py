"""The category of a report, best and among the best three, with the table alone.

The labels are those of the city's own system of 2023 (crm_2023_dev.csv) and of made-up reports (jkt.jsonl, a tenth of
whose labels are wrong on purpose). Both have other categories than our table: what a name of theirs may mean of ours
was written down from the names alone. Citizens chose the labels, often wrongly: no method reaches all of them.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gateway import categories
from normalizer.persons.masking import mask
from normalizer.sorting.candidates import candidates
from normalizer.words.text import clean
from tests.normalizer_bench.halves import HALVES, halves
from tests.normalizer_bench.rows import Goal, Row, share

TITLE = "with the table alone"
AMONG = 3

#: The city's names, in small letters and up to the first bracket, and what they may mean of the shipped table. Those of
#: workers and of public buildings name an office and no matter.
CRM = {
    "arus lalu lintas": "kemacetan",
    "gangguan dan kebisingan": "gangguan-ketertiban",
    "hubungan kepegawaian": "pelanggaran-pegawai pelayanan-petugas",
    "jalan": "jalan-rusak jembatan-rusak",
    "jaringan air bersih": "air-bersih",
    "jaringan listrik": "kabel-semrawut lampu-jalan",
    "kawasan dilarang merokok": "kawasan-rokok",
    "keluhan fasilitas gedung pemda": "gedung-pemerintah sekolah",
    "keluhan pelayanan": "pelayanan-petugas",
    "parkir liar": "parkir-liar",
    "pdam/pam": "air-bersih",
    "pekerja penanganan prasarana dan sarana umum kelurahan": (
        "pelayanan-petugas sampah-menumpuk saluran-tersumbat taman-rusak jalan-rusak lampu-jalan"
    ),
    "penanganan banjir": "banjir saluran-tersumbat sungai-waduk",
    "pencemaran lingkungan": "pencemaran-udara pencemaran-air",
    "perizinan": "perizinan-pajak",
    "perlengkapan lalu lintas": "rambu-marka lampu-lalu-lintas",
    "pkl liar": "pedagang-kaki-lima",
    "pmks": "gelandangan-pengemis",
    "pohon": "pohon-tumbang",
    "reklame": "reklame-liar",
    "reklame/spanduk": "reklame-liar",
    "saluran air, kali/sungai": "saluran-tersumbat sungai-waduk",
    "sampah": "sampah-menumpuk sampah-liar",
    "taman": "taman-rusak",
    "tata ruang dan bangunan": "bangunan-liar",
    "trotoar": "trotoar-rusak",
}
JKT = {
    "bakar": "pencemaran-udara",
    "banjir": "banjir",
    "bising": "gangguan-ketertiban",
    "got": "saluran-tersumbat",
    "jalan": "jalan-rusak trotoar-rusak jembatan-rusak",
    "kabel": "kabel-semrawut",
    "lalin": "kemacetan lampu-lalu-lintas rambu-marka",
    "parkir": "parkir-liar",
    "pdam": "air-bersih",
    "pju": "lampu-jalan",
    "pkl": "pedagang-kaki-lima",
    "pohon": "pohon-tumbang",
    "sampah": "sampah-menumpuk sampah-liar",
}


class Labelled(NamedTuple):
    """A text, the source's name of its category, the codes that this may mean, and what it stays in one half with."""

    text: str
    name: str
    codes: frozenset[str]
    together: str


def measure(data: Path) -> Iterable[Row]:
    yield from _rows("city", list(crm(data / "samples" / "crm_2023_dev.csv")), Goal(0.8))
    yield from _rows("made up", list(jkt(data / "duplicates" / "jkt.jsonl")), None)


def crm(file: Path) -> Iterator[Labelled]:
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            name = row["category_source"].split("(")[0].strip().lower()
            yield Labelled(row["text"], name, frozenset(CRM[name].split()), str(number))


def jkt(file: Path) -> Iterator[Labelled]:
    """Each text once: copies would count several times."""
    seen: set[str] = set()
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["category"] in JKT and row["text"] not in seen:
            seen.add(row["text"])
            codes = frozenset(JKT[row["category"]].split())
            yield Labelled(row["text"], row["category"], codes, str(row["cluster_id"]))


def _rows(source: str, found: Sequence[Labelled], goal: Goal | None) -> Iterator[Row]:
    known = categories.load(None)
    which = halves([one.text for one in found], [one.together for one in found])
    ranks = [_rank([best.code for best in candidates(known, None, mask(clean(one.text)))], one.codes) for one in found]
    for half in HALVES:
        of_half = [rank for rank, own in zip(ranks, which, strict=True) if own == half]
        for most, aim in ((1, None), (AMONG, goal)):
            yield share(
                f"{source}: among {most}", sum(rank < most for rank in of_half), len(of_half), half=half, goal=aim
            )


def _rank(codes: Sequence[str], right: frozenset[str]) -> int:
    return next((number for number, code in enumerate(codes) if code in right), AMONG)
