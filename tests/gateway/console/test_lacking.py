"""Why a file cannot be had is kept in the words of logs, and said in those of the reader."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.console.case.lacking import KEPT, recognised, said
from gateway.console.wording import Wording

ROOT = Path(__file__).parents[3]
SAID = {
    "the file is larger than 25 MB": (
        "lebih besar dari 25 MB, batas kanal ini. Pelapor bisa mengirimnya lagi dalam ukuran yang lebih kecil",
        "it is larger than 25 MB, the most that this channel takes. Who reported can send a smaller one",
    ),
    "who has the file answers 404": (
        "server tempatnya menjawab dengan kode 404",
        "the server that has it answers with code 404",
    ),
    "Meta does not say where the file lies": (
        "Meta tidak menyebut tempatnya",
        "Meta does not say where it lies",
    ),
    "<b>the fax is out of paper</b>": ("<b>the fax is out of paper</b>", "<b>the fax is out of paper</b>"),
}
#: What raises one; the rest are of adapters, in whatever fetches.
ERRORS = {"ChannelDown", "NotPublic", "Refused", "Throttled", "Unauthorized", "Unwilling"}


@pytest.mark.parametrize(("kept", "there"), SAID.items())
def test_why_a_file_is_lost_reads_in_the_readers_language(kept: str, there: tuple[str, str]) -> None:
    wording = Wording.load()
    assert (said(kept, wording, "id"), said(kept, wording, "en")) == there


def test_nothing_that_fetches_gives_a_reason_that_has_no_text() -> None:
    """A 7 in the place of values."""
    whole = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "gateway/fetching").glob("*.py")]
    adapters = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "adapters").rglob("*.py"))
    fetches = [node for tree in adapters for node in ast.walk(tree) if _is_given_get(node)]
    reasons = {text for tree in (*whole, *fetches) for text in _raised(tree)}
    assert {text: recognised(text)[0] for text in reasons if recognised(text)[0] not in KEPT} == {}
    assert KEPT.keys() - {recognised(text)[0] for text in reasons} == {"unknown_name"}  # returned, to be raised


def _is_given_get(node: ast.AST) -> bool:
    return isinstance(node, ast.AsyncFunctionDef) and "get" in {one.arg for one in node.args.args}


def _makes_an_error(called: ast.expr) -> bool:
    return ast.unparse(called) in {*ERRORS, "super().__init__"}


def _raised(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _makes_an_error(node.func):
            text = node.args[0]
            if isinstance(text, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in text.values)
            elif isinstance(text, ast.Constant):
                yield str(text.value)
