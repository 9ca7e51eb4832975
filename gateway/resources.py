"""Where the data shipped with Kanal is: the default settings, the texts, the schemas."""

from pathlib import Path

_HERE = Path(__file__).parent
_INSTALLED = _HERE / "_config"
_CHECKOUT = _HERE.parent / "config"


def path(*parts: str) -> Path:
    """The path of packaged data: `config/` in a checkout, `gateway/_config/` in an installed wheel."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*parts)
