"""Draws a dialogue as a flowchart in Mermaid (https://mermaid.js.org), from what its author wrote. Pure."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Sequence

from gateway.bot.dialogue import Dialogue

#: An open end: the node that leads on, and what is written on the arrow.
Ends = list[tuple[str, str]]
_LONGEST = 60


class NotDrawn(Exception):
    """There is no source to draw; the message says so."""


def drawn(dialogue: Dialogue) -> str:
    """The flowchart. Raises `NotDrawn`."""
    try:
        source = textwrap.dedent(inspect.getsource(dialogue.steps))
    except (OSError, TypeError):
        raise NotDrawn(f"the source of '{dialogue.name}' is not installed") from None
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    return _Chart(dialogue).of(function)


class _Chart:
    def __init__(self, dialogue: Dialogue) -> None:
        self._lines = ["flowchart TD", f'  start(["{_safe(dialogue.name)}"])']
        self._count = 0
        self._leaving: list[Ends] = []

    def of(self, function: ast.FunctionDef) -> str:
        ends = self._block(function.body, [("start", "")])
        self._lines.append('  finish(["selesai"])')
        self._join(ends, "finish")
        return "\n".join(self._lines) + "\n"

    def _block(self, body: Sequence[ast.stmt], ends: Ends) -> Ends:
        for statement in body:
            ends = self._statement(statement, ends)
        return ends

    def _statement(self, statement: ast.stmt, ends: Ends) -> Ends:
        match statement:
            case ast.If():
                return self._branches(statement, ends)
            case ast.While() | ast.For():
                return self._loop(statement, ends)
            case ast.Return():
                ends = self._yields(statement, ends)
                self._join(ends, "finish")
                return []
            case ast.Break() if self._leaving:
                self._leaving[-1] += ends
                return []
        return self._yields(statement, ends)

    def _branches(self, statement: ast.If, ends: Ends) -> Ends:
        ends = self._yields(statement.test, ends)
        if not _asks(statement):
            return ends
        node = self._node(f'{{"{_safe(ast.unparse(statement.test))}"}}', ends)
        return self._block(statement.body, [(node, "ya")]) + self._block(statement.orelse, [(node, "tidak")])

    def _loop(self, statement: ast.While | ast.For, ends: Ends) -> Ends:
        if not _asks(statement):
            return ends
        head = statement.test if isinstance(statement, ast.While) else statement.iter
        node = self._node(f'{{{{"{_safe(ast.unparse(head))}"}}}}', ends)
        self._leaving.append([])
        self._join(self._block(statement.body, [(node, "")]), node)
        endless = isinstance(statement, ast.While) and isinstance(statement.test, ast.Constant)
        return self._leaving.pop() + ([] if endless else [(node, "")])

    def _yields(self, tree: ast.AST, ends: Ends) -> Ends:
        """A node for each step that is yielded within, in the order in which they are written."""
        for call in _steps(tree):
            ends = [(self._node(_shape(call), ends), "")]
        return ends

    def _node(self, shape: str, ends: Ends) -> str:
        self._count += 1
        name = f"n{self._count}"
        self._lines.append(f"  {name}{shape}")
        self._join(ends, name)
        return name

    def _join(self, ends: Ends, to: str) -> None:
        self._lines += [f"  {one} -->{f'|{label}|' if label else ''} {to}" for one, label in ends]


def _asks(tree: ast.AST) -> bool:
    return any(True for _ in _steps(tree)) or any(isinstance(node, ast.Return | ast.Break) for node in ast.walk(tree))


def _steps(tree: ast.AST) -> Iterator[ast.expr]:
    found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Yield | ast.YieldFrom) and node.value]
    yield from sorted(found, key=lambda one: (one.lineno, one.col_offset))


def _shape(step: ast.expr) -> str:
    """A question is a slanted box, what is said a plain one, a wish a box with double sides."""
    if not isinstance(step, ast.Call):
        return f'["{_safe(ast.unparse(step))}"]'
    kind, first = ast.unparse(step.func), _safe(_named(step.args[0]) if step.args else "")
    match kind:
        case "Ask":
            return f'[/"{first}?"/]'
        case "Say":
            return f'["{first}"]'
    return f'[["{_safe(kind)} {first}"]]'


def _named(name: ast.expr) -> str:
    written = ast.unparse(name)
    return written[1:].strip("'\"") if isinstance(name, ast.JoinedStr) else written.strip("'\"")


def _safe(text: str) -> str:
    """Nothing that Mermaid would take for its own."""
    line = " ".join(text.split()).replace('"', "'").replace("<", "&lt;").replace(">", "&gt;")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
