"""What was learnt of categories, as a file in the data folder; the model before it is kept beside it."""

from pathlib import Path

import msgspec

from adapters import Problem
from gateway import durable
from gateway.errors import ConfigError
from normalizer.sorting.learnt import Learnt

FILE = "categories.learnt.json"
BEFORE = "categories.learnt.before.json"

_model = msgspec.json.Decoder(Learnt)


def load(folder: Path) -> Learnt | None:
    """The model in force, if there is one. Raises `ConfigError`."""
    path = folder / FILE
    try:
        return _model.decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        what = f"cannot be read: {error}"
        raise ConfigError([Problem(str(path), what, "go back by `kanal learn categories --undo`")]) from error


def keep(folder: Path, model: Learnt) -> None:
    """Put a model in force."""
    path = folder / FILE
    if path.exists():
        path.replace(folder / BEFORE)
    durable.write_new(path, msgspec.json.format(msgspec.json.encode(model), indent=1))


def undo(folder: Path) -> bool:
    """Go back to the model before, or to the table alone; False if there is no model."""
    path, before = folder / FILE, folder / BEFORE
    if not path.exists():
        return False
    if before.exists():
        before.replace(path)
    else:
        path.unlink()
    durable.sync_directory(folder)
    return True
