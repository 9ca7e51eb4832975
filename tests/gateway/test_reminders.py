"""Who is reminded of a case and when: once, whatever becomes of the case, the clock and the process meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gateway import control, moving, reminding, roles
from gateway.app import rules_of
from gateway.clock import Clock, Limits, Reminder, Span, Step
from gateway.filing import Rules
from gateway.moving import Wanted
from gateway.noticing import Noticing
from gateway.reminders import Reminding
from gateway.store.contract import CaseChange, CaseRow, Settlement
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from gateway.supervise import end
from tests.end_to_end.relay import Relay
from tests.gateway.store.begun import begun
from tests.gateway.store.rows import MASTER, report
from tests.gateway.support import channel, running, settings_in, until, with_store

JAKARTA = ZoneInfo("Asia/Jakarta")
HOUR, DAY = 3600.0, 86_400.0
OPENED = datetime(2026, 11, 2, 10, tzinfo=JAKARTA).timestamp()


def reminder(step: str, at: int, *tell: str, **values: Any) -> Reminder:
    return Reminder(code=f"{step}-{at}", step=Step(step), at=at, tell=tell or ("unit",), **values)


CLOCK = Clock(
    zone=JAKARTA,
    others=Limits(*map(Span.of, ("6 hours", "24 hours", "7 days", "1 month"))),
    reminders=(
        reminder("coordinate", 50),
        reminder("coordinate", 100, "unit", "default"),
        reminder("act", 100),
        reminder("done", 50),
        reminder("done", 80),
        reminder("done", 100, "unit", "kota"),
        reminder("last", 100, "unit", "default"),
    ),
)


def case(code: str = "KNL-1", **changes: Any) -> CaseRow:
    by = CLOCK.deadlines(OPENED)
    made = CaseRow(
        code=code,
        status="menunggu",
        opened_at=OPENED,
        due_at=by.done,
        what="Banjir",
        where="",
        unit="kelurahan-31.74.03.1002",
        coordinate_by=by.coordinate,
        act_by=by.act,
        last_by=by.last,
        remind_at=OPENED,
    )
    return msgspec.structs.replace(made, **changes)


TAKEN: dict[str, Any] = {"coordinated_at": OPENED, "acted_at": OPENED}
DUE: dict[str, tuple[CaseRow, float, list[str]]] = {
    "nothing yet": (case(), 2.9 * HOUR, []),
    "half of the first step": (case(), 3.1 * HOUR, ["coordinate-50"]),
    "of each step only the latest": (case(), 6 * DAY, ["coordinate-100", "act-100", "done-80"]),
    "not of steps that were taken": (case(**TAKEN), 6 * DAY, ["done-80"]),
    "all, a month later": (case(**TAKEN), 31 * DAY, ["done-100", "last-100"]),
    "none of a closed case": (case(closed_at=OPENED), 31 * DAY, []),
    "by the estimate": (case(due_at=OPENED + 20 * DAY, **TAKEN), 10.1 * DAY, ["done-50"]),
    "from when it began anew": (
        case(counted_from=OPENED + 9 * DAY, due_at=OPENED + 19 * DAY, **TAKEN),
        14.1 * DAY,
        ["done-50"],
    ),
}


@pytest.mark.parametrize(("row", "later", "codes"), DUE.values(), ids=DUE)
def test_what_is_to_be_given(row: CaseRow, later: float, codes: list[str]) -> None:
    assert [point.reminder.code for point in reminding.due(row, CLOCK, (), OPENED + later)] == codes


def test_the_next_look_is_at_the_next_reminder() -> None:
    looks, now = [], OPENED
    while (at := reminding.next_look(case(**TAKEN), CLOCK, now)) is not None:
        looks.append(round((at - OPENED) / DAY, 2))
        now = at
    assert looks == [3.5, 5.6, 7.0, 30.0]


KELURAHAN = "kelurahan-31.74.03.1002"
UNITS = """
[units.kelurahan]
mail = ["{slug}@example.go.id"]
[units.walikota]
mail = ["wali.{slug}@example.go.id"]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """Of a city whose kelurahan and wali kota have mail, and nobody else."""
    loaded = settings_in(tmp_path)
    loaded.gateway.data.mkdir()
    (loaded.gateway.data / "units.toml").write_text(UNITS)
    made = rules_of(loaded, b"key")
    return msgspec.structs.replace(made, clock=CLOCK, noticing=Noticing(made.routing, frozenset({"mail"})))


