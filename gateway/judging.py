"""The index of open reports, and what has been judged but not committed yet."""

from dedupe.fingerprint import Fingerprint
from dedupe.index import Index
from dedupe.judge import judge
from dedupe.verdict import NEW, Verdict

#: Reports that one report is compared with, at most.
CANDIDATES = 20


class Judging:
    """Reports of a batch see each other through an overlay; the index changes only after the commit.

    Until the index is `loaded` every report is new and is judged later by the sweep.
    """

    def __init__(self) -> None:
        self.loaded = False
        self._index = Index()
        self._overlay = Index()
        self._pending: list[Fingerprint] = []

    def __len__(self) -> int:
        return len(self._index)

    def verdict(self, new: Fingerprint) -> Verdict:
        if not self.loaded:
            return NEW
        newest = self._overlay.candidates(new) if self._pending else []
        candidates = newest + self._index.candidates(new)
        return judge(new, candidates[:CANDIDATES])

    def expect(self, new: Fingerprint) -> None:
        """Let the rest of the batch see a report that is about to be committed."""
        self._pending.append(new)
        self._overlay.add(new)

    def commit(self) -> None:
        for new in self._pending:
            self._index.add(new)
        self.forget()

    def forget(self) -> None:
        """Drop what was expected: it was not committed."""
        if self._pending:
            self._pending = []
            self._overlay = Index()

    def add(self, new: Fingerprint) -> None:
        self._index.add(new)

    def discard(self, report: str) -> None:
        self._index.discard(report)
