"""Which notices a case leads to, and what they say."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters import Secret
from gateway import categories, units
from gateway.noticing import MOST_WORDS, Noticing, Wording, noticing
from gateway.routing import Routing
from gateway.store.contract import About, CaseRow, NoticeRow
from gateway.store.notices import Known
from gateway.tables import NoticeSettings
from gateway.texts import Texts

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 22, 16, 9, tzinfo=ZONE).timestamp()
BANGKA = "kelurahan-31.74.03.1002"
ALL = frozenset({"mail", "webhook", "telegram"})


@pytest.fixture(scope="module")
def routing(tmp_path_factory: pytest.TempPathFactory) -> Routing:
    folder: Path = tmp_path_factory.mktemp("data")
    (folder / units.FILE).write_text("""
        [units.kelurahan]
        mail = ["kel.{slug}@example.go.id"]
        [units.walikota]
        telegram = "-100"
        [units.sudin-sda]
        webhook = "https://sda.example.go.id/kanal"
        mail = ["sda@example.go.id"]
    """)
    return units.load(folder, categories.load(), "31")


def case(**changes: Any) -> CaseRow:
    values: dict[str, Any] = {
        "code": "KNL-7F3K-92QX",
        "status": "menunggu",
        "opened_at": NOW,
        "due_at": NOW + 7 * 86_400,
        "what": "Banjir",
        "where": "Jl. Kemang Raya",
        "category": "banjir",
        "area": "31.74.03.1002",
        "unit": "sudin-sda-31.74",
    }
    return CaseRow(**values | changes)


TOLD: dict[str, tuple[CaseRow, dict[str, Any], frozenset[str], list[tuple[str, str]]]] = {
    "in each of its ways": (case(), {}, ALL, [("sudin-sda-31.74", "mail"), ("sudin-sda-31.74", "webhook")]),
    "in those that we have the means for": (case(), {}, frozenset({"webhook"}), [("sudin-sda-31.74", "webhook")]),
    "another, in the case's area": (case(), {"unit": "kelurahan"}, ALL, [(BANGKA, "mail")]),
    "another, by its own code": (case(), {"unit": BANGKA}, ALL, [(BANGKA, "mail")]),
    "a role above it": (case(), {"unit": "walikota"}, ALL, [("walikota-31.74", "telegram")]),
    "nobody, where its area is not known": (case(area=None), {"unit": "kelurahan"}, ALL, []),
    "nobody, where it has no way": (case(unit="dinas-sosial"), {}, ALL, []),
    "nobody, where it is none of ours": (case(unit="Sudin SDA"), {}, ALL, []),
    "nobody, where it has none": (case(unit=None), {}, ALL, []),
    "nobody whom it may accuse": (case(category="pungutan-liar"), {"unit": "kelurahan"}, ALL, []),
}


@pytest.mark.parametrize(("of", "to", "ways", "told"), TOLD.values(), ids=TOLD)
def test_who_is_told(
    routing: Routing, of: CaseRow, to: dict[str, Any], ways: frozenset[str], told: list[tuple[str, str]]
) -> None:
    rows = Noticing(routing, ways).rows(of, About.REMINDER, NOW, **to)
    assert [(row.unit, row.way) for row in rows] == told


def test_the_same_at_the_same_time_is_one_notice(routing: Routing) -> None:
    made = Noticing(routing, ALL)
    first, second = ({row.id for row in made.rows(case(), About.REMINDER, NOW, step="act")} for _ in range(2))
    assert first == second and len(first) == 2
    assert first.isdisjoint(row.id for row in made.rows(case(), About.REMINDER, NOW + 1, step="act"))


def test_the_settings_say_which_ways_there_are(routing: Routing) -> None:
    assert noticing(routing, NoticeSettings()).ways == frozenset()
    settings = NoticeSettings(mail_channel="mail", webhook_secret=Secret("x" * 16), telegram_token=Secret("1:x"))
    assert noticing(routing, settings).ways == ALL


def notice(about: About = About.NEW, unit: str = "sudin-sda-31.74", **more: Any) -> NoticeRow:
    return NoticeRow(
        id="t-1", case="KNL-7F3K-92QX", unit=unit, way="mail", about=about, created_at=NOW, due_at=NOW, **more
    )


OUT_OF_DATE: dict[str, tuple[NoticeRow, CaseRow | None, str]] = {
    "no": (notice(), case(), ""),
    "it was joined": (notice(), case(joined_into="KNL-2"), "part of another"),
    "it is gone": (notice(), None, "part of another"),
    "it is closed": (notice(), case(status="selesai"), "closed by now"),
    "it was handed on": (notice(), case(unit="dinas-sda"), "another unit has the case"),
    "it was handed on, but this is who watches": (notice(About.ESCALATION), case(unit="dinas-sda"), ""),
    "it accuses by now": (notice(About.ESCALATION, BANGKA), case(category="pungutan-liar"), "may not know"),
}


@pytest.mark.parametrize(("row", "of", "says"), OUT_OF_DATE.values(), ids=OUT_OF_DATE)
def test_what_is_out_of_date(routing: Routing, row: NoticeRow, of: CaseRow | None, says: str) -> None:
    why = Noticing(routing, ALL).is_out_of_date(row, Known(of, "", 1) if of else None)
    assert says in why and bool(why) == bool(says)


def wording(routing: Routing, language: str = "id") -> Wording:
    return Wording(Texts.load().text, language, ZONE, routing)


def test_a_notice_of_one_case(routing: Routing) -> None:
    unit = routing.unit("sudin-sda-31.74")
    assert unit
    letter = wording(routing).letter(unit, [(notice(), Known(case(), "Banjir selutut, hubungi [telepon]", 3))], 9)
    assert letter.subject == "Laporan KNL-7F3K-92QX: Banjir atau genangan"
    assert letter.text.split("\n") == [
        "Untuk Suku Dinas Sumber Daya Air Jakarta Selatan:",
        "",
        "Laporan baru KNL-7F3K-92QX, tenggat 29/11/2026 16.09.",
        "Kategori: Banjir atau genangan. Tempat: Jl. Kemang Raya. Pelapor: 3.",
        "Banjir selutut, hubungi [telepon]",
        "",
        "Pesan otomatis, jangan dibalas. Identitas pelapor dirahasiakan.",
    ]


SAID: dict[str, tuple[NoticeRow, CaseRow, str]] = {
    "handed on": (notice(About.MOVED), case(), "Report KNL-7F3K-92QX was handed to you, due 29/11/2026 16.09."),
    "a reminder": (
        notice(About.REMINDER, step="coordinate", by=NOW + 3600),
        case(),
        "Reminder: report KNL-7F3K-92QX is to be coordinated, due 22/11/2026 17.09.",
    ),
    "an escalation": (
        notice(About.ESCALATION, "walikota-31.74", step="done"),
        case(unit="Sudin SDA"),
        "Report KNL-7F3K-92QX with Sudin SDA was not done, due 29/11/2026 16.09.",
    ),
    "nothing known": (notice(), case(category=None, where=""), "Reporters: 1."),
}


@pytest.mark.parametrize(("row", "of", "says"), SAID.values(), ids=SAID)
def test_in_english(routing: Routing, row: NoticeRow, of: CaseRow, says: str) -> None:
    unit = routing.unit(row.unit)
    assert unit
    assert says in wording(routing, "en").letter(unit, [(row, Known(of, "", 1))], 9).text.split("\n")


def test_a_flood_of_cases_is_one_short_message(routing: Routing) -> None:
    unit = routing.unit(BANGKA)
    assert unit
    letter = wording(routing).letter(unit, [(notice(), Known(case(), "a" * 9_000, 1))] * 2_000, 5)
    assert letter.subject == "2000 laporan untuk Kelurahan Bangka"
    assert "Dan 1995 laporan lain." in letter.text and letter.text.count("Laporan baru") == 5
    assert len(letter.text) < 5 * (MOST_WORDS + 200)