ROLES: dict[str, tuple[tuple[str, ...], dict[str, Any], tuple[str, ...]]] = {
    "who has it": (("unit",), {}, (KELURAHAN,)),
    "who is over its area": (("kecamatan", "kota"), {}, ("kecamatan-31.74.03", "walikota-31.74")),
    "where the case is": (("kota",), {"unit": "dinas-sda", "area": "31.73.05"}, ("walikota-31.73",)),
    "nobody over a case that is nowhere": (("kota",), {"unit": "dinas-sda"}, ("biro-pemerintahan",)),
    "an outside system's own unit": (("unit",), {"unit": "Dinas X"}, ("biro-pemerintahan",)),
    "nobody has it": (("unit",), {"unit": None}, ("biro-pemerintahan",)),
    "each once": (("unit", "default", "unit"), {"unit": "biro-pemerintahan"}, ("biro-pemerintahan",)),
    "a unit by its code": (("dinas-sda",), {}, ("dinas-sda",)),
    "a complaint about officials": (
        ("unit", "kecamatan", "kota", "default"),
        {"unit": "inspektorat", "category": "pungutan-liar", "area": "31.74.03.1002"},
        ("inspektorat", "biro-pemerintahan"),
    ),
}


@pytest.mark.parametrize(("named", "changes", "units"), ROLES.values(), ids=ROLES)
def test_whom_a_role_means(
    rules: Rules, named: tuple[str, ...], changes: dict[str, Any], units: tuple[str, ...]
) -> None:
    assert roles.units(named, case(**changes), rules.routing) == units


class Office:
    """A store with what reminds from it, and what can be seen of it."""

    def __init__(self, folder: Path, rules: Rules) -> None:
        self._folder = folder
        self.rules = rules
        self.open()

    def open(self) -> None:
        self.store = SqliteStore(begun(self._folder), MASTER, lambda death: None)
        self.reminding = Reminding(self.store, lambda: self.rules)

    async def look(self, later: float) -> None:
        await self.reminding.look(OPENED + later)

    async def opens(self, *cases: CaseRow) -> None:
        await self.store.settle(Settlement(cases=list(cases)))

    def notices(self) -> list[tuple[str, str, str, float]]:
        """Who is to be told why, of which step, and how many hours after the opening."""
        with Views(self._folder, lambda: MASTER) as views:
            found = views.connection.execute("SELECT unit, about, step, due_at FROM notices ORDER BY seq").fetchall()
        return [(unit, about, step, (due_at - OPENED) / HOUR) for unit, about, step, due_at in found]

    def given(self, code: str = "KNL-1") -> list[tuple[str, str, str]]:
        """By step: what part of its time was over, and who was told."""
        with Views(self._folder, lambda: MASTER) as views:
            lines = [line["detail"] for line in views.history(code) if line["event"] == "reminded"]
        return [(line["step"], line["at"], line["told"]) for line in lines]


@pytest.fixture
async def office(tmp_path: Path, rules: Rules) -> AsyncIterator[Office]:
    made = Office(tmp_path, rules)
    yield made
    await made.store.close()


def steps(given: Iterable[tuple[str, str, str]]) -> list[str]:
    return [f"{step} {at}" for step, at, _ in given]


async def test_over_its_life_a_case_is_reminded_of_once_at_each_time(office: Office) -> None:
    await office.opens(case(**TAKEN))
    for hours in range(0, 32 * 24, 6):
        await office.look(hours * HOUR)
    assert office.given() == [
        ("done", "50%", KELURAHAN),
        ("done", "80%", KELURAHAN),
        ("done", "100%", f"{KELURAHAN}, walikota-31.74"),
        ("last", "100%", f"{KELURAHAN}, biro-pemerintahan"),
    ]


LEAVES: dict[str, tuple[float, bool, str]] = {
    "urgent": (2.1 * HOUR, True, "2026-11-02 13:00"),
    "urgent, on the hour": (2 * HOUR, True, "2026-11-02 12:00"),
    "in the morning": (DAY - 5 * HOUR, False, "2026-11-03 07:00"),
    "at seven": (DAY - 3 * HOUR, False, "2026-11-03 07:00"),
    "during the day": (2 * HOUR, False, "2026-11-03 07:00"),
}


