"""What a process makes at its start and keeps is not searched for garbage again and again, nor all that is new so soon:
that takes a tenth of its time."""

import gc

#: So many new objects (Python's own: 700) before the youngest are searched: a batch of reports makes some thousands.
NEW_OBJECTS = 10_000


def begin() -> None:
    """Call it before modules are imported, and `keep` afterwards: all of them last."""
    gc.disable()


def keep() -> None:
    """Call it once all that lasts is made. What is given up later of that is not found, if it refers to itself."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    gc.enable()
