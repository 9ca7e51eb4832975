"""The reports of cases that were closed lately: what comes in may be of one of them still, or again. Pure."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint
from dedupe.index import Index

DAY = 86_400.0
#: No more are kept, however many are closed.
MOST = 100_000


class Lately:
    """They are forgotten so many days after they were closed, or once there are too many; times are in seconds since
    the epoch."""

    def __init__(self, days: float = 0.0) -> None:
        self._index = Index()
        self._closed_at: OrderedDict[str, float] = OrderedDict()
        self.days = days

    def __len__(self) -> int:
        return len(self._index)

    def close(self, report: Fingerprint, at: float) -> None:
        """Expected in the order in which they are closed."""
        if self.days <= 0:
            return
        self._index.add(replace(report, closed=True))
        self._closed_at[report.report] = at
        self._closed_at.move_to_end(report.report)
        if len(self._closed_at) > MOST:
            self.remove(next(iter(self._closed_at)))

    def remove(self, report_id: str) -> None:
        """It is open again, or gone."""
        if self._closed_at.pop(report_id, None) is not None:
            self._index.remove(report_id)

    def candidates(self, new: Fingerprint, limit: int, now: float) -> Sequence[Fingerprint]:
        """As `dedupe.index.Index.candidates`."""
        for report in list(self._over(now)):
            self.remove(report)
        return self._index.candidates(new, limit) if self._closed_at else ()

    def _over(self, now: float) -> Iterator[str]:
        for report, at in self._closed_at.items():
            if at > now - self.days * DAY:
                return
            yield report
