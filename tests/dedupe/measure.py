"""What a report costs at the judge: `python -m tests.dedupe.measure [OPEN]` (default 100,000 open reports).

Diverse texts like Jakarta's, and the worst case: one text said by everybody from one place.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from random import Random
from time import perf_counter
from tracemalloc import get_traced_memory, start, stop

from dedupe.fingerprint import Fingerprint, fingerprint
from dedupe.index import Index
from dedupe.judge import judge
from normalizer.report import Report
from tests.dedupe.reports import START, report

_PROBLEMS = """
banjir setinggi lutut
lampu jalan padam
pohon tumbang menutup jalan
sampah menumpuk tidak diangkut
jalan berlubang
parkir liar di trotoar
air PDAM tidak mengalir
saluran mampet
kabel menjuntai
asap bakaran sampah
pedagang di trotoar
""".strip().splitlines()
_NAMES_TEXT = """
mawar melati kenanga kamboja dahlia cempaka anggrek teratai flamboyan manggis durian rambutan sawo jambu nangka elang
merpati rajawali cendrawasih garuda hasanudin diponegoro kartini pattimura imam bonjol sisingamangaraja antasari kemang
ampera buncit warung jati mampang tendean fatmawati panglima polim radio barito gandaria
"""
_NAMES = _NAMES_TEXT.split()
_TAILS = ("mohon ditindaklanjuti", "sudah dua minggu", "sejak semalam", "warga resah", "", "kasihan anak sekolah")


def diverse(number: int, random: Random) -> Report:
    """Some report from somewhere, one in three with a pin."""
    street = f"Jl {random.choice(_NAMES).title()} {random.choice(_NAMES).title()} {random.randint(1, 30)}"
    house = f"no {random.randint(1, 200)}" if random.random() < 0.4 else ""
    lane = f"RT {random.randint(1, 15):02}/{random.randint(1, 12):02}" if random.random() < 0.3 else ""
    text = f"{random.choice(_PROBLEMS)} di {street} {house} {lane} {random.choice(_TAILS)} k{random.randrange(50_000)}"
    pin = (random.uniform(-6.35, -6.1), random.uniform(106.7, 106.95)) if random.random() < 0.33 else None
    person = f"c{random.randrange(40_000)}"
    return report(text, report_id=f"r{number:026}", at=START + timedelta(seconds=number), reporter=person, pin=pin)


def identical(number: int, random: Random) -> Report:
    """The same flood from everybody."""
    pin = (-6.2 + random.uniform(0, 0.001), 106.85)
    at = START + timedelta(seconds=number)
    return report("Banjir di Jl Kemang Raya selutut", report_id=f"r{number:026}", at=at, reporter=f"c{number}", pin=pin)


def measure(make: Callable[[int, Random], Report], opened: int) -> None:
    """Prints what adding, finding and judging cost with `opened` open reports."""
    random = Random(7)
    olds = [fingerprint(make(number, random)) for number in range(opened)]
    start()
    index = Index()
    for old in olds:
        index.add(old)
    size = get_traced_memory()[0]
    stop()
    reports = [make(opened + number, random) for number in range(2000)]
    times: dict[str, list[float]] = {
        "fingerprint": [],
        "candidates": [],
        "judge": [],
        "candidates+judge": [],
        "add": [],
    }
    walked = []
    for new_report in reports:
        _step(index, new_report, times)
        walked.append(index.walked)
    each = f"{size / opened:.0f} bytes each, " if opened else ""
    print(f"{make.__name__}, {opened} open at the start: {each}at most {max(walked)} postings walked")
    for name, seconds in times.items():
        print(f"  {name:16} p50 {_quantile(seconds, 0.5):6.0f} us   p99 {_quantile(seconds, 0.99):6.0f} us")


def _step(index: Index, new_report: Report, times: dict[str, list[float]]) -> None:
    began = perf_counter()
    new: Fingerprint = fingerprint(new_report)
    made = perf_counter()
    found = index.candidates(new)
    looked = perf_counter()
    judge(new, found)
    judged = perf_counter()
    index.add(new)
    added = perf_counter()
    steps = (made - began, looked - made, judged - looked, judged - made, added - judged)
    for name, seconds in zip(times, steps, strict=True):
        times[name].append(seconds)


def _quantile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(len(seconds) * share)] * 1e6


def main() -> int:
    opened = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for number in (0, opened):
        measure(diverse, number)
        measure(identical, number)
    return 0


if __name__ == "__main__":
    sys.exit(main())
