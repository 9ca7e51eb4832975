"""The same photo in several cases is a warning to officers, and never in anybody's way."""

import asyncio
import json
from base64 import b64encode
from pathlib import Path

from msgspec.structs import replace
from PIL import Image
from typer.testing import CliRunner

from gateway.accounts.account import Role
from gateway.cli.commands import app
from gateway.store.contract import CaseChange, Settlement
from gateway.store.images import MOST_CASES, As, Seen, of_case
from gateway.store.sqlite import SqliteStore
from normalizer.message import Attachment
from tests.gateway.console.support import Visitor, account
from tests.gateway.store.rows import NOW, case, moved, report
from tests.gateway.store.test_sealing import open_store
from tests.gateway.support import keep, running, until
from tests.gateway.test_copying import here, mail
from tests.gateway.test_photos import file
from tests.gateway.test_pictures import scene

PHOTO = file("JPEG", scene(), quality=85)
COPY = file("JPEG", scene().resize((480, 360)), quality=40)
OTHER = file("JPEG", scene().transpose(Image.Transpose.FLIP_TOP_BOTTOM))
NIGHT = file("JPEG", Image.new("RGB", (640, 480), "black"))
JPEG = "image/jpeg"

SHOWN, NEAR, FAR = "0f0f3c3cff000ff1", "0f0f3c3cff000fce", "0f0f3c3cff000f8e"


async def photographed(store: SqliteStore, code: str, *images: str, name: str = "") -> None:
    """A case of one report with files that show these."""
    files = tuple(Attachment(None, JPEG, 9, f"{name or code}-{number}") for number, _ in enumerate(images))
    await store.settle(Settlement(cases=[case(code)], reports=[report(f"r-{code}", code, attachments=files)]))
    for one, image in zip(files, images, strict=True):
        known = store.file(one.digest or "")
        assert known is not None
        await store.change_file(replace(known, image=image, due_at=None))


async def proven(store: SqliteStore, code: str, digest: str, image: str) -> None:
    await store.settle(Settlement(history=[moved(code, proof=digest)]))
    await store.know_proof(digest, image)


def seen(store: SqliteStore, code: str, *joined: str) -> set[tuple[str, str, str]]:
    return {(one.here, one.there, one.code) for one in of_case(store._reader, code, joined)}


PHOTO_PHOTO, PHOTO_PROOF, PROOF_PHOTO, PROOF_PROOF = (
    (As.PHOTO, As.PHOTO),
    (As.PHOTO, As.PROOF),
    (As.PROOF, As.PHOTO),
    (As.PROOF, As.PROOF),
)


