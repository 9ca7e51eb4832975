"""How long the adapters are: `python -m tests.sizes`, part of `make check`. It refuses nothing, and warns.

Lines of code are those with a token other than a comment or a docstring on them.
"""

import ast
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What no adapter's module should need more of.
MOST = 250
#: What no adapter imports.
SUITE = {"testing"}


def lines_of_code(source: str) -> int:
    """Those on which a statement or a part of one stands, docstrings left out."""
    tree = ast.parse(source)
    told = {line for node in ast.walk(tree) for line in _lines_of_docstring(node)}
    written = {number for number, line in enumerate(source.splitlines(), 1) if line.strip() and not _is_comment(line)}
    return len(written - told)


def adapters() -> Iterable[str]:
    """The names of their modules or packages."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["kanal.adapters"]
    return sorted({where.partition(":")[0].split(".")[1] for where in points.values()})


def sizes(adapter: str) -> Mapping[str, int]:
    """Of its modules, by their paths without the suffix."""
    folder = ROOT / "adapters"
    modules = [*folder.glob(f"{adapter}.py"), *(folder / adapter).rglob("*.py")]
    return {str(path.relative_to(folder).with_suffix("")): lines_of_code(path.read_text()) for path in sorted(modules)}


def shared() -> Iterable[str]:
    """The packages that adapters have in common."""
    packages = {path.parent.name for path in (ROOT / "adapters").glob("*/__init__.py")}
    return sorted(packages - set(adapters()) - SUITE)


def users(package: str) -> Iterable[str]:
    """The adapters that import a package."""
    return [adapter for adapter in adapters() if any(f"from adapters.{package}" in text for text in _texts(adapter))]


def report(found: Mapping[str, Mapping[str, int]], common: Mapping[str, Mapping[str, int]] = {}) -> str:
    """A line for each adapter, its modules together and the largest, the same of what is `common` to several, by the
    names of those, and a warning for each module that is too long."""
    lines = ["lines of code of each adapter", *map(_line, found, found.values())]
    if common:
        lines += ["lines of code that adapters have in common", *map(_line, common, common.values())]
    every = [one for own in (*found.values(), *common.values()) for one in own.items()]
    return "\n".join(
        [*lines, *(f"WARNING: {name} has {size}, more than {MOST}" for name, size in every if size > MOST)]
    )


def _line(name: str, own: Mapping[str, int]) -> str:
    largest = max(own, key=lambda module: own[module])
    return f"{name:<10}{sum(own.values()):>6} in {len(own):>2}, most in {largest}: {own[largest]}"


def _texts(adapter: str) -> Iterable[str]:
    return [(ROOT / "adapters" / f"{module}.py").read_text() for module in sizes(adapter)]


def _lines_of_docstring(node: ast.AST) -> range:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return range(0)
    if ast.get_docstring(node, clean=False) is None:
        return range(0)
    return range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


if __name__ == "__main__":
    common = {f"{one} ({', '.join(users(one))})": sizes(one) for one in shared()}
    print(report({adapter: sizes(adapter) for adapter in adapters()}, common))
