"""Files that were fetched, are lost or still wait: on the page of their case, to the doctor, read again, forgotten."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from gateway.accounts.account import Role
from gateway.doctor import fetches
from gateway.doctor.finding import Health, Patient
from tests.gateway.console.support import Visitor, account
from tests.gateway.fetching.providing import PHOTO, Provider, fetched, files, lying, photo, reports, say, waiting
from tests.gateway.support import LAMP, running, until, with_store
from tests.gateway.test_purge_command import purge
from tests.gateway.test_replay import command

REPLAY = ["replay", "--channel", "chat", "--since", "2020-01-01"]
REFETCH = ["files", "refetch"]
OLD = "UPDATE deliveries SET received_at = received_at - 91 * 86400"


def written(folder: Path, provider: Provider) -> None:
    """The settings as commands read them."""
    (folder / "kanal.toml").write_text(
        f'[gateway]\ndata = "data"\n[[channels]]\nname = "chat"\nkind = "provider"\nurl = "{provider.url}"\n'
    )


async def test_the_page_of_a_case_and_the_doctor_tell_how_files_stand(tmp_path: Path, provider: Provider) -> None:
    provider.files |= {"a": PHOTO, "c": 503, "d": bytes(70_000)}
    loaded = lying(provider, tmp_path, max_file_size=65_536)
    async with running(loaded) as gateway:
        await say(gateway, "1", photo("a"), photo("b"), photo("c"), photo("d"))
        await fetched(gateway)
        await until(lambda: len([one for one in files(gateway) if one.doubts]) == 2, "two to be given up")
        await until(lambda: any(tries for _, _, tries, _ in waiting(gateway)), "one to be tried")
        [row] = gateway.all("reports")
        visitor = Visitor(gateway.app, account(Role.OPERATOR))
        seen = await visitor.get(f"/petugas/kasus/{row['case']}")
        assert f"/berkas/{row['id']}/1" in seen.html
        assert f"/berkas/{row['id']}/2" not in seen.html
        assert "Berkas tidak bisa diambil: server tempatnya menjawab dengan kode 404" in seen.text
        assert seen.text.count("lebih besar dari 0.0625 MB") == 2  # with the report, and as what happened
        english = await visitor.get(f"/petugas/kasus/{row['case']}?bahasa=en")
        assert "Who reported can send a smaller one" in english.text
        assert "the file is" not in english.text
        assert "Berkas sedang diambil" in seen.text
        found = list(fetches.check(Patient(loaded, gateway.folder, None)))
        assert [one.health for one in found] == [Health.OK, Health.WARN]
        assert found[0].said.startswith("1 wait to be fetched by chat")
        assert found[1].said == "2 could not be fetched by chat"


async def test_what_was_lost_is_asked_for_again_by_command(tmp_path: Path, provider: Provider) -> None:
    provider.files["c"] = PHOTO
    loaded = lying(provider, tmp_path)
    written(tmp_path, provider)
    async with running(loaded) as gateway:
        await say(gateway, "1", photo("a"), photo("b"))
        await say(gateway, "2", photo("c"))
        await until(lambda: len([one for one in files(gateway) if one.doubts]) == 2, "two to be given up")
        [row, _] = gateway.all("reports")
        provider.files["a"] = PHOTO
        assert await command(tmp_path, *REFETCH, row["case"]) == [{"refetched": 2}]
        await fetched(gateway, 2)
        await until(lambda: [state for _, state, *_ in waiting(gateway)] == ["lost"], "the other to be given up again")
        assert [one.doubts for one in files(gateway)] == [(), ("lost",), ()]
        assert provider.asked == {"a": 2, "b": 2, "c": 1}
        events = [one["event"] for one in gateway.views.history(row["case"])]
        assert events.count("file-lost") == 3
    assert await command(tmp_path, *REFETCH, "--channel", "chat") == [{"refetched": 1}]
    provider.files["b"] = PHOTO
    async with running(loaded) as gateway:
        await fetched(gateway, 3)
        assert waiting(gateway) == []


REFUSED: Mapping[str, tuple[tuple[str, ...], int, str]] = {
    "nothing is named": ((), 2, "name a report or a case"),
    "a report without a lost file": (("r-1",), 1, "none of its files is lost"),
    "a channel that has no files elsewhere": (
        ("--channel", "sms"),
        1,
        "no channel 'sms' fetches files; these do: chat",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_asked_for_again_is_told(tmp_path: Path, provider: Provider, name: str) -> None:
    arguments, code, said = REFUSED[name]
    written(tmp_path, provider)
    await with_store(lying(provider, tmp_path), lambda store: store.waiting_fetches())
    [told] = await command(tmp_path, *REFETCH, *arguments, code=code)
    assert said in told["said"]


async def test_what_was_fetched_stays_when_its_message_is_read_again_and_goes_with_it(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.files["a"] = PHOTO
    loaded = lying(provider, tmp_path)
    written(tmp_path, provider)
    async with running(loaded) as gateway:
        await say(gateway, "1", photo("a"), photo("b"))
        await until(lambda: all(one.digest or one.doubts for one in files(gateway) or [photo("")]), "both")
        before = reports(gateway)[0]
    assert await command(tmp_path, *REPLAY) == []
    monkeypatch.setenv("KANAL_PROVIDER_REPAIRED", "1")
    [found] = await command(tmp_path, *REPLAY)
    assert "attachments" not in found["fields"]
    await command(tmp_path, *REPLAY, "--apply")
    async with running(loaded) as gateway:
        after = reports(gateway)[0]
        assert after.text == f"{LAMP} dekat Pasar Santa"
        assert after.attachments == before.attachments
        assert after.place and before.place and after.place.hint == before.place.hint
        assert provider.asked == {"a": 1, "b": 1}
    await with_store(loaded, lambda store: store._writer.run(lambda connection: connection.execute(OLD)))
    assert (await asyncio.to_thread(purge, tmp_path))["deliveries"] == 3
    kept = await with_store(loaded, lambda store: store.deliveries_of(before.id))
    assert kept == []
