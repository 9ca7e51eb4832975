"""What is wrong with a request, in GeoReport's words: 404 for a code that there is none of, 403 for a key that is wrong
or missing, 400 for all else."""

from typing import NamedTuple


class Fault(NamedTuple):
    """`description` is for the application's developers; it quotes nothing of the request."""

    code: int
    description: str


class Faulty(Exception):
    """One or more faults; the answer's `status` is the highest of their codes."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].description)
        self.faults = faults
        self.status = max(fault.code for fault in faults)


def fault(code: int, description: str) -> Faulty:
    return Faulty(Fault(code, description))