@pytest.mark.parametrize(("later", "urgent", "leaves_at"), LEAVES.values(), ids=LEAVES)
def test_when_units_are_told(later: float, urgent: bool, leaves_at: str) -> None:
    at = reminding.leaves_at(reminder("act", 80, urgent=urgent), CLOCK, OPENED + later)
    assert datetime.fromtimestamp(at, JAKARTA) == datetime.fromisoformat(leaves_at).replace(tzinfo=JAKARTA)


async def test_units_are_told_of_many_cases_at_the_same_time(office: Office) -> None:
    await office.opens(*(case(f"KNL-{number}", **TAKEN) for number in range(3)))
    await office.look(7 * DAY)
    morning = 8 * 24 - 3
    told = [(KELURAHAN, "reminder", "done", morning), ("walikota-31.74", "escalation", "done", morning)]
    assert office.notices() == told * 3


async def test_what_was_taken_or_shifted_meanwhile_is_out_of_date(office: Office) -> None:
    await office.opens(case(acted_at=OPENED))
    await office.look(7 * DAY)
    noticing, now = office.rules.noticing, OPENED + 8 * DAY
    waiting = office.store.due_notices("mail", KELURAHAN, now, 9)
    assert [notice.step for notice in waiting] == ["coordinate", "done"]

    async def out_of_date() -> list[str]:
        known = await office.store.known_of(["KNL-1"])
        return [noticing.is_out_of_date(notice, known["KNL-1"]) for notice in waiting]

    assert await out_of_date() == ["", ""]
    await moves(office, 7 * DAY + HOUR, status="estimasi", estimate_at=OPENED + 20 * DAY, reason="pompa")
    assert await out_of_date() == ["the step was taken, or is to be taken at another time"] * 2


@pytest.mark.threat("P0-12")
async def test_a_clock_that_is_set_and_a_restart_give_nothing_twice(office: Office) -> None:
    await office.opens(case(**TAKEN))
    for later in (4 * DAY, 400 * DAY, 4 * DAY, 8 * DAY, -DAY):
        await office.look(later)
        await office.store.close()
        office.open()
    assert steps(office.given()) == ["done 50%", "done 100%", "last 100%"]


async def test_after_a_stop_only_the_latest_is_given(office: Office) -> None:
    await office.opens(case(**TAKEN))
    await office.look(8 * DAY)
    assert steps(office.given()) == ["done 100%"]


async def test_a_case_that_was_joined_into_another_is_not_reminded_of_beside_it(office: Office) -> None:
    await office.opens(case("KNL-1", **TAKEN), case("KNL-2", joined_into="KNL-1", **TAKEN))
    await office.look(8 * DAY)
    assert (steps(office.given("KNL-1")), office.given("KNL-2")) == (["done 100%"], [])


async def moves(office: Office, later: float, **wanted: Any) -> None:
    row = office.store.case("KNL-1")
    assert row
    change = moving.change(row, Wanted(**wanted), OPENED + later, CLOCK)
    await office.store.settle(Settlement(changes=[change]))


async def test_an_estimate_shifts_what_is_still_to_come(office: Office) -> None:
    await office.opens(case(**TAKEN))
    await office.look(4 * DAY)
    await moves(office, 5 * DAY, status="estimasi", estimate_at=OPENED + 20 * DAY, reason="pompa")
    for later in (5.1, 8, 12, 21):
        await office.look(later * DAY)
    assert steps(office.given()) == ["done 50%", "done 50%", "done 100%"]


async def test_a_closed_case_is_left_alone_and_one_opened_again_begins_anew(office: Office) -> None:
    await office.opens(case(**TAKEN))
    await moves(office, DAY, status="selesai")
    await office.look(10 * DAY)
    assert office.given() == []
    await moves(office, 10 * DAY, status="menunggu")
    await office.look(10 * DAY)
    await office.look(10 * DAY + 7 * HOUR)
    await office.look(14 * DAY)
    assert steps(office.given()) == ["coordinate 100%", "act 100%", "done 50%"]


async def test_a_case_that_changes_while_it_is_looked_at_is_looked_at_again(office: Office) -> None:
    await office.opens(case(**TAKEN))
    found = await office.store.to_remind(OPENED + 8 * DAY, 9, ())
    change = CaseChange(code="KNL-1", expected="menunggu", closed_at=OPENED + 8 * DAY, remind_at=0)
    await office.store.settle(Settlement(changes=[change]))
    assert [one.case.code for one in found] == ["KNL-1"]
    await office.look(8 * DAY)
    assert office.given() == []


