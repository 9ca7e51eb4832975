"""A package of somebody's own, made of one that is shipped. Pure, but for reading that."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "kanal-{name}"
version = "0.1.0"
description = "{description}"
{more}requires-python = ">=3.11"
dependencies = [{needs}]

[project.entry-points."{group}"]
{name} = "kanal_{name}:{gives}"

[tool.hatch.build.targets.wheel]
include = ["kanal_{name}.py"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
"""


def pyproject(name: str, description: str, needs: Sequence[str], group: str, gives: str, more: str = "") -> str:
    """`group` is that of the entry point which leads to `gives` in the package's module; `more` are whole lines of
    [project]."""
    told = ", ".join(f'"{need}"' for need in needs)
    return _PYPROJECT.format(name=name, description=description, needs=told, group=group, gives=gives, more=more)


def renamed(shipped: Path, files: Mapping[str, str], name: str, own: Callable[[str], str]) -> dict[str, str]:
    """The shipped files in the package's words (`own`), by their paths, in which "{name}" is its name."""
    return {path.format(name=name): own((shipped / file).read_text("utf-8")) for file, path in files.items()}
