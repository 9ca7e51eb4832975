"""One thread that alone writes to the database: it commits whatever has queued as one transaction (group commit).

SQLite before 3.51.3 can corrupt the WAL if two connections checkpoint at once (the WAL-reset bug, sqlite.org/wal.html),
so this connection alone writes and checkpoints; all others are read-only.

An operation that fails is rolled back to its savepoint and costs only itself. If the transaction as a whole fails,
every waiter hears `StoreUnavailable`: the disk is full, read-only or gone, and may be well again soon. If writing to
the disk fails (EIO), what fsync said before can no longer be trusted, and if the thread dies nobody would ever be
answered: in both cases `on_death` is called, which ends the process.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from gateway.store.contract import BadRow, Conflict, StoreUnavailable
from gateway.store.disk import NO_ROOM, Disk

T = TypeVar("T")
Operation = Callable[[sqlite3.Connection], T]
Row = tuple[Any, ...]

MOST_JOBS = 1024
AT_ONCE = 256
ILL = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_PROTOCOL,
    }
)


def insert(connection: sqlite3.Connection, into: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows with as few statements as possible: each statement gives up the interpreter's lock and has to wait
    for it again while the event loop is busy. `into` is for example "INSERT INTO cases"."""
    one = "(" + ",".join("?" * len(columns)) + ")"
    names = ",".join(f'"{name}"' for name in columns)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values = [value for row in some for value in row]
        connection.execute(f"{into}({names}) VALUES {','.join([one] * len(some))}", values)


class _Job:
    __slots__ = ("future", "operation", "rows")

    def __init__(self, future: "asyncio.Future[Any]", operation: Operation[Any] | None, rows: Sequence[Any]) -> None:
        self.future = future
        self.operation = operation
        self.rows = rows