async def test_photos_are_found_in_other_open_cases_by_what_they_show(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await photographed(store, "KNL-1", SHOWN)
    await photographed(store, "KNL-2", "123456789abcdef0", NEAR)
    await photographed(store, "KNL-3", FAR)
    await photographed(store, "KNL-4")
    assert seen(store, "KNL-1") == {(*PHOTO_PHOTO, "KNL-2")}
    assert seen(store, "KNL-2") == {(*PHOTO_PHOTO, "KNL-1"), (*PHOTO_PHOTO, "KNL-3")}
    assert seen(store, "KNL-4") == set()
    closed = CaseChange(code="KNL-2", expected="menunggu", status="selesai", closed_at=NOW)
    await store.settle(Settlement(changes=[closed]))
    assert (seen(store, "KNL-1"), seen(store, "KNL-2")) == (set(), set())
    await store.close()


async def test_any_quarter_may_differ(tmp_path: Path) -> None:
    """Six bits that differ, spread over all quarters or in one, are always found; eight never."""
    store, value = open_store(tmp_path), int(SHOWN, 16)
    spreads = [(0, 1, 16, 17, 32, 48), (5, 6, 7, 8, 9, 10), (15, 16, 31, 32, 47, 63), (0, 20, 21, 40, 41, 60)]
    await photographed(store, "KNL-0", SHOWN)
    for number, bits in enumerate(spreads, 1):
        changed = value ^ sum(1 << bit for bit in bits)
        await proven(store, "KNL-0", f"d{number}", f"{changed:016x}")
        assert list(store.seen_elsewhere("new", f"{changed:016x}", "KNL-9")), bits
        eight = changed ^ 1 << 25 ^ 1 << 26
        assert not {one.code for one in store.seen_elsewhere("new", f"{eight:016x}", "KNL-9") if one.there == As.PHOTO}
    await store.close()


async def test_proofs_are_compared_with_proofs_and_with_photos_of_any_case(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await photographed(store, "KNL-1", SHOWN)
    await photographed(store, "KNL-2")
    await photographed(store, "KNL-3")
    await proven(store, "KNL-2", "d2", NEAR)
    await proven(store, "KNL-3", "d2", NEAR)
    assert seen(store, "KNL-1") == {(*PHOTO_PROOF, "KNL-2"), (*PHOTO_PROOF, "KNL-3")}
    assert seen(store, "KNL-2") == {(*PROOF_PROOF, "KNL-3"), (*PROOF_PHOTO, "KNL-1")}
    await proven(store, "KNL-1", "d1", SHOWN)
    assert (*PROOF_PHOTO, "KNL-1") in seen(store, "KNL-1"), "the citizen's own photo is the proof"
    await store.close()


async def test_proofs_that_show_nothing_are_the_same_only_byte_for_byte(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number, digest in enumerate(("d1", "d1", "d2"), 1):
        await photographed(store, f"KNL-{number}")
        await proven(store, f"KNL-{number}", digest, "")
    assert seen(store, "KNL-1") == {(*PROOF_PROOF, "KNL-2")}
    assert seen(store, "KNL-3") == set()
    await store.close()


async def test_what_came_with_many_cases_is_a_letterhead(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(MOST_CASES + 1):
        await photographed(store, f"KNL-{number}", SHOWN, name="logo")
    assert len(seen(store, "KNL-0")) == MOST_CASES
    await photographed(store, "KNL-X", SHOWN, name="logo")
    assert seen(store, "KNL-0") == set()
    await store.close()


async def test_within_one_case_a_photo_may_come_twice(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await photographed(store, "KNL-1", SHOWN, SHOWN)
    await photographed(store, "KNL-2", NEAR)
    joined = CaseChange(code="KNL-2", expected="menunggu", joined_into="KNL-1")
    await store.settle(Settlement(changes=[joined]))
    assert (seen(store, "KNL-1"), seen(store, "KNL-1", "KNL-2")) == (set(), set())
    await store.close()


async def test_officers_are_warned_wherever_the_photo_turns_up(tmp_path: Path) -> None:
    """By mail, scaled and written anew in another case, at night in two, and as the proof of a third."""
    loaded = here(tmp_path)
    texts = [mail(1, (PHOTO, JPEG)), mail(2, (COPY, JPEG)), mail(3, (NIGHT, JPEG)), mail(4, (NIGHT, JPEG)), mail(5)]
    await keep(loaded, texts)
    async with running(loaded) as gateway:
        rows = await until(lambda: gateway.reported(5), "the reports")
        await until(lambda: not gateway.app.store.due_files(2e9, 9), "the copies")
        codes = {row["text"].rpartition("No. ")[2]: row["case"] for row in rows}
        first, copied, dark, night, last = (codes[str(number)] for number in range(1, 6))
        assert len({first, copied, dark, night, last}) == 5
        rina = Visitor(gateway.app, account(Role.OPERATOR))
        warned = await rina.get(f"/petugas/kasus/{first}")
        assert f"Foto laporan yang sama ada di kasus terbuka lain: {copied}" in " ".join(warned.text.split())
        assert "Foto laporan yang sama" not in (await rina.get(f"/petugas/kasus/{dark}")).text
        ask, by = gateway.app.site.means.ask, {"code": last, "actor": "rina"}
        await ask("move", status="proses", **by)
        done = await ask("move", status="selesai-diusulkan", proof=b64encode(COPY).decode(), **by)
        assert (done["proof_also_in"], set(done["proof_sent_in"])) == ([], {first, copied})
        seen_first = " ".join((await rina.get(f"/petugas/kasus/{first}")).text.split())
        assert f"Foto laporan ini sudah menjadi bukti {last}" in seen_first
    said = await asyncio.to_thread(CliRunner().invoke, app, ["cases", "show", first, *_here(tmp_path)])
    assert f"warning: a photo of this case also was sent in {copied}" in said.output
    assert f"warning: a photo of this case also proves {last}" in said.output
    told = await asyncio.to_thread(CliRunner().invoke, app, ["cases", "show", last, "--json", *_here(tmp_path)])
    assert {(one["here"], one["there"]) for one in json.loads(told.output)["same_photos"]} == {PROOF_PHOTO}


def _here(folder: Path) -> list[str]:
    return ["--config", str(folder / "kanal.toml")]


async def test_a_proof_that_nobody_could_look_at_is_looked_at_later(tmp_path: Path) -> None:
    loaded = here(tmp_path)
    await keep(loaded, [mail(1, (PHOTO, JPEG)), mail(2)])
    async with running(loaded) as gateway:
        rows = await until(lambda: gateway.reported(2), "the reports")
        await until(lambda: not gateway.app.store.due_files(2e9, 9), "the copies")
        store = gateway.app.store
        digest = await store.keep(COPY)
        [other] = [row["case"] for row in rows if row["text"].endswith("No. 2")]
        await store.settle(Settlement(history=[moved(other, proof=digest)]))
        await until(lambda: not store.proofs_to_look_at(9), "the proof to be looked at")
        [found] = gateway.views.same_photos(other)
        assert (found["here"], found["there"]) == PROOF_PHOTO


def test_what_is_said_of_a_photo_names_nobody() -> None:
    assert set(Seen.__struct_fields__) == {"here", "there", "code", "category", "unit"}
