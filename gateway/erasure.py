"""A citizen's right to be forgotten: `kanal erase`."""

import sqlite3
from collections.abc import Callable

from dedupe.fingerprint import Fingerprint
from gateway import cases
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.judging import Judging
from gateway.store import audit, erase, person
from gateway.store.contract import Entry
from gateway.store.erase import Erasure
from gateway.store.sqlite import SqliteStore


class Erasing:
    """The judge's turn is held while something is erased, so that nothing is judged or told meanwhile; not while it is
    searched for, which may take long. `prefix` gives that of tracking codes."""

    def __init__(self, store: SqliteStore, judging: Judging, prefix: Callable[[], str]) -> None:
        self._store = store
        self._judging = judging
        self._prefix = prefix

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"erase": self.erase}

    async def erase(self, target: str, actor: str, why: str, dry_run: bool = False) -> dict[str, object]:
        """Erase what `target` stands for: a person, a tracking code, or the number of a delivery. Also who only looks,
        or finds nothing, is in the audit log before it is told."""
        look = await self._store.read(lambda reader: self._search(reader, target))
        if dry_run:
            return await self._only_looked(await self._store.read(look), actor, why)
        async with self._judging.turn:
            what = await self._store.read(look)
            if what.is_empty():
                return await self._only_looked(what, actor, why)
            return _told(what) | {"log_emptied": await self._erase(what, actor, why)}

    async def _only_looked(self, what: Erasure, actor: str, why: str) -> dict[str, object]:
        await self._store.record(Entry(actor=actor, action="look what could be erased", about=what.about, why=why))
        return _told(what) | {"log_emptied": True}

    async def _erase(self, what: Erasure, actor: str, why: str) -> bool:
        known: list[Fingerprint] = []

        def work(connection: sqlite3.Connection) -> list[str]:
            files, compared = erase.erase(connection, what)
            known.extend(compared)
            audit.forget_reasons(connection, what.names())
            return files

        await self._store.destroy(work, Entry(actor=actor, action="erase", about=what.about, why=why))
        await self._judge_by(what, known)
        return await self._store.empty_log()

    async def _judge_by(self, what: Erasure, known: list[Fingerprint]) -> None:
        """Reports of open cases go on being compared, by what remains of them."""
        if what.words:
            await self._judging.change(gone=what.reports)
            return
        is_open = {one.report: (case := self._store.case_of(one.report)) and cases.is_open(case) for one in known}
        await self._judging.change(opened=[one for one in known if is_open[one.report]])

    def _search(self, reader: sqlite3.Connection, target: str) -> Callable[[sqlite3.Connection], Erasure]:
        """What takes long is done here; what is returned tells quickly what there is now."""
        if target.isdigit() and len(target) < DIGITS_OF_A_PHONE:
            return lambda now: erase.of_delivery(now, int(target))
        if codes := cases.codes_in(target, self._prefix()):
            return lambda now: erase.of_case(now, codes[0])
        try:
            found = person.find(reader, self._store.vault, self._store.blobs, target, lambda what, done, of: None)
        except ValueError as error:
            raise OperationRefused(f"{error}, a tracking code, or the number of a delivery") from None
        return lambda now: erase.of_person(now, person.sent_by(now, found.contacts, found.mentions))


#: Numbers with fewer are deliveries'; short codes are nobody's.
DIGITS_OF_A_PHONE = 8


def _told(what: Erasure) -> dict[str, object]:
    """What was destroyed, and what remains of it."""
    return {
        "destroyed": {
            "contacts": len(what.contacts),
            "deliveries": len(what.deliveries),
            "reports": len(what.reports),
            "replies": len(what.replies),
            "talks": len(what.talks),
            "answers": len(what.answers),
            "notes": len(what.notes),
            "words_of_cases": list(what.emptied),
        },
        "remains": {
            "cases": list(what.cases),
            "masked_words_of_reports": 0 if what.words else len(what.reports),
            "deliveries_waiting": list(what.waiting),
            "passed_on_to": list(what.outside),
            "deliveries_of_others_that_mention_the_person": list(what.mentions),
        },
    }
