"""What is done with files once their reports are filed: a scanner looks at each, where there is one, and photos get a
copy for viewing. Each content once, however many reports it came with."""

import asyncio
import time

import structlog
from msgspec.structs import replace

from adapters import Attachment
from dedupe.photos import telling
from gateway import retry
from gateway.breaker import Breaker, Patience
from gateway.clamav import Clamd, ScannerDown
from gateway.describe import describe
from gateway.files import Files
from gateway.naming import file_name, image_name
from gateway.pictureformats import FORMATS
from gateway.proofs import Proofs
from gateway.store.contract import StoreUnavailable
from gateway.store.copies import FileRow, Scan, State
from gateway.store.filings import WholeStore
from gateway.workers import ChildLost, NoWorker

AT_ONCE = 16
PAUSE = 1.0
RETRY, LONGEST = 60.0, 3600.0
MOST_TRIES = 3
#: Reading goes first: after what took long the workers are left alone for as long.
LONG = 1.0

log = structlog.get_logger()


class Copying:
    def __init__(self, store: WholeStore, files: Files, key: bytes, scanner: Clamd | None, proofs: Proofs) -> None:
        self._store = store
        self._files = files
        self._key = key
        self._scanner = scanner
        self._proofs = proofs
        self._stopped = asyncio.Event()
        self._scanner_answers = True
        self._breaker = Breaker(Patience(at_once=1, failures=1, first=RETRY, longest=RETRY))
        self._troubled: set[str] = set()

    def stop(self) -> None:
        """Finish what is under way: `run` returns."""
        self._stopped.set()

    async def run(self) -> None:
        """See to every file that is due, and to what cases are moved with, until stopped."""
        if self._scanner:
            await self._store.scan_all_files(time.time())
        while not self._stopped.is_set():
            await self._proofs.look()
            for file in self._store.due_files(time.time(), AT_ONCE):
                if not self._stopped.is_set():
                    await self._in_its_turn(file)
            await self._pause(PAUSE)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return

    async def _in_its_turn(self, file: FileRow) -> None:
        """Raises `StoreUnavailable` or `NoWorker`; then it stays due."""
        began = time.monotonic()
        try:
            await self._see_to(file)
        except (StoreUnavailable, NoWorker):
            raise
        except Exception as error:
            await self._put_off(file, error)
        else:
            self._troubled.discard(file.name)
        if (took := time.monotonic() - began) > LONG:
            await self._pause(took)

    async def _put_off(self, file: FileRow, error: Exception) -> None:
        """One that nobody foresaw holds up no other; it is told once."""
        if file.name not in self._troubled:
            log.error("a file is put off", file=file.name, error=describe(error))
            self._troubled.add(file.name)
        await self._store.change_file(_later(file))

    async def _see_to(self, file: FileRow) -> None:
        done = replace(file, due_at=None)
        if found := self._owned(file):
            done = await self._scanned(done, *found)
            if done.scan is not Scan.INFECTED:
                done = await self._copied(done, *found)
        infected = file.scan is None and done.scan is Scan.INFECTED
        await self._store.change_file(done, (f"malware:{done.signature}",) if infected else ())

    def _owned(self, file: FileRow) -> tuple[str, Attachment] | None:
        """A report that has all its words still, and the file as it names it."""
        for identity in self._store.file_owners(file.name):
            row = self._store.report(identity)
            for one in row.report.attachments if row else ():
                if one.digest and file_name(self._key, one.digest) == file.name:
                    return identity, one
        return None

    async def _scanned(self, file: FileRow, report: str, attachment: Attachment) -> FileRow:
        if self._scanner is None or file.scan is not None:
            return file
        if wait := self._breaker.wait(time.monotonic()):
            return replace(file, due_at=time.time() + wait)
        try:
            content = await self._files.content(report, attachment)
            if content is None:
                return file
            verdict = await self._scanner.scan(content)
        except ChildLost:
            return replace(file, scan=Scan.REFUSED) if file.tries >= MOST_TRIES else _later(file)
        except ScannerDown as down:
            self._breaker.failed(time.monotonic())
            self._tell(down)
            return _later(file)
        self._breaker.succeeded()
        self._tell(None)
        if verdict.signature:
            log.warning("malware", report=report, signature=verdict.signature)
            gone = replace(file, state=State.NONE, key=None, blob=None, size=None)
            return replace(gone, scan=Scan.INFECTED, signature=verdict.signature)
        return replace(file, scan=Scan.REFUSED if verdict.refused else Scan.CLEAN)

    async def _copied(self, file: FileRow, report: str, attachment: Attachment) -> FileRow:
        if file.state is not State.NEW:
            return file
        is_picture = attachment.media_type in FORMATS
        photo = await self._files.cleaned(report, attachment) if is_picture else None
        if photo is None:
            return replace(file, state=State.NONE)
        image = await self._image(report, attachment)
        return await self._store.keep_copy(replace(file, image=image), photo)

    async def _image(self, report: str, attachment: Attachment) -> str | None:
        """What a photo shows; where so much was read at once that nobody looked, somebody does now."""
        if attachment.image_hash:
            found = telling(attachment.image_hash)
            return image_name(self._key, found) if found else None
        content = await self._files.content(report, attachment)
        return await self._proofs.image_at_once(content) if content else None

    def _tell(self, down: ScannerDown | None) -> None:
        """Once, when it goes and when it comes back."""
        if self._scanner_answers and down:
            log.error("the scanner for malware does not answer: files stay unscanned", error=str(down))
        elif down is None and not self._scanner_answers:
            log.info("the scanner for malware answers again")
        self._scanner_answers = down is None


def _later(file: FileRow) -> FileRow:
    """What fails again and again is tried less and less."""
    wait = retry.delay(file.tries + 1, first=RETRY, longest=LONGEST)
    return replace(file, tries=file.tries + 1, due_at=time.time() + wait)