async def test_a_table_that_changes_is_applied_to_cases_that_are_open(office: Office) -> None:
    await office.opens(case(**TAKEN))
    await office.look(8 * DAY)
    changed = msgspec.structs.replace(CLOCK, reminders=(*CLOCK.reminders, reminder("done", 110)))
    office.rules = msgspec.structs.replace(office.rules, clock=changed)
    await office.look(8 * DAY)
    assert steps(office.given()) == ["done 100%", "done 110%"]


async def test_of_what_only_machines_have_said_nobody_is_reminded(office: Office) -> None:
    """Until somebody else reports the same."""
    said = report("r-1", "KNL-1", triage=("automatic",)), report("r-2", "KNL-1", triage=("spam", "no-place"))
    await office.store.settle(Settlement(cases=[case(**TAKEN)], reports=list(said)))
    await office.look(4 * DAY)
    assert office.given() == []
    await office.store.settle(Settlement(reports=[report("r-3", "KNL-1", triage=("no-place",))]))
    await office.look(8 * DAY)
    assert steps(office.given()) == ["done 100%"]


async def test_hundreds_are_looked_at_in_one_go(office: Office) -> None:
    await office.opens(*(case(f"KNL-{number}", **TAKEN) for number in range(450)))
    await office.look(8 * DAY)
    assert {len(office.given(f"KNL-{number}")) for number in (0, 199, 200, 449)} == {1}


def late_by_a_day() -> dict[str, Any]:
    """The times of a case that is worked on, as of now."""
    now = time.time()
    return {**TAKEN, "opened_at": now - 8 * DAY, "due_at": now - DAY, "last_by": now + 20 * DAY, "remind_at": 0.0}


async def test_a_running_gateway_gives_what_is_due(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    late = case(**late_by_a_day())
    await with_store(loaded, lambda store: store.settle(Settlement(cases=[late])))
    async with running(loaded) as gateway:
        await until(lambda: len(gateway.views.history("KNL-1")), "a reminder")
        (line,) = gateway.views.history("KNL-1")
    assert (line["event"], line["detail"]["told"]) == (
        "reminded",
        "kelurahan-31.74.03.1002, kecamatan-31.74.03, walikota-31.74",
    )


async def test_hundreds_of_late_cases_are_one_mail_to_their_unit(tmp_path: Path) -> None:
    """Which leaves with the next digest, or when somebody has one of its notices sent now."""
    with Relay() as relay:
        mail = channel("smtp", "mail", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0", **relay.settings)
        loaded = settings_in(tmp_path, mail, notices={"mail_channel": "mail"})
        loaded.gateway.data.mkdir(mode=0o700)
        (loaded.gateway.data / "units.toml").write_text('[units.dinas-sda]\nmail = ["sda@example.go.id"]\n')
        late = [case(f"KNL-{number}", unit="dinas-sda", **late_by_a_day()) for number in range(300)]
        await with_store(loaded, lambda store: store.settle(Settlement(cases=late)))
        async with running(loaded) as gateway:
            await until(lambda: len(list(gateway.views.notices(limit=999))) == 300, "the notices")
            waiting = next(iter(gateway.views.notices()))
            await control.ask(gateway.folder, "retry_notice", {"notice": waiting["id"]})
            await until(lambda: relay.mails, "the mail")
            (digest,) = relay.mails
    assert digest.to == ("sda@example.go.id",)
    assert "300" in digest.read["Subject"]
    assert "Pengingat: laporan KNL-0 harus selesai" in digest.text
    assert "Dan 250 laporan lain." in digest.text


@pytest.mark.threat("P0-12")
async def test_when_the_clock_leaps_reminders_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody may set it right again before units are told of what is not late."""
    monkeypatch.setattr("gateway.reminders.SECONDS", 0.01)
    leap = OPENED + 8 * DAY
    monkeypatch.setattr("time.time", lambda: OPENED)
    office.open()
    await office.opens(case(**TAKEN))
    monkeypatch.setattr("time.time", lambda: leap)
    running_part = asyncio.create_task(office.reminding.run())
    await until(lambda: "reminders wait" in capsys.readouterr().out, "the leap to be seen")
    await end([running_part])
    assert office.given() == []
