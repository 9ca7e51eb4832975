"""A case store's package of a name, made of the one that is shipped. Pure, but for reading that."""

from pathlib import Path

from gateway.scaffolding import pyproject, renamed

_SHIPPED = Path(__file__).parent / "skeleton"
_FILES = {
    "kanal_crm.py": "kanal_{name}.py",
    "fake_crm.py": "tests/fake_{name}.py",
    "test_kanal_crm.py": "tests/test_kanal_{name}.py",
}


def files_of(name: str) -> dict[str, str]:
    """The package's files by their paths; `name` has small letters and digits."""
    kind = name.capitalize()
    needs = ["kanal", "aiohttp>=3.14,<4", "msgspec>=0.20,<1"]
    project = pyproject(name, f"Files Kanal's cases in {name}", needs, "kanal.case_stores", kind)
    return {"pyproject.toml": project} | renamed(_SHIPPED, _FILES, name, lambda text: _named(text, name, kind))


def _named(text: str, name: str, kind: str) -> str:
    own = text.replace("gateway.casestore.skeleton.", "")
    return own.replace("CRM", name.upper()).replace("Crm", kind).replace("crm", name)
