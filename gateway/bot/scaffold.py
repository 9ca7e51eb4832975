"""A dialogue's package of a name, made of the one that is shipped. Pure, but for reading that."""

from pathlib import Path

from gateway.scaffolding import pyproject, renamed

_SHIPPED = Path(__file__).parent / "skeleton"
_FILES = {
    "kanal_lampu.py": "kanal_{name}.py",
    "test_kanal_lampu.py": "tests/test_kanal_{name}.py",
}


def files_of(name: str) -> dict[str, str]:
    """The package's files by their paths; `name` has small letters and digits."""
    project = pyproject(name, f"Kanal's dialogue about {name}", ["kanal"], "kanal.dialogues", name)
    return {"pyproject.toml": project} | renamed(_SHIPPED, _FILES, name, lambda text: _named(text, name))


def _named(text: str, name: str) -> str:
    """What the package is called, and not what it talks about: that is its author's to change."""
    own = text.replace("gateway.bot.skeleton.kanal_lampu", f"kanal_{name}")
    changes = {
        'dialogue("lampu"': f'dialogue("{name}"',
        'keyword("lampu")': f'keyword("{name}")',
        "def lampu(": f"def {name}(",
        f"from kanal_{name} import lampu": f"from kanal_{name} import {name}",
        "        lampu,\n": f"        {name},\n",
        "about lampu,": f"about {name},",
    }
    for old, new in changes.items():
        own = own.replace(old, new)
    return own