class Writer:
    """Runs operations on its own thread. `insert_rows` writes what `append` is given, all at once where possible."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        disk: Disk,
        insert_rows: Callable[[sqlite3.Connection, Sequence[Any]], None],
        on_death: Callable[[BaseException], None],
    ) -> None:
        self._connection = connection
        self._disk = disk
        self._insert_rows = insert_rows
        self._on_death = on_death
        self._loop: asyncio.AbstractEventLoop | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def append(self, rows: Sequence[Any]) -> "asyncio.Future[None]":
        """Insert rows; the result is there once they are durable."""
        return self._submit(None, rows)

    def run(self, operation: Operation[T]) -> "asyncio.Future[T]":
        """Run an operation within the next transaction; its result is there once that is durable."""
        return self._submit(operation, ())

    def truncate(self) -> "asyncio.Future[bool]":
        """Merge the log into the database and empty it, so that nothing that was destroyed stays in it. False while
        somebody reads what is in it."""
        return self._submit(_truncate, ())

    async def close(self) -> None:
        """Finish what has queued, then close the connection, which empties the WAL."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _submit(self, operation: Operation[Any] | None, rows: Sequence[Any]) -> "asyncio.Future[Any]":
        if self._loop is None:  # asked once: Python 3.11 asks the kernel for its process id each time
            self._loop = asyncio.get_running_loop()
        future = self._loop.create_future()
        self._jobs.put(_Job(future, operation, rows))
        return future

    def _run(self) -> None:
        try:
            while jobs := self._next_jobs():
                self._report(jobs, self._outcomes(jobs))
        except BaseException as death:
            self._on_death(death)
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._disk.close()

    def _next_jobs(self) -> list[_Job]:
        job = self._jobs.get()
        jobs: list[_Job] = []
        while job is not None:
            jobs.append(job)
            if len(jobs) >= MOST_JOBS:
                return jobs
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs
        if jobs:
            self._jobs.put(None)
        return jobs

    def _outcomes(self, jobs: list[_Job]) -> list[Any]:
        """The jobs' outcomes in their order: results, or exceptions."""
        try:
            self._disk.check()
            outcomes = self._commit([job for job in jobs if job.operation is not _truncate])
            outcomes = self._with_truncated(jobs, iter(outcomes))
            self._disk.confirm()
        except StoreUnavailable as refusal:
            self._disk.failed(str(refusal))
            return [StoreUnavailable(str(refusal)) for _ in jobs]
        self._disk.works()
        return outcomes

    def _with_truncated(self, jobs: list[_Job], committed: Iterator[Any]) -> list[Any]:
        return [self._truncated() if job.operation is _truncate else next(committed) for job in jobs]

    def _truncated(self) -> bool | StoreUnavailable:
        """What was committed with it stays committed."""
        try:
            return _truncate(self._connection)
        except sqlite3.Error as error:
            return self._refused(error)

    def _commit(self, jobs: list[_Job]) -> list[Any]:
        if not jobs or (all(job.operation is None for job in jobs) and self._append_at_once(jobs)):
            return [None] * len(jobs)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = self._append_all([job for job in jobs if job.operation is None])
            results = [outcomes[id(job)] if job.operation is None else self._guarded(job.operation) for job in jobs]
            self._connection.execute("COMMIT")
        except (sqlite3.Error, MemoryError) as error:
            self._roll_back()
            raise self._refused(error) from error
        return results

    def _refused(self, error: Exception) -> StoreUnavailable:
        """The transaction was refused. Raises the error if it was not: then the disk has failed."""
        if _code(error) != sqlite3.SQLITE_IOERR or _name(error) in NO_ROOM:
            return StoreUnavailable(_name(error))
        if not (refusal := self._disk.refusal()):
            raise error
        return StoreUnavailable(refusal)

    def _append_at_once(self, jobs: list[_Job]) -> bool:
        """What nearly every batch of intake is: rows of one statement, which is a transaction by itself. False, and
        nothing is written, if that does not go."""
        rows = [row for job in jobs for row in job.rows]
        if len(rows) > AT_ONCE:
            return False
        try:
            self._insert_rows(self._connection, rows)
        except sqlite3.Error as error:
            if _code(error) == sqlite3.SQLITE_IOERR:  # to try once more would believe an fsync that may lie
                raise self._refused(error) from error
            return False
        except Exception:
            return False
        return True

    def _append_all(self, jobs: list[_Job]) -> dict[int, Any]:
        if not jobs:
            return {}
        rows = [row for job in jobs for row in job.rows]
        if self._guarded(lambda connection: self._insert_rows(connection, rows)) is None:
            return dict.fromkeys(map(id, jobs))
        return {id(job): self._append_singly(job) for job in jobs}

    def _append_singly(self, job: _Job) -> Any:
        errors = [self._guarded(partial(self._insert_one, row=row)) for row in job.rows]
        return next((_refusal(error) for error in errors if error is not None), None)

    def _insert_one(self, connection: sqlite3.Connection, row: Any) -> None:
        self._insert_rows(connection, [row])

    def _guarded(self, operation: Operation[Any]) -> Any:
        """The operation's result, or the exception that undid it. Raises only what concerns the whole transaction."""
        self._connection.execute("SAVEPOINT job")
        try:
            result = operation(self._connection)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and _code(error) in ILL:
                raise
            self._connection.execute("ROLLBACK TO job")
            result = _translated(error)
        self._connection.execute("RELEASE job")
        return result

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _report(self, jobs: list[_Job], outcomes: list[Any]) -> None:
        loop = jobs[0].future.get_loop()
        loop.call_soon_threadsafe(_resolve, jobs, outcomes)


def _truncate(connection: sqlite3.Connection) -> bool:
    connection.execute("PRAGMA busy_timeout = 0")  # who reads is not waited for: nothing could be kept meanwhile
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 5000")
    return not busy


def _resolve(jobs: list[_Job], outcomes: list[Any]) -> None:
    for job, outcome in zip(jobs, outcomes, strict=True):
        if job.future.done():
            continue
        if isinstance(outcome, BaseException):
            job.future.set_exception(outcome)
        else:
            job.future.set_result(outcome)


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _name(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", type(error).__name__)


def _refusal(error: Exception) -> Exception:
    """Of a row alone: if it is not for the store's sake, it is for the row's, and always will be."""
    return error if isinstance(error, StoreUnavailable | BadRow) else BadRow(type(error).__name__)


def _translated(error: Exception) -> Exception:
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict(_name(error))
    if isinstance(error, MemoryError):
        return StoreUnavailable("out of memory")
    if isinstance(error, UnicodeError | OverflowError | sqlite3.DataError | sqlite3.InterfaceError):
        return BadRow(type(error).__name__)
    if isinstance(error, sqlite3.ProgrammingError) and not hasattr(error, "sqlite_errorcode"):
        return BadRow(type(error).__name__)
    return error
