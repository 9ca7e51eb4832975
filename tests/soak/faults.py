"""What goes wrong with a stand-in while one of these is entered."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from adapters.testing.standins.base import StandIn

Fault = Callable[[], AbstractContextManager[None]]
EXPIRED = "token expired"
#: After these it is not known what was done before: it may be done again.
UNSURE = frozenset({"cut", "refused"})
SLOW_SECONDS = 1.5
#: How many answers are cut: who sees none asks again, and each is sent once more.
CUTS = 2


def faults_of(standin: StandIn) -> Mapping[str, Fault]:
    """Of what it is asked."""
    return {
        "429": partial(failing, standin, status=429, retry_after=1),
        "5xx": partial(failing, standin, status=503),
        "slow": partial(failing, standin, slow=SLOW_SECONDS),
        "cut": partial(failing, standin, cut=True, times=CUTS),
        "refused": partial(refused, standin),
    }


def faults_of_posting(standin: StandIn) -> Mapping[str, Fault]:
    """Of what it brings."""
    return {"repeated": partial(repeated, standin), "reordered": standin.posting.reversed}


@contextmanager
def failing(
    standin: StandIn,
    *,
    status: int | None = None,
    retry_after: int | None = None,
    slow: float = 0.0,
    cut: bool = False,
    times: int | None = None,
) -> Iterator[None]:
    standin.fault(status=status, retry_after=retry_after, slow=slow, cut=cut, times=times)
    yield
    standin.mend()


@contextmanager
def refused(standin: StandIn) -> Iterator[None]:
    """Nobody listens there."""
    standin.stop()
    yield
    standin.start()


@contextmanager
def repeated(standin: StandIn) -> Iterator[None]:
    standin.posting.copies = 3
    yield
    standin.posting.copies = 1


@contextmanager
def another(holder: object, name: str) -> Iterator[None]:
    """It has another secret, so that ours is worth nothing."""
    good = getattr(holder, name)
    setattr(holder, name, good[::-1])
    yield
    setattr(holder, name, good)
