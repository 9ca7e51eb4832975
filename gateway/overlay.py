"""Tables that Kanal ships in `config/`, with an operator's own on top: a file of the same name in the data folder.

Its tables are added; of one that is shipped too, each key replaces the shipped one, and the others stay. With
`shipped = false` at its top, nothing of what is shipped is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gateway import resources, secrets
from gateway.errors import ConfigError
from gateway.reader import Reader
from gateway.suggest import did_you_mean
from gateway.tomltext import said

S = TypeVar("S", bound=msgspec.Struct)
Tables = Mapping[str, Any]


class Overlay:
    """The shipped file `name`, and over it the one in `folder`. What is wrong with them is collected in `reader`."""

    def __init__(self, name: str, folder: Path | None, sections: Sequence[str], keys: Sequence[str] = ()) -> None:
        shipped = resources.path(name)
        own = folder / name if folder and (folder / name).exists() else None
        self.where = str(own or shipped)
        self.reader = Reader(secrets.Source(shipped.parent, shipped.parent))
        self._own = self._read(own) if own else {}
        self._shipped = self._read(shipped) if self._own.get("shipped", True) else {}
        known = {*sections, *keys, "shipped"}
        for key in self._own.keys() - known:
            self.complain(key, "unknown table or key", did_you_mean(key, known))

    def complain(self, key: str, what: str, hint: str = "") -> None:
        self.reader.complain(f"{self.where}: {key}", what, hint)

    def value(self, key: str) -> Any:
        """What stands under a key of the file itself."""
        return self._own.get(key, self._shipped.get(key))

    def structs(self, section: str, cls: type[S], tables: Mapping[str, Tables] | None = None) -> dict[str, S]:
        """The tables of a section, by their names, which their structs have as `code`; those that can be read."""
        found: dict[str, S] = {}
        for name, table in (dict(self.tables(section)) if tables is None else tables).items():
            read = self.reader.struct(cls, {**table, "code": name}, f"{self.where}: {section}.{name}")
            if read and not read.failed:
                found[name] = read.left_out
        return found

    def tables(self, section: str) -> Iterator[tuple[str, Tables]]:
        """The tables of a section as they are written, the shipped ones first."""
        shipped, own = self._shipped.get(section, {}), self._own.get(section, {})
        for name in {**shipped, **self._tables(section, own)}:
            changed = own.get(name, {}) if isinstance(own, dict) else {}
            if isinstance(changed, dict):
                yield name, shipped.get(name, {}) | changed
            else:
                self.complain(f"{section}.{name}", "must be a table")

    def finish(self) -> None:
        """Raises `ConfigError` if anything is wrong."""
        if self.reader.problems:
            raise ConfigError(self.reader.problems)

    def _tables(self, section: str, own: Any) -> Tables:
        if isinstance(own, dict):
            return own
        self.complain(section, "must be tables", f"begin each with [{section}.its-code]")
        return {}

    def _read(self, path: Path) -> Tables:
        try:
            return said(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            self.reader.complain(str(path), f"cannot be read: {error}")
            return {}
