"""What a chat's own gateway says of dialogues that are wrong."""

from pathlib import Path

from gateway.apart import LOG


class Log:
    """Of the gateway in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / LOG
        self._told: set[str] = set()

    def problems(self) -> list[str]:
        """Those that were not told yet."""
        lines = [line.strip() for line in self._file.read_text("utf-8", "replace").splitlines() if "dialogue" in line]
        new = [line for line in dict.fromkeys(lines) if line not in self._told]
        self._told.update(new)
        return new
