"""An adapter's package of a name, made of the one that is shipped. Pure, but for reading that."""

from pathlib import Path

from gateway.scaffolding import pyproject, renamed

_SHIPPED = Path(__file__).parent / "skeleton"
_FILES = {
    "README.md": "README.md",
    "kanal_fax.py": "kanal_{name}.py",
    "test_kanal_fax.py": "tests/test_kanal_{name}.py",
    "payloads/posted.json": "tests/payloads/posted.json",
    "payloads/posted.events.json": "tests/payloads/posted.events.json",
}
_STRICT = """
[tool.mypy]
strict = true
"""
#: Failures are told in words only where pytest has seen the suite before it is imported.
_CONFTEST = """\
import pytest

pytest.register_assert_rewrite("adapters.testing")
"""


def files_of(name: str) -> dict[str, str]:
    """The package's files by their paths; `name` has small letters and digits."""
    kind = name.capitalize()
    needs = ["kanal", "msgspec>=0.20,<1"]
    project = pyproject(name, f"Kanal's channel {name}", needs, "kanal.adapters", kind, 'readme = "README.md"\n')
    made = {"pyproject.toml": project + _STRICT, "tests/conftest.py": _CONFTEST}
    return made | renamed(_SHIPPED, _FILES, name, lambda text: _named(text, name, kind))


def _named(text: str, name: str, kind: str) -> str:
    own = text.replace("gateway.kit.skeleton.", "")
    return own.replace("FAX", name.upper()).replace("Fax", kind).replace("fax", name)
