"""The pages on which tables of reports are brought in: a file, its columns, how far it has come, what was refused."""

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from gateway.accounts.account import Role
from gateway.cli.commands import app as kanal
from gateway.store import audit
from gateway.store.connecting import FILE
from tests.gateway.console.support import SAME_ORIGIN, TOKEN, Seen, Visitor, account
from tests.gateway.support import BUDI, LAMP, Running, channel, of, running, settings_in, until
from tests.gateway.test_outlets import dumped
from tests.gateway.transfer import tables

HOME = "/petugas/impor"
TABLE = (
    f"Tanggal;Cerita;Alamat;No HP;RT\n03/02/2025;{LAMP};Jl. Fatmawati;{BUDI};3\n"
    "kemarin;Got mampet dan bau sekali;Jl. Mawar;;4\n"
)
BOUNDARY = "batas-0123456789"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(settings_in(tmp_path_factory.mktemp("import"), channel("table", "arsip"))) as found:
        yield found


def visitor(gateway: Running, **values: str) -> Visitor:
    return Visitor(gateway.app, account(Role.OPERATOR, **values))


async def upload(
    gateway: Running, content: bytes = TABLE.encode(), name: str = "laporan lama.csv", **fields: str
) -> Seen:
    """As a browser sends a form with a file."""
    escaped = name.replace("\r", "%0D").replace("\n", "%0A")  # as browsers do
    named = 'Content-Disposition: form-data; name="{}"'
    given = {"csrf": TOKEN, "channel": "arsip"} | fields
    parts = [f"--{BOUNDARY}\r\n{named.format(name)}\r\n\r\n{value}\r\n" for name, value in given.items()]
    file = f'--{BOUNDARY}\r\n{named.format("file")}; filename="{escaped}"\r\nContent-Type: text/csv\r\n\r\n'
    body = "".join((*parts, file)).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = SAME_ORIGIN | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return await visitor(gateway)._ask("POST", HOME, body, headers)


async def draft(gateway: Running, content: bytes = TABLE.encode(), **how: str) -> str:
    """The address of an import that waits for its columns."""
    seen = await upload(gateway, content, **how)
    assert (seen.status, seen.to.startswith(f"{HOME}/")) == (303, True), seen.text
    return seen.to


async def finished(gateway: Running, path: str, says: str = "Selesai") -> Seen:
    who = visitor(gateway)
    for _ in range(4_000):
        seen = await who.get(f"{path}/kemajuan")
        if says in seen.text:
            return seen
        await asyncio.sleep(0.02)
    raise AssertionError(seen.text)


async def test_a_file_is_shown_as_it_is_understood_before_anything_is_taken(gateway: Running) -> None:
    seen = await visitor(gateway).get(await draft(gateway))
    assert "Dari 2 baris pertama, 1 ditolak." in seen.text
    assert LAMP in seen.text
    assert "tanggal 'kemarin' tidak terbaca" in seen.text
    assert '<option selected value="Cerita">' in seen.html
    assert "Mulai impor 2 baris" in seen.text
    assert gateway.all("deliveries") == []


async def test_columns_are_said_and_the_preview_follows(gateway: Running) -> None:
    path = await draft(gateway)
    who = visitor(gateway)
    without = await who.post(path, {"do": "map", "kolom.when": "Tanggal"})
    assert (without.status, "Pilih kolom yang berisi laporan." in without.text) == (422, True)
    assert (await who.post(path, {"do": "map", "kolom.what": "Cerita", "keep": "Alamat"})).to == path
    seen = await who.get(path)
    assert "Dari 2 baris pertama, 0 ditolak." in seen.text
    assert 'name="keep" value="Alamat" checked' in seen.html


async def test_an_import_runs_and_what_was_refused_comes_back(gateway: Running) -> None:
    path = await draft(gateway)
    who = visitor(gateway)
    columns = {"kolom.what": "Cerita", "kolom.when": "Tanggal", "kolom.where": "Alamat", "kolom.phone": "No HP"}
    assert (await who.post(path, {"do": "start"} | columns)).to == path
    seen = await finished(gateway, path)
    assert "2 dari 2 baris." in seen.text
    assert "hx-get" not in seen.html
    await gateway.settled()
    assert of(gateway.all("reports"), "text") == [LAMP]
    back = await who.get(f"{path}/ditolak")
    assert 'filename="laporan_lama-ditolak.csv"' in back.headers["Content-Disposition"]
    head, bad = csv.reader(io.StringIO(back.body.decode("utf-8-sig")), delimiter=";")
    assert (head[:2], bad[1:3]) == (["alasan", "Tanggal"], ["kemarin", "Got mampet dan bau sekali"])
    assert "Selesai" in (await who.get(HOME)).text
    recorded = next(audit.entries(gateway.views.connection, gateway.views.vault))
    assert (recorded["actor"], recorded["action"], recorded["about"]) == ("operator", "import a table", ["arsip"])
    code = gateway.all("cases")[0]["code"]
    assert "Dari tabel, 03/02/2025" in (await who.get(f"/petugas/kasus/{code}")).text
    await who.post(path, {"do": "drop"})
    assert (await who.get(path)).status == 404


