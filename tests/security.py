"""`python -m tests.security`: writes into docs/security.md the limits in force, and which tests show which
threats to be met. What stands above these parts stays as it was written.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from adapters import forms
from adapters.open311 import Open311Settings
from adapters.sms import payload
from adapters.smtp import SmtpSettings, listener, session
from gateway import inspecting, lane, photos, pictures, web, worker
from gateway.cli import keys
from gateway.tables import WebSettings
from normalizer.mails import mime
from tests.threats import THREATS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security.md"
MADE = "## Limits\n"


class Test(NamedTuple):
    """`name` is "" where all tests of the file are meant."""

    file: str
    name: str


def marked(folder: Path) -> Mapping[str, Sequence[Test]]:
    """The tests below a folder by the threats that they name. Nothing is imported. Raises ValueError where a threat is
    not named in full."""
    found: dict[str, list[Test]] = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        for threat, name in _marks(ast.parse(path.read_text("utf-8")), path):
            found[threat].append(Test(str(path.relative_to(folder)), name))
    return found


def _marks(within: ast.Module | ast.ClassDef, path: Path) -> Iterator[tuple[str, str]]:
    for one in within.body:
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from ((threat, one.name) for threat in _named(one.decorator_list, path))
            case ast.ClassDef():
                yield from ((threat, one.name) for threat in _named(one.decorator_list, path))
                yield from _marks(one, path)
            case ast.Assign(targets=[ast.Name(id="pytestmark")]):
                yield from ((threat, "") for threat in _named([one.value], path))


def _named(within: Iterable[ast.expr], path: Path) -> Iterator[str]:
    """The threats that markers name."""
    for call in (node for part in within for node in ast.walk(part)):
        match call:
            case ast.Call(func=ast.Attribute(attr="threat"), args=names):
                for name in names:
                    if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
                        raise ValueError(f"{path}:{call.lineno}: name the threat in full, as in threat('P0-3')")
                    yield name.value


def page(written: str) -> str:
    """The page, of which all above the limits stays as it is."""
    return f"{written.partition(MADE)[0]}{MADE}\n{_limits()}\n## Threats\n\n{_threats(marked(ROOT / 'tests'))}"


def _threats(found: Mapping[str, Sequence[Test]]) -> str:
    rows = (
        (name, threat.title, threat.done, _shown(found.get(name, ())) or f"not there yet: it comes with {threat.lacks}")
        for name, threat in THREATS.items()
    )
    about = (
        "P0 loses or forges a report, or tells who reported; P1 takes the service down or harms an officer; P2 is the"
        " rest.\nA test that is named here fails if the threat is not met any more.\n\n"
    )
    return about + _table(("", "threat", "what is done", "tests"), rows)


def _shown(tests: Iterable[Test]) -> str:
    """Each file once, with its tests."""
    files: dict[str, list[str]] = defaultdict(list)
    for test in tests:
        files[test.file].append(test.name)
    return "<br>".join(f"[{Path(file).name}](../tests/{file}){_names(names)}" for file, names in files.items())


def _names(names: Sequence[str]) -> str:
    return f"::{', '.join(names)}" if all(names) else ""


def _limits() -> str:
    http, smtp = WebSettings(), SmtpSettings(name="mail", kind="smtp", recipients=())
    apps = Open311Settings(name="apps", kind="open311")
    rows = [
        (
            "the first word and the head of a web request",
            f"{http.header_timeout:g} s",
            "`[web] header_timeout`",
        ),
        ("the body of a web request", f"{http.body_timeout:g} s", "`[web] body_timeout`"),
        ("the taking of an answer", f"{http.answer_timeout:g} s", "`[web] answer_timeout`"),
        ("between two web requests", f"{http.idle_timeout:g} s", "`[web] idle_timeout`"),
        ("web connections, in all and from one address", _two(http), "`[web] max_connections`, `…_per_address`"),
        ("the body of a web request", _octets(http.max_body), "`[web] max_body`, a channel's `max_size`"),
        ("headers of a web request", f"{web.MOST_HEADERS}", ""),
        ("between two mail commands", f"{smtp.command_timeout:g} s", "a mail channel's `command_timeout`"),
        ("a whole mail", f"{smtp.data_timeout:g} s", "a mail channel's `data_timeout`"),
        ("mail connections, in all and from one address", _two(smtp), "`max_connections`, `…_per_address`"),
        ("a mail", _octets(smtp.max_size), "a channel's `max_size`"),
        ("all mails under way", _octets(smtp.max_memory), "a mail channel's `max_memory`"),
        ("recipients of a mail", f"{listener.MAX_RECIPIENTS}", ""),
        ("mail commands in vain", f"{session.PATIENCE}", ""),
        ("fields of an SMS", f"{payload.MOST_FIELDS}", ""),
        ("an application's form without photos", _octets(forms.LONGEST_FORM), ""),
        ("parts of a form with photos", f"{forms.MOST_FIELDS}", ""),
        ("photos with a report", f"{apps.max_photos}", "an Open311 channel's `max_photos`"),
        ("requests a minute, reports a day of an application", _of_key(), "`kanal keys add --per-minute`, `--per-day`"),
        ("headers, parts and depth of a mail that are read", _mime(), ""),
        ("reading one message", f"{lane.READ_SECONDS:g} s, {lane.MOST_TRIES} tries", ""),
        ("a process that reads", f"{_octets(worker.MEMORY)}, {worker.SECONDS} s of processor time", ""),
        ("files of a message that are looked at, and listed", _files(), ""),
        ("pixels of a photo that is passed on, before and each way afterwards", _pixels(), ""),
        ("octets of memory and scans of such a photo", _unpacked(), ""),
    ]
    return _table(("what", "limit", "set by"), rows)


def _of_key() -> str:
    return f"{keys.PER_MINUTE}, {keys.PER_DAY}"


def _mime() -> str:
    return f"{_octets(mime.MAX_HEADER_BLOCK)}, {mime.MAX_PARTS}, {mime.MAX_DEPTH}"


def _files() -> str:
    most = f"{inspecting.MOST_INSPECTED} of {_octets(inspecting.MOST_BYTES)} in all"
    return f"{most}, {inspecting.MOST_FILES}"


def _pixels() -> str:
    return f"{pictures.MOST_PIXELS // 1_000_000} million, {photos.LONGEST_SIDE}"


def _unpacked() -> str:
    return f"{pictures.MOST_OCTETS // 1_000_000} million, {pictures.MOST_SCANS}"


def _two(settings: WebSettings | SmtpSettings) -> str:
    return f"{settings.max_connections}, {settings.max_connections_per_address}"


def _octets(number: int) -> str:
    return f"{number >> 20} MB" if number >= 1 << 20 else f"{number >> 10} KB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (f"| {' | '.join(cells)} |\n" for cells in (head, ["---"] * len(head), *rows))
    return "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
