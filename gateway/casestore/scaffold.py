"""A case store's package of a name, made of the one that is shipped. Pure, but for reading that."""

from pathlib import Path

_SHIPPED = Path(__file__).parent / "skeleton"
_FILES = {
    "kanal_crm.py": "kanal_{name}.py",
    "fake_crm.py": "tests/fake_{name}.py",
    "test_kanal_crm.py": "tests/test_kanal_{name}.py",
}
_PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "kanal-{name}"
version = "0.1.0"
description = "Files Kanal's cases in {name}"
requires-python = ">=3.11"
dependencies = ["kanal", "aiohttp>=3.14,<4", "msgspec>=0.20,<1"]

[project.entry-points."kanal.case_stores"]
{name} = "kanal_{name}:{kind}"

[tool.hatch.build.targets.wheel]
include = ["kanal_{name}.py"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
"""


def files_of(name: str) -> dict[str, str]:
    """The package's files by their paths; `name` has small letters and digits."""
    kind = name.capitalize()
    files = {
        path.format(name=name): _named((_SHIPPED / shipped).read_text("utf-8"), name, kind)
        for shipped, path in _FILES.items()
    }
    return {"pyproject.toml": _PYPROJECT.format(name=name, kind=kind)} | files


def _named(text: str, name: str, kind: str) -> str:
    own = text.replace("gateway.casestore.skeleton.", "")
    return own.replace("CRM", name.upper()).replace("Crm", kind).replace("crm", name)
