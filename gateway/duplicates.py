"""By what reports are judged: the weights of the judge, or another's judge (the table `[duplicates]`)."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from adapters.settings import Problem
from gateway import durable, registry, resources
from gateway.errors import ConfigError

if TYPE_CHECKING:
    from dedupe.model import Model

SHIPPED = "dedupe.json"
#: What was learnt here, in the data folder.
LEARNT = "duplicates.learnt.json"
HINT = "go back by `kanal learn duplicates --undo`, or name another file by model in [duplicates]"


class DuplicateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[duplicates]`: by what it is judged whether two reports are of one incident."""

    model: Annotated[
        Path | None,
        Meta(
            description="A file of weights, as `kanal learn duplicates --out FILE` writes it; if left out, what was"
            " learnt here, else what Kanal brings."
        ),
    ] = None
    closed_days: Annotated[
        int,
        Meta(
            ge=0,
            le=90,
            description="Days for which a new report is linked with the closed case that it is like; 0: not at all.",
        ),
    ] = 14
    judge: Annotated[
        str,
        Meta(description="Another's judge, by the name of its entry point in the group kanal.judges; empty for ours."),
    ] = ""

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        try:
            if self.judge:
                registry.judge(self.judge)
        except ConfigError as error:
            yield from error.problems


class Terms(msgspec.Struct, frozen=True):
    """What the judge's process needs to know: the bytes of the model, the name of another's judge or "", and for how
    many days reports of closed cases are compared with."""

    model: bytes = b""
    judge: str = ""
    closed_days: int = 0


def model_file(settings: DuplicateSettings, folder: Path) -> Path:
    """The one in force."""
    learnt = folder / LEARNT
    return settings.model or (learnt if learnt.exists() else resources.path(SHIPPED))


def terms(settings: DuplicateSettings, folder: Path) -> Terms:
    """Raises `ConfigError` if the file cannot be read."""
    file = model_file(settings, folder)
    try:
        return Terms(file.read_bytes(), settings.judge, settings.closed_days)
    except OSError as error:
        raise ConfigError([Problem(str(file), f"cannot be read: {error.strerror}")]) from error


def check(settings: DuplicateSettings, folder: Path) -> None:
    """Is the model of one's own, if that is in force, one? Raises `ConfigError`."""
    if model_file(settings, folder) != resources.path(SHIPPED):
        model(settings, folder)


def model(settings: DuplicateSettings, folder: Path) -> "Model":
    """The one in force. Raises `ConfigError`."""
    from dedupe.model import ModelError  # noqa: PLC0415 loads what compares: only where it is needed

    try:
        return decoded(terms(settings, folder).model)
    except ModelError as error:
        raise ConfigError([Problem(str(model_file(settings, folder)), str(error), HINT)]) from error


@lru_cache(maxsize=2)
def decoded(data: bytes) -> "Model":
    """A model of the bytes of its file; what Kanal brings, of none. Raises `ModelError`."""
    from dedupe.features import NAMES  # noqa: PLC0415
    from dedupe.model import read  # noqa: PLC0415

    return read(data or resources.path(SHIPPED).read_bytes(), NAMES)


def keep(file: Path, model: bytes) -> None:
    """Put a model in the place of what is there, which is kept beside it."""
    if file.exists():
        file.replace(_before(file))
    durable.write_new(file, model)


def undo(folder: Path) -> bool:
    """Go back to what was learnt before, or to what Kanal brings; False if nothing was learnt."""
    file = folder / LEARNT
    if not file.exists():
        return False
    if _before(file).exists():
        _before(file).replace(file)
    else:
        file.unlink()
    durable.sync_directory(folder)
    return True


def _before(file: Path) -> Path:
    return file.with_name(f"{file.stem}.before{file.suffix}")
