"""Both READMEs say the same, and every command in them is run here, in their order."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from pathlib import Path

import pytest

import adapters.sms
from gateway import resources
from gateway.demo import script
from tests.docs.blocks import ROOT, Block, blocks, headings, page
from tests.end_to_end.kanal import PATIENCE_SECONDS, free_port, until
from tests.test_project import locked_here

READMES = ("README.md", "README.id.md")
CODE = re.compile(r"KNL-[0-9A-Z]{4}-[0-9A-Z]{4}")
PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|PSF|ISC|Public Domain|Redistribution and use in source and binary forms)\b")
FIGURE = re.compile(r"\d\s*(?:%|ms\b|s\b|MB|GB|per second|/s|persen|detik)")


def written_in(name: str, language: str) -> list[str]:
    return [block.text for block in blocks(page(name)) if block.language == language]


def commands(name: str) -> list[str]:
    return [command for block in blocks(page(name)) if block.language == "sh" for command in block.commands()]


@pytest.mark.parametrize("what", ["sh", "toml", "conf", "text"])
def test_the_twins_show_the_same_blocks(what: str) -> None:
    english, indonesian = (written_in(name, what) for name in READMES)
    assert english == indonesian != []


def test_the_twins_have_the_same_structure() -> None:
    levels = [[heading.split()[0] for heading in headings(page(name))] for name in READMES]
    assert levels[0] == levels[1]
    tables = [len(re.findall(r"^\|", page(name), re.MULTILINE)) for name in READMES]
    assert tables[0] == tables[1]
    links = [sorted(re.findall(r"\]\(([^)]+)\)", page(name))) for name in READMES]
    assert [one for one in links[0] if one not in READMES] == [one for one in links[1] if one not in READMES]


@pytest.mark.parametrize("name", READMES)
def test_every_link_and_every_test_it_names_is_there(name: str) -> None:
    named = re.findall(r"\]\(([^)]+)\)", page(name)) + re.findall(r"`(tests/[\w/.]+)`", page(name))
    assert [one for one in named if not (ROOT / one).exists()] == []
    assert len(named) > 15


@pytest.mark.parametrize("name", READMES)
def test_no_figure_stands_there_that_nobody_measured(name: str) -> None:
    prose = re.sub(r"^```.*?^```$", "", page(name), flags=re.MULTILINE | re.DOTALL)
    assert FIGURE.findall(prose) == []


def test_the_demo_ends_as_it_says() -> None:
    story = [entry for entry in script.load() if not entry.takes_back]
    counts = (len(story), len(story) - 1, sum(entry.follows for entry in story))
    answered = sum(bool(entry.sender) and not entry.automatic for entry in story)
    line = r"(\d+) messages in, (\d+) kept, 1 taken back, \d+ reports in \d+ cases, (\d+) follow-ups, (\d+) answered"
    (said,) = re.findall(line, page("README.md"))
    assert said == tuple(map(str, (*counts, answered)))


@pytest.mark.parametrize("command", [line for line in commands("README.md") if line.startswith("make ")])
def test_what_is_made_is_a_target(command: str) -> None:
    dry = ["make", "--dry-run", "--no-print-directory", command.split()[1]]
    done = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip()


def test_what_make_runs_is_the_command() -> None:
    said = {
        target: subprocess.run(
            ["make", "--dry-run", "--no-print-directory", target],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for target in ("run", "demo")
    }
    assert {target: text.splitlines()[-1] for target, text in said.items()} == {
        "run": ".venv/bin/kanal run",
        "demo": ".venv/bin/kanal demo --stay",
    }


class Newcomer:
    """Somebody who types what the README says, in a folder of their own. `ports` are put in place of the usual ones."""

    def __init__(self, folder: Path, ports: Mapping[str, str]) -> None:
        self.folder = folder
        self._others = {**ports, "/home/kota/kanal": str(folder)}
        self._code = ""
        bin_ = Path(sys.executable).parent
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KANAL_", "SENDSMS_"))}
        self.environment = {**kept, "PATH": f"{bin_}:{kept['PATH']}", "HOME": str(folder), "no_proxy": "127.0.0.1"}

    def types(self, command: str) -> str:
        typed = CODE.sub(self._code, self.here(command))
        done = subprocess.run(
            ["bash", "-c", typed], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{typed}\n{done.stdout}{done.stderr}"
        return done.stdout

    def looks_for_the_flood(self) -> bool:
        """Wait for the case of two reports, whose code the later commands are about."""
        rows = self.types("kanal cases list").splitlines()[1:]
        self._code = next((row.split()[0] for row in rows if re.search(r" 2 .*menunggu", row)), "")
        return bool(self._code) and len(rows) == 2

    def here(self, text: str) -> str:
        """What the README says, with the ports and the folder of this machine."""
        for usual, other in self._others.items():
            text = text.replace(usual, other)
        return text


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newcomer, str]]:
    """The gateway runs as after `make run`, with the built-in settings but on ports that are free; its banner."""
    folder = tmp_path_factory.mktemp("newcomer")
    (folder / ".venv").symlink_to(Path(sys.executable).parent.parent)
    ports = {"8080": str(free_port()), "8025": str(free_port())}
    person = Newcomer(folder, ports)
    (folder / "kanal.toml").write_text(person.here(resources.path("kanal.toml").read_text()))
    person.environment["KANAL_CONFIG"] = "kanal.toml"
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(["kanal", "run"], cwd=folder, env=person.environment, stdout=said, stderr=said)
    try:
        until(lambda: "try " in (folder / "said").read_text(), "the banner")
        yield person, (folder / "said").read_text()
    finally:
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0


def test_every_command_works_in_its_order(newcomer: tuple[Newcomer, str]) -> None:
    person, _ = newcomer
    typed = [command for command in commands("README.md") if not command.startswith("make ")]
    for file in (block for block in blocks(page("README.md")) if block.name):
        (person.folder / file.name).write_text(file.text)
    said: dict[str, str] = {}
    for command in typed:
        if command == "kanal cases list":
            until(person.looks_for_the_flood, "two cases")
        said[command.split("#")[0].strip()] = person.types(command)
    assert len(said) == len(typed) == 23
    (shown,) = [text for text in written_in("README.md", "text") if "STATUS" in text]
    assert said["kanal cases list"].split("\n")[0].split() == shown.split("\n")[0].split()
    assert "2 replies written" in next(text for command, text in said.items() if "cases move" in command)
    assert "same as" in next(text for command, text in said.items() if "cases show" in command)
    assert "diterima" in next(text for command, text in said.items() if "/lacak/" in command)
    assert "+628110000001" in next(text for command, text in said.items() if "access" in command)
    assert "surat permintaan 17" in said["kanal audit"]


def test_the_banner_is_the_one_shown(newcomer: tuple[Newcomer, str]) -> None:
    person, banner = newcomer
    shown, *_ = written_in("README.md", "text")
    assert banner.startswith(person.here(shown).replace("built-in default", "kanal.toml"))


SETTINGS: Mapping[str, tuple[str, int]] = {
    "all is well": ("my-kanal.toml", 0),
    "problems": ("wrong.toml", 1),
    "no such file": ("missing.toml", 2),
    "a channel fails": ("my-kanal.toml --online", 3),
}


@pytest.mark.parametrize(("arguments", "code"), SETTINGS.values(), ids=SETTINGS)
def test_the_exit_codes_of_check(tmp_path: Path, arguments: str, code: int) -> None:
    (toml,) = [block for block in blocks(page("README.md")) if block.language == "toml"]
    (tmp_path / toml.name).write_text(toml.text.replace("13013", str(free_port())).replace(":25", f":{free_port()}"))
    (tmp_path / "wrong.toml").write_text("[gateway]\ndeadline_days = 0\n")
    command = [sys.executable, "-m", "gateway", "check", *arguments.split()]
    environment = {**os.environ, "SENDSMS_PASSWORD": "rahasia", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert re.search(rf"\b{code} ", _sentence_on_check())


def _sentence_on_check() -> str:
    found = re.search(r"`kanal check` ends with .*?\.", page("README.md"), re.DOTALL)
    assert found
    return found[0]


def test_a_problem_is_said_as_shown(tmp_path: Path) -> None:
    (toml,) = [block for block in blocks(page("README.md")) if block.language == "toml"]
    (shown,) = [text for text in written_in("README.md", "text") if "1 problem" in text]
    (tmp_path / toml.name).write_text(toml.text)
    environment = {name: value for name, value in os.environ.items() if name != "SENDSMS_PASSWORD"}
    command = [sys.executable, "-m", "gateway", "check", toml.name]
    done = subprocess.run(
        command, cwd=tmp_path, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.stdout == shown


def _conf() -> Mapping[str, Block]:
    found = [block for block in blocks(page("README.md")) if block.language == "conf"]
    return {"kannel": found[0], "postfix": found[1]}


def test_kannels_lines_are_those_that_the_adapter_asks_for() -> None:
    asked = (adapters.sms.__doc__ or "").replace("…/SECRET", "http://127.0.0.1:8080/in/sms-1708/SECRET")
    assert [line for line in _conf()["kannel"].text.splitlines() if line not in asked] == []


def test_postfix_understands_its_line(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\n")
    table = _conf()["postfix"].text.partition(" = ")[2].strip()
    postmap = ["/usr/sbin/postmap", "-c", str(tmp_path), "-q", "dki@jakarta.go.id", table]
    done = subprocess.run(postmap, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("lmtp:inet:127.0.0.1:8024", 0), done.stderr


def test_what_is_said_of_licences_is_so() -> None:
    others = [name for name in sorted(locked_here("requirements.txt")) if not PERMISSIVE.search(_licence(name))]
    assert others == ["certifi", "pathspec", "python-telegram-bot"]
    assert [name for name in others if not all(f"`{name}`" in page(readme) for readme in READMES)] == []
    assert "Mozilla" in _licence("pathspec") and "Mozilla" in _licence("certifi")
    assert "LGPL" in _licence("python-telegram-bot")


def _licence(name: str) -> str:
    """What the package says of it, and its text where the file is called so."""
    package = distribution(name)
    fields = ("License-Expression", "License", "Classifier")
    said = " ".join(line for field in fields for line in package.metadata.get_all(field, []))
    texts = (file for file in package.files or () if file.name == "COPYING")
    return " ".join([said, *(file.read_text() for file in texts)])
