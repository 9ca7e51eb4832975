"""What every store promises of files: one for each content, due once, owned by the reports that it came with."""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from gateway.store.contract import ReportRow, Settlement
from gateway.store.copies import Scan, State
from gateway.store.filings import WholeStore
from normalizer.message import Attachment
from tests.gateway.store.rows import NOW, case, report

LATER = 4e9
PHOTO = Attachment(name=None, media_type="image/jpeg", size=3, digest="ab" * 32)


def with_photo(identity: str, *files: Attachment) -> ReportRow:
    return report(identity, "KNL-1", attachments=files or (PHOTO,))


async def told(store: WholeStore, *reports: ReportRow) -> None:
    await store.settle(Settlement(cases=[case("KNL-1")], reports=list(reports)))


class CopiesContract:
    async def test_a_file_of_several_reports_is_one(self, store: WholeStore) -> None:
        await told(store, with_photo("r-1"), with_photo("r-2", PHOTO, PHOTO), report("r-3", "KNL-1"))
        [file] = store.due_files(LATER, 9)
        assert (file.state, file.scan, file.blob) == (State.NEW, None, None)
        assert sorted(store.file_owners(file.name)) == ["r-1", "r-2"]
        assert store.due_files(NOW - 1, 9) == []

    async def test_a_copy_is_kept(self, store: WholeStore, reopen: Callable[[], Awaitable[WholeStore]]) -> None:
        await told(store, with_photo("r-1"))
        [file] = store.due_files(LATER, 9)
        assert await store.copy(file) is None
        await store.change_file(replace(await store.keep_copy(file, b"jpeg"), due_at=None))
        again = await reopen()
        kept = again.file(file.name)
        assert kept is not None and (kept.state, kept.size, kept.due_at) == (State.KEPT, 4, None)
        assert await again.copy(kept) == b"jpeg"
        assert again.due_files(LATER, 9) == []

    async def test_of_malware_no_copy_is_left_and_all_its_reports_say_so(self, store: WholeStore) -> None:
        await told(store, with_photo("r-1"), with_photo("r-2"))
        [file] = store.due_files(LATER, 9)
        kept = await store.keep_copy(file, b"jpeg")
        await store.change_file(kept)
        bad = replace(kept, state=State.NONE, key=None, blob=None, scan=Scan.INFECTED, signature="Eicar")
        await store.change_file(bad, ("malware:Eicar",))
        assert store.file(file.name) == bad
        assert await store.copy(kept) is None
        for identity in ("r-1", "r-2"):
            row = store.report(identity)
            assert row is not None and row.masked is not None
            assert (row.report.triage, row.masked.triage, row.report.text) == (*[("malware:Eicar",)] * 2, "Banjir")

    async def test_nothing_is_kept_of_a_file_that_nobody_has(self, store: WholeStore) -> None:
        await told(store, with_photo("r-1"))
        [file] = store.due_files(LATER, 9)
        strange = await store.keep_copy(replace(file, name="cd" * 32), b"jpeg")
        await store.change_file(strange)
        assert store.file(strange.name) is None
        assert await store.copy(strange) is None

    async def test_what_was_kept_before_there_was_a_scanner_is_scanned(self, store: WholeStore) -> None:
        await told(store, with_photo("r-1"))
        [file] = store.due_files(LATER, 9)
        await store.change_file(replace(file, state=State.NONE, due_at=None))
        await store.scan_all_files(NOW)
        assert [one.due_at for one in store.due_files(NOW, 9)] == [NOW]
