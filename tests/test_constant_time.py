"""Whatever proves something is compared by `adapters.signing.same`, in constant time.

`==` would tell an attacker, by how long it takes, how much of a guess is right.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("gateway", "adapters", "normalizer", "dedupe")
PROOF = re.compile(
    r"(?<![a-z])(?:secret|signature|token|password|hmac|mac|proof|pin|reveal|hexdigest)s?(?![a-z])", re.I
)


def compared(source: str) -> Iterator[str]:
    """The comparisons with == or != that have something on either side that is named like a proof."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops):
            sides = [node.left, *node.comparators]
            if any(PROOF.search(name) for side in sides for name in names(side)):
                yield ast.unparse(node)


def names(side: ast.expr) -> Iterator[str]:
    """What the value is called: the last name of `a.b`, `a.b()` or `a["b"]`."""
    match side:
        case ast.Name(name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(str(name))):
            yield name
        case ast.Call(func=function):
            yield from names(function)


@pytest.mark.threat("P0-16")
def test_no_proof_is_compared_with_equality() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {comparison}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for comparison in compared(path.read_text())
    }
    assert found == set()


COMPARISONS = {
    "names": "given == secret",
    "unequal": "signature != expected",
    "an attribute": "self._token == given",
    "a part of a name": "request_signature == given",
    "a header": "headers['X-Signature'] == given",
    "what a call gives": "hmac.hexdigest() == given",
    "a revealed secret": "self._settings.token.reveal() == given",
    "among other comparisons": "ok if a and b == pin else c",
}


@pytest.mark.parametrize("source", COMPARISONS.values(), ids=COMPARISONS)
def test_the_rule_finds(source: str) -> None:
    assert len(list(compared(source))) == 1


HARMLESS = {
    "in constant time": "same(given, secret)",
    "whether there is one": "secret is None or not secret",
    "other words": "spinning == 1 and machine == 2 and tokens_left.count > 3",
}


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS)
def test_the_rule_leaves_alone(source: str) -> None:
    assert list(compared(source)) == []
