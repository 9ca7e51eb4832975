"""`kanal import`: a table goes in once, beside a running gateway and without one; what is refused comes back."""

import asyncio
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from dedupe.fingerprint import fingerprint
from gateway.cli.commands import app
from gateway.settings import Settings
from gateway.store import audit
from gateway.transfer import importing
from gateway.transfer.table import REASON
from normalizer.report import Report
from tests.gateway.support import BUDI, FLOOD, LAMP, Running, channel, of, running, settings_in, sms_channel
from tests.gateway.transfer import tables

HEAD = "No Tiket;Tanggal;Isi Laporan;Alamat;No HP;Nama;Kategori;RT\n"
TABLE = (
    f"{HEAD}"
    f"A-1;03/02/2025 14.05;{LAMP};Jl. Fatmawati No. 12;{BUDI};Budi Santoso;lampu-jalan;3\n"
    "A-2;04/02/2025;Got mampet dan bau;Jl. Melati;;;;\n"
    "A-3;kemarin;;Jl. Mawar;6,28123E+12;;;\n"
)


@pytest.fixture
def loaded(tmp_path: Path) -> Settings:
    (tmp_path / "kanal.toml").write_text(
        '[gateway]\ndata = "data"\n[[channels]]\nname = "arsip"\nkind = "table"\n'
        '[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\nsecret = { file = "secret" }\n'
    )
    (tmp_path / "lama.csv").write_text(TABLE, "utf-8")
    return settings_in(tmp_path, channel("table", "arsip"), sms_channel())


def kanal(folder: Path, *words: str, code: int = 0) -> Result:
    given = ["import", *words, "--config", str(folder / "kanal.toml"), "--data", str(folder / "data")]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == code, result.output
    return result


async def imported(folder: Path, name: str = "lama.csv", *words: str) -> dict[str, Any]:
    """By the command, beside whatever runs."""
    given = (str(folder / name), "--channel", "arsip", "--json", *words)
    result = await asyncio.to_thread(kanal, folder, *given)
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])  # after what the gateway logs
    return found


def counts(done: dict[str, Any]) -> tuple[int, int, int]:
    return done["taken"], done["known"], done["refused"]


async def test_a_table_goes_in_once(loaded: Settings, tmp_path: Path) -> None:
    async with running(loaded) as gateway:
        assert counts(await imported(tmp_path)) == (2, 0, 1)
        await gateway.settled()
        assert counts(await imported(tmp_path)) == (0, 2, 1)
        await gateway.settled()
        lamp, drain = gateway.all("reports")
        assert (lamp["text"], lamp["reported_at"], lamp["channel"]) == (LAMP, "2025-02-03T07:05:00Z", "arsip")
        assert (lamp["place"]["words"], lamp["categories"][0]["code"]) == ("Jl. Fatmawati No. 12, RT 3", "lampu-jalan")
        assert (drain["text"], drain["triage"]) == ("Got mampet dan bau", ["imported", "no-sender"])
        assert len(gateway.all("cases")) == 2
        recorded = next(audit.entries(gateway.views.connection, gateway.views.vault))
        assert (recorded["action"], recorded["about"]) == ("import a table", ["arsip"])


async def test_nobody_is_told_of_what_is_imported(loaded: Settings, tmp_path: Path) -> None:
    (tmp_path / "api.csv").write_text(f"{HEAD}B-1;;Kebakaran, warga terjebak api;Jl. Melati;{BUDI};;;\n", "utf-8")
    async with running(loaded) as gateway:
        await imported(tmp_path, "api.csv")
        await gateway.settled()
        [case] = gateway.all("cases")
        assert case["urgency"] == "emergency"
        assert (gateway.all("replies"), list(gateway.views.notices())) == ([], [])
        await gateway.app._lineup.operations.move(case["code"], "proses", "budi")
        assert gateway.all("replies") == []


async def test_who_reported_is_answered_where_that_is_asked_for(loaded: Settings, tmp_path: Path) -> None:
    async with running(loaded) as gateway:
        await imported(tmp_path, "lama.csv", "--tell")
        await gateway.settled()
        assert gateway.replies() == [("received", "kept")]


async def test_old_reports_are_compared_by_when_they_were_made(loaded: Settings, tmp_path: Path) -> None:
    """One flood in two messages of one day, and one a year later."""
    days = ("01/02/2024 10:00", "01/02/2024 10:04", "01/02/2025 10:00")
    lines = "".join(f"{day};{FLOOD};Jl. Kemang Raya;{number}\n" for number, day in enumerate(days))
    (tmp_path / "banjir.csv").write_text(f"Tanggal;Isi Laporan;Alamat;No\n{lines}", "utf-8")
    async with running(loaded) as gateway:
        await gateway.judging()
        await imported(tmp_path, "banjir.csv", "--map", "number=No")
        await gateway.settled()
        assert sorted(of(gateway.all("cases"), "reports")) == [1, 2]


