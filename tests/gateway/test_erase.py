"""`kanal erase`: what it destroys, what it leaves, and that nothing else is touched."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from adapters import Delivery
from gateway import control
from gateway.cli.commands import app
from gateway.settings import Settings
from gateway.store.audit import entries, verify
from gateway.store.contract import Settlement
from gateway.store.sqlite import SqliteStore
from gateway.vault import CannotOpen
from tests.gateway.support import (
    BUDI,
    FLOOD,
    LAMP,
    RINA,
    SAME_FLOOD,
    Running,
    copy,
    keep,
    piece,
    prepare,
    running,
    settings_in,
    sms,
    with_store,
)

CALL = "Hubungi 0811 1000 0001"
MESSAGES = [
    sms("m1", f"{FLOOD}. {CALL}", BUDI),
    sms("m2", SAME_FLOOD, RINA),
    sms("m3", LAMP, BUDI),
    sms("m4", "Pohon tumbang di Jl. Wijaya", RINA),
]


def erase(folder: Path, target: str, *arguments: str, code: int = 0) -> dict[str, Any]:
    why = ["--why", "permintaan warga"]
    done = CliRunner().invoke(
        app, ["erase", target, "--json", *why, "--config", str(folder / "kanal.toml"), *arguments]
    )
    assert done.exit_code == code, done.output
    told: dict[str, Any] = json.loads(done.output) if code == 0 else {"said": done.output}
    return told


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    prepare(settings_in(folder), lambda gateway: gateway.send(*MESSAGES))
    return folder


@pytest.fixture
def loaded(tmp_path: Path, filed: Path) -> Settings:
    """Of a gateway that has filed all messages."""
    copy(filed, tmp_path)
    (tmp_path / "kanal.toml").write_text(
        '[gateway]\ndata = "data"\n[web]\nport = 0\n'
        '[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\nsecret = { file = "secret" }\n'
    )
    return settings_in(tmp_path)


@pytest.fixture
async def gateway(loaded: Settings) -> AsyncIterator[Running]:
    async with running(loaded) as started:
        await started.judging()
        yield started


def readable(gateway: Running) -> list[int]:
    return [row["seq"] for row in gateway.deliveries() if "body" in row]


def case_of(gateway: Running, words: str) -> str:
    code: str = next(row["case"] for row in gateway.all("reports") if words in row["text"])
    return code


async def test_a_person_is_erased_and_the_others_are_not(gateway: Running, tmp_path: Path) -> None:
    flood = case_of(gateway, "setinggi lutut")
    would = await asyncio.to_thread(erase, tmp_path, "0811-1000-0001", "--dry-run")
    assert readable(gateway) == [1, 2, 3, 4]
    done = await asyncio.to_thread(erase, tmp_path, "0811-1000-0001", "--yes")
    assert done["destroyed"] == would["destroyed"]
    assert done["destroyed"] == {"contacts": 1, "deliveries": 2, "reports": 2, "replies": 2} | {
        "talks": 0,
        "answers": 0,
        "notes": 0,
        "words_of_cases": [],
    }
    assert done["remains"]["masked_words_of_reports"] == 2
    assert readable(gateway) == [2, 4]
    [(budi, nobody), (rina, contact)] = gateway.app.store.reporters(flood)
    assert (budi.report.reporter, budi.pin_hash, nobody) == ("", None, None)
    assert (contact and contact.value, rina.report.text) == (RINA, SAME_FLOOD)
    assert [row["text"] == "" for row in gateway.all("replies")] == [True, False, True, False]


async def test_who_was_erased_may_write_again_and_is_a_stranger(gateway: Running, tmp_path: Path) -> None:
    await asyncio.to_thread(erase, tmp_path, BUDI, "--yes")
    await gateway.send(sms("m5", "Got mampet di Jl. Cipete Raya", BUDI))
    [(_, contact)] = gateway.app.store.reporters(case_of(gateway, "mampet"))
    assert contact is not None and contact.value == BUDI
    [(old, nobody), _] = gateway.app.store.reporters(case_of(gateway, "setinggi lutut"))
    assert (old.report.reporter, nobody) == ("", None)


async def test_a_redelivery_of_what_was_erased_stays_erased(gateway: Running, tmp_path: Path) -> None:
    await asyncio.to_thread(erase, tmp_path, BUDI, "--yes")
    await gateway.send(MESSAGES[0])
    assert (readable(gateway), len(gateway.all("reports"))) == ([2, 4], 4)


async def test_reports_of_open_cases_go_on_being_compared(gateway: Running, tmp_path: Path) -> None:
    flood = case_of(gateway, "setinggi lutut")
    await asyncio.to_thread(erase, tmp_path, BUDI, "--yes")
    await gateway.send(sms("m5", SAME_FLOOD, "+6281110000003"))
    assert gateway.all("reports")[-1]["case"] == flood


async def test_what_officers_said_in_clear_of_a_case_goes_with_it(gateway: Running, tmp_path: Path) -> None:
    tree = case_of(gateway, "Pohon")
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    said = {"note": "di balik pagar bambu", "reason": "pagar bambu dibongkar dulu"}
    for move in ({"status": "proses", "note": "di balik pagar bambu"}, {"status": "estimasi", "estimate": day} | said):
        await control.ask(gateway.folder, "move", {"code": tree, "actor": "camat"} | move)
    before = gateway.case(tree)
    assert "bambu" in before["estimate_reason"]
    await asyncio.to_thread(erase, tmp_path, tree, "--yes")
    after = gateway.case(tree)
    assert "bambu" not in f"{after}{gateway.views.history(tree)}"
    assert (after["estimate_reason"], after["due_at"]) == (None, before["due_at"])


async def test_a_proof_goes_with_the_last_case_that_it_proves(gateway: Running, tmp_path: Path) -> None:
    tree, lamp = case_of(gateway, "Pohon"), case_of(gateway, "Lampu")
    for code in (tree, lamp):
        proof = b64encode(b"a photo of both").decode()
        await control.ask(gateway.folder, "move", {"code": code, "status": "proses", "actor": "camat", "proof": proof})
    kept = []
    for code in (tree, lamp):
        await asyncio.to_thread(erase, tmp_path, code, "--yes")
        kept.append(sum(path.is_file() for path in (gateway.folder / "blobs").rglob("*")))
        assert "proof" not in str(gateway.views.history(code))
    assert kept == [1, 0]


async def test_a_case_is_erased_with_all_that_was_said_in_it(gateway: Running, tmp_path: Path) -> None:
    flood = case_of(gateway, "setinggi lutut")
    done = await asyncio.to_thread(erase, tmp_path, flood.lower(), "--yes")
    assert done["destroyed"] == {"contacts": 0, "deliveries": 2, "reports": 2, "replies": 2} | {
        "talks": 0,
        "answers": 0,
        "notes": 0,
        "words_of_cases": [flood],
    }
    assert readable(gateway) == [3, 4]
    shown = gateway.views.case(flood)
    assert shown and (shown["what"], shown["where"], shown["status"]) == ("", "", "menunggu")
    assert [row["text"] for row in gateway.views.case_reports(flood)] == ["", ""]
    await gateway.send(sms("m5", SAME_FLOOD, "+6281110000003"))
    assert gateway.all("reports")[-1]["case"] != flood
    assert (await gateway.ask(f"/lacak/{flood}")).status == 200


async def test_news_of_the_case_that_it_was_joined_into_is_erased_too(gateway: Running, tmp_path: Path) -> None:
    """Budi reported the flood and the lamp, Rina the flood and a tree."""
    flood, lamp = case_of(gateway, "setinggi lutut"), case_of(gateway, "Lampu")
    tree = case_of(gateway, "Pohon")
    for verb, values in (
        ("join", {"code": lamp, "into": tree}),
        ("move", {"code": tree, "status": "proses", "note": "rumah Bu Canary"}),
    ):
        await control.ask(gateway.folder, verb, values | {"actor": "camat"})
    await asyncio.to_thread(erase, tmp_path, lamp, "--yes")
    left = [(row["case"], row["about"]) for row in gateway.all("replies") if row["text"]]
    assert left == [(flood, "received"), (flood, "received"), (tree, "received"), (tree, "moved")], "not Budi's news"


async def test_a_text_in_pieces_is_erased_in_all_of_them(gateway: Running, tmp_path: Path) -> None:
    for number in (1, 2):
        await gateway.send(piece(f"p{number}", f"Tiang miring di Jl. Senopati {number} ", number, 2))
    code = case_of(gateway, "Senopati 2")
    assert readable(gateway) == [1, 2, 3, 4, 5, 6]
    await asyncio.to_thread(erase, tmp_path, code, "--yes")
    assert readable(gateway) == [1, 2, 3, 4]


async def test_one_delivery_is_erased(gateway: Running, tmp_path: Path) -> None:
    await asyncio.to_thread(erase, tmp_path, "3", "--yes")
    assert readable(gateway) == [1, 2, 4]
    with pytest.raises(CannotOpen):
        gateway.views.body(3)


@pytest.mark.parametrize("target", ["+6281199999999", "KNL-0000-0000", "99", "siapa?"])
async def test_what_is_not_there_is_said_to_be_so(gateway: Running, tmp_path: Path, target: str) -> None:
    said = (await asyncio.to_thread(erase, tmp_path, target, "--yes", code=1))["said"]
    assert "nothing is kept of" in said or "is neither a phone number nor" in said


async def test_it_works_without_a_gateway_and_is_in_the_audit_log(loaded: Settings, tmp_path: Path) -> None:
    await asyncio.to_thread(erase, tmp_path, BUDI, "--yes")
    async with running(loaded, process=False) as gateway:
        assert readable(gateway) == [2, 4]
        kept = await gateway.app.store.read(lambda reader: list(entries(reader, gateway.app.store.vault)))
        assert [(entry["action"], entry["why"]) for entry in kept] == [("erase", "permintaan warga")]
        assert BUDI not in str(kept[0]["about"])
        assert await gateway.app.store.read(lambda reader: verify(reader, gateway.app.store.vault)) is None


async def log(loaded: Settings) -> list[tuple[str, str | None, list[str]]]:
    async def read(store: SqliteStore) -> list[tuple[str, str | None, list[str]]]:
        found = await store.read(lambda reader: list(entries(reader, store.vault, newest=False)))
        assert await store.read(lambda reader: verify(reader, store.vault)) is None
        return [(entry["action"], entry["why"], entry["about"]) for entry in found]

    return await with_store(loaded, read)


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize("target", [BUDI, "+6281199999999", "3", "KNL-0000-0000"])
async def test_who_only_looks_is_in_the_audit_log(loaded: Settings, tmp_path: Path, target: str) -> None:
    nothing = target in ("+6281199999999", "KNL-0000-0000")
    await asyncio.to_thread(erase, tmp_path, target, "--dry-run", code=int(nothing))
    [(action, why, about)] = await log(loaded)
    assert (action, why) == ("look what could be erased", "permintaan warga")
    assert about and BUDI not in about


@pytest.mark.threat("P0-33")
async def test_who_finds_nothing_to_erase_is_in_the_audit_log(loaded: Settings, tmp_path: Path) -> None:
    await asyncio.to_thread(erase, tmp_path, "+6281199999999", "--yes", code=1)
    assert [action for action, _, _ in await log(loaded)] == ["look what could be erased"]


async def test_why_somebody_looked_is_erased_with_the_person_it_was_about(loaded: Settings, tmp_path: Path) -> None:
    for who in (RINA, BUDI):
        await asyncio.to_thread(erase, tmp_path, who, "--dry-run")
    await asyncio.to_thread(erase, tmp_path, BUDI, "--yes")
    reasons = [why is not None for _, why, _ in await log(loaded)]
    assert reasons == [True, False, True], "Rina's, Budi's, and that of the erasure itself"


async def test_the_judge_may_go_on_during_a_search(gateway: Running, tmp_path: Path) -> None:
    async with gateway.app.judging.turn, asyncio.timeout(120):
        told = await asyncio.to_thread(erase, tmp_path, BUDI, "--dry-run")
    assert told["destroyed"]["reports"] == 2


async def test_what_was_filed_after_it_was_searched_for_is_erased_too(gateway: Running, tmp_path: Path) -> None:
    """The search is over, and the turn is another's."""
    async with gateway.app.judging.turn:
        order = {"target": BUDI, "actor": "camat", "why": "permintaan warga"}
        erasing = asyncio.create_task(control.ask(gateway.folder, "erase", order))
        await asyncio.sleep(0.5)
        store = gateway.app.store
        [(mine, contact), _] = store.reporters(case_of(gateway, "setinggi lutut"))
        new = msgspec.structs.replace(mine, report=msgspec.structs.replace(mine.report, id="r-new"))
        await store.settle(Settlement(reports=[new]))
    done: Any = await erasing
    assert (contact is not None, done["destroyed"]["reports"]) == (True, 3)


