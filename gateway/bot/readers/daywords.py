"""Words for days, Indonesian and English, as `gateway.bot.words.cut` cuts them."""

from collections.abc import Iterable

from gateway.bot.words import cut


def _numbered(lines: Iterable[str], first: int) -> dict[str, int]:
    return {cut(name)[0]: number for number, names in enumerate(lines, first) for name in names.split()}


MONTHS = _numbered(
    (
        "januari january jan",
        "februari february pebruari feb",
        "maret march mar mrt",
        "april apr",
        "mei may",
        "juni june jun",
        "juli july jul",
        "agustus august agust agu ags aug",
        "september sept sep",
        "oktober october okt oct",
        "november nopember nov nop",
        "desember december des dec",
    ),
    1,
)
#: As `date.weekday` numbers them.
WEEKDAYS = _numbered(
    (
        "senin senen monday",
        "selasa tuesday",
        "rabu wednesday",
        "kamis thursday",
        "jumat jumaat friday",
        "sabtu saturday",
        "minggu ahad sunday",
    ),
    0,
)
#: Days from today.
NAMED = {
    cut(words): days
    for words, days in {
        "hari ini": 0,
        "tadi": 0,
        "barusan": 0,
        "baru saja": 0,
        "sekarang": 0,
        "today": 0,
        "just now": 0,
        "this morning": 0,
        "tadi malam": -1,
        "semalam": -1,
        "malam tadi": -1,
        "last night": -1,
        "kemarin": -1,
        "yesterday": -1,
        "kemarin lusa": -2,
        "kemarin dulu": -2,
        "the day before yesterday": -2,
        "minggu lalu": -7,
        "pekan lalu": -7,
        "last week": -7,
        "besok": 1,
        "tomorrow": 1,
        "lusa": 2,
        "the day after tomorrow": 2,
        "minggu depan": 7,
        "pekan depan": 7,
        "next week": 7,
    }.items()
}
LONGEST = max(map(len, NAMED))
#: Days, or months, that are counted.
DAYS = {"hari": 1, "day": 1, "days": 1, "mingu": 7, "pekan": 7, "wek": 7, "weks": 7}
MONTHS_COUNTED = frozenset({"bulan", "month", "months"})
#: "seminggu" is one week.
ONE = {"sehari": "hari", "semingu": "mingu", "sepekan": "pekan", "sebulan": "bulan"}
AGO = frozenset({"lalu", "ago", "kemarin", "last"})
TO_COME = frozenset({"lagi", "depan", "next"})
DATED = frozenset({"tangal", "tgl"})
