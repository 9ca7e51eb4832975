"""The page of the channels, and pausing: nothing is sent by a channel that is paused, whatever comes in or restarts."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.accounts.account import Role
from gateway.cli.commands import app
from gateway.health.condition import State
from gateway.health.gap import Gap, GapState
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import FLOOD, LAMP, RINA, SECRET, Running, query, running, settings_in, sms, until
from tests.gateway.test_replies import kannel


def administrator(gateway: Running) -> Visitor:
    return Visitor(gateway.app, account(Role.ADMINISTRATOR))


async def test_a_paused_channel_takes_everything_and_sends_nothing_until_it_is_resumed(tmp_path: Path) -> None:
    async with kannel() as (server, channel):
        loaded = settings_in(tmp_path, channel)
        async with running(loaded) as gateway:
            at = administrator(gateway)
            assert (await at.post("/petugas/kanal/sms/jeda")).to == "/petugas/kanal"
            await gateway.send(sms("1", LAMP), sms("2", FLOOD, RINA))
            seen = await at.get("/petugas/kanal")
            assert ("Dijeda" in seen.text, "yang dijeda" in seen.text) == (True, True)
            assert "2 masuk, 0 keluar" in seen.text
            assert "0 diproses, 2 dikirim" in seen.text
            assert "◐1" in seen.text
            assert "/sms/uji" in seen.html
        async with running(loaded) as gateway:
            await gateway.send(sms("3", "Pohon tumbang di Jl. Cipete"))
            assert server.sent == []
            assert (await administrator(gateway).post("/petugas/kanal/sms/lanjut")).status == 303
            await until(lambda: len(server.sent) == 3, "all to be sent")
            assert [row["action"] for row in audited(gateway)] == ["pause a channel", "resume a channel"]


def audited(gateway: Running) -> list[dict[str, object]]:
    found = gateway.views.connection.execute("SELECT action, actor FROM audit ORDER BY seq")
    return [{"action": action, "actor": actor} for action, actor in found]


async def test_a_channel_is_asked_whether_it_can_be_used_and_what_to_do_is_told(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path), process=False) as gateway:
        at = administrator(gateway)
        tested = await at.get((await at.post("/petugas/kanal/sms/uji")).to)
        assert "/sms/uji" not in tested.html
        assert "tidak punya server untuk ditanya" in tested.text
        assert "Kanal ini tidak bisa mengirim" in tested.text
        assert ("Jeda" in tested.text, "yang dijeda" in tested.text) == (False, False)
        assert (await at.post("/petugas/kanal/smss/jeda")).status == 409


async def test_whose_answers_leave_by_another_channel_is_told_which(tmp_path: Path) -> None:
    async with kannel() as (_, channel):
        loaded = settings_in(tmp_path, channel, {"name": "desk", "kind": "desk"}, fall_back=["sms"])
        async with running(loaded, process=False) as gateway:
            seen = await administrator(gateway).get("/petugas/kanal")
    assert "Jawaban keluar lewat sms." in seen.text
    assert "Kanal ini tidak bisa mengirim" not in seen.text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.UNIT, Role.OFFICER])
async def test_channels_are_administrators_alone(tmp_path: Path, role: Role) -> None:
    async with running(settings_in(tmp_path), process=False) as gateway:
        at = Visitor(gateway.app, account(role))
        assert (await at.get("/petugas/kanal")).status == 403
        assert (await at.post("/petugas/kanal/sms/jeda")).status == 403


async def test_commands_pause_resume_and_test_while_none_runs(tmp_path: Path) -> None:
    file = tmp_path / "kanal.toml"
    loaded = settings_in(tmp_path)
    file.write_text(
        '[gateway]\ndata = "data"\n[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\n'
        'secret = { file = "secret" }\n'
    )

    async def kanal(verb: str, name: str = "sms") -> tuple[int, str]:
        done = await asyncio.to_thread(CliRunner().invoke, app, ["channels", verb, name, "--config", str(file)])
        return done.exit_code, done.output

    assert (await kanal("pause"))[0] == 1
    async with running(loaded, process=False) as gateway:
        assert gateway.app.store.pauses() == {}
    assert (await kanal("pause", "smss"))[0] == 1
    assert "nothing is sent by sms" in (await kanal("pause"))[1]
    async with running(loaded, process=False) as gateway:
        assert set(gateway.app.store.pauses()) == {"sms"}
        assert "held" in (await kanal("show"))[1]
        assert "sms sends again" in (await kanal("resume"))[1]
        assert "held" not in (await kanal("show"))[1]
    assert "no server to ask" in (await kanal("test"))[1]


async def test_the_log_of_a_channel_is_reached_from_its_line_and_from_what_came_and_went(tmp_path: Path) -> None:
    async with kannel() as (_, channel), running(settings_in(tmp_path, channel)) as gateway:
        await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m1', FLOOD)}")
        await gateway.ask(f"/in/sms/wrong/mo?{query('m2', FLOOD)}")
        await until(lambda: gateway.replies() == [("received", "sent")], "the answer")
        await gateway.app._ground.log.write()
        at, (reply,) = administrator(gateway), gateway.all("replies")
        assert "/petugas/kanal/sms/catatan" in (await at.get("/petugas/kanal")).html
        case = (await at.get(f"/petugas/kasus/{reply['case']}")).html
        assert (f"catatan?jawaban={reply['id']}" in case, "catatan?laporan=" in case) == (True, True)
        everything = (await at.get("/petugas/kanal/sms/catatan")).text
        assert ("dipanggil penyedia" in everything, "jawaban dikirim" in everything) == (True, True)
        failed = (await at.get("/petugas/kanal/sms/catatan?gagal=1")).text
        assert ("Ditolak" in failed, "jawaban dikirim" in failed) == (True, False)
        one = (await at.get(f"/petugas/kanal/sms/catatan?jawaban={reply['id']}")).text
        assert ("jawaban dikirim" in one, "dipanggil penyedia" in one, "202" in one) == (True, False, True)
        assert (await at.get("/petugas/kanal/smss/catatan")).status == 404
        unit = Visitor(gateway.app, account(Role.OPERATOR))
        assert (await unit.get("/petugas/kanal/sms/catatan")).status == 403
        assert "/petugas/kanal/" not in (await unit.get(f"/petugas/kasus/{reply['case']}")).html


async def test_what_is_wrong_and_the_last_outages_are_told_on_the_page_and_by_the_command(tmp_path: Path) -> None:
    file = tmp_path / "kanal.toml"
    loaded = settings_in(tmp_path)
    file.write_text(
        '[gateway]\ndata = "data"\n[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\n'
        'secret = { file = "secret" }\n'
    )
    async with running(loaded, process=False) as gateway:
        gap = Gap(channel="sms", began=1_795_410_000.0, ended=1_795_413_600.0, why="silent", state=GapState.OVER)
        await gateway.app.store.keep_gap(gap)
        gateway.app.channels["sms"].part("costs").is_now(State.SILENT, why="silent", since=1_795_410_000.0, usual="12")
        seen = await administrator(gateway).get("/petugas/kanal")
        assert "Sunyi" in seen.text
        assert "biasanya 12 per jam" in seen.text
        assert "Tidak terdengar dari 23/11 12.00 sampai 23/11 13.00" in seen.text
        done = await asyncio.to_thread(CliRunner().invoke, app, ["channels", "show", "sms", "--config", str(file)])
        assert "silent" in done.output
        assert "usually 12 an hour" in done.output
        assert "Not heard from 23/11 12.00 to 23/11 13.00; 0 messages came in afterwards." in done.output