async def test_an_import_is_nobody_else_s(gateway: Running) -> None:
    path = await draft(gateway)
    other = visitor(gateway, id="u-lain", name="lain")
    for where in (path, f"{path}/kemajuan", f"{path}/ditolak"):
        assert (await other.get(where)).status == 404
    assert (await other.post(path, {"do": "start"})).status == 404
    assert path not in (await other.get(HOME)).html


@pytest.mark.threat("P1-28")
async def test_the_name_of_a_file_is_only_a_name(gateway: Running) -> None:
    path = await draft(gateway, name="../../etc/\u202epasswd\r\nX-Evil: 1.csv")
    back = await visitor(gateway).get(f"{path}/ditolak")
    assert re.fullmatch(r'attachment; filename="[\w.-]+-ditolak\.csv"', back.headers["Content-Disposition"])
    assert "\u202e" not in (await visitor(gateway).get(path)).html


REFUSED: dict[str, tuple[bytes, dict[str, str], str]] = {
    "no table": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\1\2\3\4", {}, "bukan tabel CSV atau XLSX"),
    "a sheet that is not there": (
        tables.workbook(("Isi",), ("Got",)),
        {"sheet": "Data"},
        "Tidak ada lembar bernama 'Data'",
    ),
    "a channel that is not there": (TABLE.encode(), {"channel": "fax"}, "Pilih kanalnya."),
    "no file": (b"", {}, "Pilih berkasnya dulu."),
}


@pytest.mark.parametrize(("content", "fields", "says"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_table_is_refused_beside_what_was_entered(
    gateway: Running, content: bytes, fields: dict[str, str], says: str
) -> None:
    seen = await upload(gateway, content, **fields)
    assert seen.status == 422
    assert says in seen.text
    assert f'value="{fields.get("sheet", "")}"' in seen.html


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICER, 403), (Role.UNIT, 403), (Role.ADMINISTRATOR, 200)])
async def test_only_who_may_import_does(gateway: Running, role: Role, status: int) -> None:
    assert (await Visitor(gateway.app, account(role)).get(HOME)).status == status


@pytest.mark.threat("P0-31")
async def test_a_table_that_waits_is_sealed_and_goes_when_somebody_is_erased(gateway: Running) -> None:
    path = await draft(gateway, f"Isi Laporan;No HP\nNama saya Kartini Purnamawati;{BUDI}\n".encode())
    held = "".join(dumped(gateway.folder / FILE))
    assert [word for word in ("Kartini", BUDI[3:]) if word in held] == []
    await gateway.app.store.destroy(forgotten)
    assert (await visitor(gateway).get(path)).status == 404
    assert "sudah tidak disimpan" in (await visitor(gateway).post(path, {"do": "start"})).text


def forgotten(connection: object) -> list[str]:
    from gateway.store.imports import forget_tables

    forget_tables(connection)  # type: ignore[arg-type]
    return []


async def test_who_asks_what_is_kept_of_them_is_told_of_rows_in_tables(gateway: Running) -> None:
    await finished_import(gateway)
    told = (await kanal_access(gateway))["rows_of_tables"]
    assert told[-1]["cells"] == {"Isi Laporan": "Sampah menumpuk", "No HP": "0811 1000 0001"}
    assert "Rini" not in json.dumps(told)


async def finished_import(gateway: Running) -> None:
    path = await draft(gateway, b"Isi Laporan;No HP\nSampah menumpuk;0811 1000 0001\nRini;0811 9999 9999\n")
    await visitor(gateway).post(path, {"do": "start", "kolom.what": "Isi Laporan", "kolom.phone": "No HP"})
    await finished(gateway, path)
    await gateway.settled()


async def kanal_access(gateway: Running) -> dict[str, Any]:
    words = ["access", BUDI, "--why", "permintaan tertulis", "--data", str(gateway.folder)]
    done = await asyncio.to_thread(CliRunner().invoke, kanal, words)
    found: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return found


async def test_an_import_goes_on_after_a_restart_and_is_stopped_by_a_person(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, channel("table", "arsip"))
    rows = "".join(f"Got mampet di gang {number};{number}\n" for number in range(260))
    async with running(loaded, process=False) as gateway:
        path = await draft(gateway, f"Isi Laporan;No Tiket\n{rows}".encode())
        await visitor(gateway).post(path, {"do": "start", "kolom.what": "Isi Laporan", "kolom.number": "No Tiket"})
        assert "Berjalan" in (await visitor(gateway).get(path)).text
    async with running(loaded) as gateway:
        seen = await finished(gateway, path)
        assert re.search(r"Masuk 260 ", seen.text)
        await gateway.settled()
        assert len(gateway.all("reports")) == 260
        again = await draft(gateway, f"Isi Laporan;No Tiket\n{rows}".encode())
        one = gateway.app.store.imports_of("u-operator")[0]
        await gateway.app._imports.start(one)
        await visitor(gateway).post(again, {"do": "stop"})
        await until(lambda: gateway.app.store.running_import() is None, "it to stop")