@pytest.mark.parametrize("command", ["erase", "access"])
async def test_a_person_may_be_named_where_no_other_user_sees_it(
    loaded: Settings, tmp_path: Path, command: str
) -> None:
    arguments = [command, "-", "--why", "surat 17/2026", "--config", str(tmp_path / "kanal.toml")]
    arguments += ["--dry-run"] if command == "erase" else []
    done = await asyncio.to_thread(CliRunner().invoke, app, arguments, f"{BUDI}\n")
    assert (done.exit_code, "2 reports" in done.output or "2 deliveries" in done.output) == (0, True)


async def test_a_copy_of_before_an_upgrade_is_told_of(loaded: Settings, tmp_path: Path) -> None:
    copy = loaded.gateway.data / "kanal.db.before-m004_sealed"
    copy.write_bytes(b"")
    arguments = ["erase", BUDI, "--yes", "--why", "x", "--config", str(tmp_path / "kanal.toml")]
    done = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert (done.exit_code, f"{copy.name} is of before an upgrade" in done.stderr) == (0, True)


async def test_it_asks_first_and_wants_a_reason(loaded: Settings, tmp_path: Path) -> None:
    arguments = ["erase", BUDI, "--config", str(tmp_path / "kanal.toml")]
    for only_look in ([], ["--dry-run"]):
        unsaid = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, *only_look])
        assert (unsaid.exit_code, "--why" in unsaid.output) == (2, True)
    refused = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--why", "x"], "n\n")
    assert (refused.exit_code, "Erase it?" in refused.output) == (1, True)
    async with running(loaded, process=False) as gateway:
        assert readable(gateway) == [1, 2, 3, 4]


async def test_what_is_not_filed_yet_is_left_and_told(tmp_path: Path, loaded: Settings) -> None:
    new: list[Delivery] = [sms("m9", "Lampu padam di Jl. Barito", BUDI)]
    await keep(loaded, new)
    done = await asyncio.to_thread(erase, tmp_path, BUDI, "--yes")
    assert done["remains"]["deliveries_of_others_that_mention_the_person"] == [5]
    async with running(loaded) as gateway:
        await gateway.settled()
        assert "Barito" in gateway.all("reports")[-1]["text"]
