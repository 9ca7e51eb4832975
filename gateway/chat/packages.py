"""A dialogue's package that is not installed, made importable together with its entry points."""

import tomllib
from pathlib import Path
from typing import Any


def importable(package: Path, folder: Path) -> list[Path]:
    """The folders to put on the path so that the package counts as installed: its own and, in `folder`, what an
    installer would write of it. Raises OSError, or ValueError where it has no pyproject.toml that names it."""
    project = tomllib.loads((package / "pyproject.toml").read_text("utf-8")).get("project", {})
    if "name" not in project:
        raise ValueError(f"{package / 'pyproject.toml'} names no project")
    written = folder / f"{project['name'].replace('-', '_')}-0.dist-info"
    written.mkdir(parents=True)
    (written / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0\n", "utf-8")
    (written / "entry_points.txt").write_text(_entry_points(project.get("entry-points", {})), "utf-8")
    return [package.absolute(), folder]


def _entry_points(groups: dict[str, Any]) -> str:
    sections = (
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())
        for group, entries in groups.items()
    )
    return "\n".join(sections)