async def test_without_a_gateway_rows_wait_for_the_next_start(loaded: Settings, tmp_path: Path) -> None:
    async with running(loaded):
        pass
    assert counts(await imported(tmp_path)) == (2, 0, 1)
    assert counts(await imported(tmp_path)) == (0, 2, 1)
    async with running(loaded) as gateway:
        await gateway.settled()
        assert len(gateway.all("reports")) == 2


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_refused_rows_come_back_are_mended_and_go_in(loaded: Settings, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"lama{suffix}"
    rows = [line.split(";") for line in TABLE.splitlines()]
    if suffix == ".xlsx":
        file.write_bytes(tables.workbook(*rows))
    async with running(loaded) as gateway:
        done = await imported(tmp_path, file.name)
        back = tmp_path / f"lama-ditolak{suffix}"
        assert (done["refused_file"], back.stat().st_mode & 0o777) == (str(back), 0o600)
        head, bad = read(back)
        assert (head, bad[1:5]) == ([REASON, *rows[0]], ["A-3", "kemarin", "", "Jl. Mawar"])
        assert bad[0].startswith("isi laporan kosong; tanggal 'kemarin' tidak terbaca")
        write(back, [head, [*bad[:2], "05/02/2025", "Sampah menumpuk", bad[4], "0812-3456-7890", "", "", ""]])
        assert counts(await imported(tmp_path, back.name)) == (1, 0, 0)
        await gateway.settled()
        assert of(gateway.all("reports"), "text")[-1] == "Sampah menumpuk"


def read(file: Path) -> list[list[str]]:
    if file.suffix == ".csv":
        return list(csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";"))
    sheet: Any = load_workbook(file).active
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def write(file: Path, rows: Sequence[Sequence[str]]) -> None:
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8-sig", newline="") as opened:
            csv.writer(opened, delimiter=";").writerows(rows)
    else:
        file.write_bytes(tables.workbook(*rows))


def test_a_dry_run_shows_what_is_understood_and_takes_nothing(loaded: Settings, tmp_path: Path) -> None:
    done = kanal(tmp_path, str(tmp_path / "lama.csv"), "--channel", "arsip", "--dry-run")
    assert done.stdout == "2 rows would be taken, 1 not\n"
    assert "what = Isi Laporan" in done.stderr
    assert f"{LAMP} | Jl. Fatmawati No. 12, RT 3 | lampu-jalan | Budi Santoso | {BUDI}" in done.stderr
    assert not (tmp_path / "data").exists()


REFUSED: dict[str, tuple[list[str], int, str]] = {
    "a channel that is not there": (["lama.csv", "--channel", "arsp"], 1, "did you mean 'arsip'?"),
    "a channel that takes no tables": (["lama.csv", "--channel", "sms"], 1, "the channel 'sms' takes no tables"),
    "a column that is not there": (
        ["lama.csv", "--channel", "arsip", "--map", "what=Uraian"],
        2,
        "there is no column 'Uraian'",
    ),
    "no table": (["secret", "--channel", "arsip"], 2, "which column holds the reports' words?"),
}


@pytest.mark.parametrize(("words", "code", "says"), REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_imported_is_said(
    loaded: Settings, tmp_path: Path, words: list[str], code: int, says: str
) -> None:
    async with running(loaded):
        pass
    result = await asyncio.to_thread(kanal, tmp_path, str(tmp_path / words[0]), *words[1:], code=code)
    assert says in result.stderr


async def test_many_rows_go_in_no_faster_than_they_are_processed(loaded: Settings, tmp_path: Path) -> None:
    lines = "".join(f"Got mampet di gang {number};{number}\n" for number in range(900))
    (tmp_path / "banyak.csv").write_text(f"Isi Laporan;No Tiket\n{lines}", "utf-8")
    async with running(loaded) as gateway:
        most = await watched(gateway, imported(tmp_path, "banyak.csv"))
        assert len(gateway.all("deliveries")) == 900
        assert most <= 500 + importing.AT_ONCE


async def watched(gateway: Running, work: Any) -> int:
    """The most that ever waited."""
    task, most = asyncio.create_task(work), 0
    while not task.done():
        most = max(most, gateway.app.store.waiting().get("arsip", 0))
        await asyncio.sleep(0.01)
    assert counts(task.result()) == (900, 0, 0)
    return most


def test_only_what_was_imported_is_compared_by_when_it_was_made() -> None:
    at, told = tables.NOW, tables.NOW.replace(year=2024)
    one = Report(id="r-1", channel="arsip", reporter="", received_at=at, reported_at=told, text="Got mampet")
    assert fingerprint(one).time == at.timestamp()
    old = Report(
        id="r-1", channel="arsip", reporter="", received_at=at, reported_at=told, text="", triage=("imported",)
    )
    assert fingerprint(old).time == told.timestamp()
