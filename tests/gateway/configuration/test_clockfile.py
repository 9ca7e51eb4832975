"""The clock table that is shipped, what operators change in it, and every mistake told with its place."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gateway import categories, clockfile, settings, units
from gateway.clock import Clock, Limits
from gateway.errors import ConfigError

ROUTING = units.load(None, categories.load(), "31")


def loaded(folder: Path, text: str = "", days: int | None = None) -> Clock:
    (folder / "clock.toml").write_text(text)
    return clockfile.load(folder, ZoneInfo("Asia/Jakarta"), ROUTING, days)


def times(limits: Limits) -> list[str]:
    return [f"{span.count} {span.unit}" for span in msgspec.structs.astuple(limits)]


def test_the_shipped_table(tmp_path: Path) -> None:
    clock = clockfile.load(tmp_path, ZoneInfo("Asia/Jakarta"), ROUTING)
    assert times(clock.others) == ["6 hours", "24 hours", "7 days", "1 months"]
    assert (clock.by_category, clock.workdays.free) == ({}, frozenset())


def test_operators_change_single_times_and_give_categories_their_own(tmp_path: Path) -> None:
    text = 'holidays = [2029-02-14]\n[times.others]\nact = "1 day"\n[times.jalan-rusak]\ndone = "20 working days"\n'
    clock = loaded(tmp_path, text)
    assert times(clock.others) == ["6 hours", "1 days", "7 days", "1 months"]
    assert times(clock.by_category["jalan-rusak"]) == ["6 hours", "1 days", "20 working days", "1 months"]
    assert clock.workdays.free == {date(2029, 2, 14)}


def test_operators_add_reminders_and_leave_others_out(tmp_path: Path) -> None:
    shipped = loaded(tmp_path)
    assert {role for reminder in shipped.reminders for role in reminder.tell} == {
        "unit",
        "kecamatan",
        "kota",
        "default",
    }
    text = '[reminders.done-half]\nhidden = true\n[reminders.soon]\nstep = "act"\nat = 40\ntell = ["dinas-sda"]\n'
    changed = loaded(tmp_path, "digest_at = 06:30:00\n" + text)
    codes, before = ({reminder.code for reminder in one.reminders} for one in (changed, shipped))
    assert (codes - before, before - codes) == ({"soon"}, {"done-half"})
    assert changed.digest_at == time(6, 30)


@pytest.mark.parametrize(("days", "expected"), [(3, ["3 days", "1 months"]), (60, ["60 days", "60 days"])])
def test_the_settings_deadline_goes_before_that_of_others_and_moves_the_last_line_if_it_must(
    tmp_path: Path, days: int, expected: list[str]
) -> None:
    clock = loaded(tmp_path, '[times.jalan-rusak]\ndone = "20 days"\nlast = "70 days"\n', days)
    assert times(clock.others)[2:] == expected
    assert times(clock.by_category["jalan-rusak"])[2:] == ["20 days", "70 days"]


SOON = '[reminders.soon]\nstep = "act"\nat = 80\ntell = ["unit"]\n'
WRONG = {
    "no TOML": ("[times", "clock.toml: cannot be read"),
    "an unknown key": ('[times.banjir]\ndon = "1 day"', "times.banjir: unknown key 'don' → did you mean 'done'?"),
    "an unknown table": ("[time.others]", "time: unknown table or key → did you mean 'times'?"),
    "no text": ("[times.others]\nact = 7", "times.others.act: must be text"),
    "no time": ('[times.others]\nact = "2 weeks"', "times.others.act: '2 weeks' is no time → write it as \"6 hours\""),
    "no category": (
        '[times.jalan]\nact = "1 day"',
        "times.jalan: there is no such category → did you mean",
    ),
    "out of order": ('[times.others]\nact = "8 days"', "times.others.act: it takes longer than 'done' → the steps"),
    "a day in quotes": ('holidays = ["2029-02-14"]', "holidays[0]: must be a date, without quotes → as in [2029-02-14"),
    "an unknown step": (SOON.replace("act", "acting"), "reminders.soon.step: "),
    "an unknown role": (SOON.replace("unit", "camat"), "reminders.soon.tell: there is no role or unit 'camat'"),
    "nobody to tell": (SOON.replace('"unit"', ""), "reminders.soon.tell: "),
    "a time of day in quotes": (
        'digest_at = "07:00"',
        "digest_at: must be a time of day, without quotes → as in 07:00:00",
    ),
    "a single day": ("holidays = 2029-02-14T00:00:00", "holidays[0]: must be a date"),
}


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, text)
    assert says in str(refused.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, 'holidays = ["x"]\n[times.others]\nact = "x"\n[times.jalan]\ndone = "x"\n')
    assert len(refused.value.problems) == 4


def test_a_year_whose_holidays_working_days_need_is_warned_of_until_it_is_known(tmp_path: Path) -> None:
    text = '[times.banjir]\ndone = "700 working days"\nlast = "999 days"\n'
    (tmp_path / "clock.toml").write_text(text)
    first, last = (datetime.now(UTC) + timedelta(days=days) for days in (0, 980))
    found = settings.load(data=tmp_path, thorough=True).warnings
    told = [warning for warning in found if warning.where == "clock.toml: holidays"]
    assert f"no holidays of {last.year} are known" in told[-1].what
    days = ", ".join(f"{year}-05-01" for year in range(first.year, last.year + 1))
    (tmp_path / "clock.toml").write_text(f"holidays = [{days}]\n{text}")
    assert settings.load(data=tmp_path, thorough=True).warnings == tuple(one for one in found if one not in told)


def test_what_is_wrong_with_the_table_keeps_the_settings_from_being_taken(tmp_path: Path) -> None:
    (tmp_path / "clock.toml").write_text('[times.others]\nact = "2 weeks"\n')
    with pytest.raises(ConfigError, match=r"times\.others\.act"):
        settings.load(data=tmp_path, thorough=True)
