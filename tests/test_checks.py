"""`make check` finds what is planted: its programs run as the Makefile runs them, on code that should not pass."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ["gateway", "adapters", "normalizer", "dedupe"]


def commands() -> list[list[str]]:
    """What `make check` runs once everything is installed."""
    make = ["make", "--dry-run", "--no-print-directory", "--always-make", "--old-file=install-dev", "check"]
    done = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True)
    return [shlex.split(line) for line in done.stdout.splitlines()]


def command(program: str) -> list[str]:
    (found,) = [one for one in commands() if one[0] == f".venv/bin/{program}"]
    return [str(BIN / program), *found[1:]]


def run(command: list[str], folder: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True, check=False)


def test_everything_is_checked_and_the_audit_comes_last() -> None:
    ran = [" ".join(one).removeprefix(".venv/bin/").split(" --")[0] for one in commands()]
    assert ran == [
        "ruff format",
        "ruff check",
        "mypy",
        "lint-imports",
        "python -m tests.sizes",
        "bandit",
        "kingfisher scan",
        "python -m tests.audit",
    ]


HOLES = {
    "a shell": ("B602", "import subprocess\n\n\ndef f(x: str) -> None:\n    subprocess.run(f'ls {x}', shell=True)\n"),
    "evaluation": ("B307", "def f(x: str) -> object:\n    return eval(x)\n"),
    "pickles": ("B301", "import pickle\n\n\ndef f(x: bytes) -> object:\n    return pickle.loads(x)\n"),
    "a password": ("B105", "PASSWORD = 'Jalan8Medan'\n"),
    "unverified TLS": ("B323", "import ssl\n\nCONTEXT = ssl._create_unverified_context()\n"),
    "templates without escapes": ("B701", "import jinja2\n\nPAGES = jinja2.Environment(autoescape=False)\n"),
    "XML with entities": (
        "B314",
        "import xml.etree.ElementTree as e\n\n\ndef f(x: str) -> object:\n    return e.fromstring(x)\n",
    ),
}


@pytest.mark.threat("P1-28")
@pytest.mark.parametrize(("rule", "source"), HOLES.values(), ids=HOLES)
def test_bandit_finds(tmp_path: Path, rule: str, source: str) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "gateway" / "planted.py").write_text(source)
    done = run(command("bandit"), tmp_path)
    assert done.returncode == 1
    assert f"[{rule}:" in done.stdout


@pytest.mark.threat("P1-28")
def test_statements_made_of_input_are_found_by_ruff() -> None:
    """Bandit leaves this rule to Ruff, which knows the files in which only column names and marks are put in."""
    source = "def f(x: str) -> str:\n    return f\"SELECT 1 FROM cases WHERE code = '{x}'\"\n"
    found = {
        name: "S608" in run([str(BIN / "ruff"), "check", "--stdin-filename", name, "-"], ROOT, source).stdout
        for name in ("gateway/planted.py", "adapters/planted.py", "gateway/store/planted.py")
    }
    assert found == {"gateway/planted.py": True, "adapters/planted.py": True, "gateway/store/planted.py": False}


def test_what_bandit_leaves_out_is_left_to_ruff() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    excepted = {*tools["ruff"]["lint"]["ignore"]}.union(*tools["ruff"]["lint"]["per-file-ignores"].values())
    assert {f"S{rule.removeprefix('B')}" for rule in tools["bandit"]["skips"]} <= excepted


SECRETS = {
    "a Telegram bot's token": ["telegram_token = '73162", "45890:AAF3kLmQw9xTzR5vYb2NcHs8JdPgE1uKoiX'"],
    "a Facebook page's token": [
        "token = 'EAAMZCZBp7ZAxkBO2rW8mZCq1ZCnVh5ZBvT0tLw3x",
        "YkQ9dPzRfGjHsUoMiNaEbXcVyZAlKrT6uJ8eW4qS2pB0nD7mF1gH5jL3kO9iU6yT4rE2wQ8aZrT5y'",
    ],
    "a Twilio key": ["twilio = 'SKa3f6c1b0d9e847", "2651acbd9f7e1c2b3d'"],
    "a GitHub token": ["x = 'ghp_16C7e42F292c", "6912E7710c838347Ae178B4a'"],
    "a password in an address": ["relay = 'smtp://kanal:h8Kq2LmZ9xWc4", "RbN8sYd@smtp.kota.go.id/'"],
}  # in pieces, or they would be found in this file


def test_the_secret_scan_finds_each_and_shows_none(tmp_path: Path) -> None:
    for name, pieces in SECRETS.items():
        (tmp_path / f"{name}.py").write_text("".join(pieces) + "\n")
    done = run(command("kingfisher"), tmp_path)
    assert done.returncode == 200
    assert set(re.findall(r"([^/]*)\.py$", done.stdout, re.M)) == SECRETS.keys()
    assert [pieces for pieces in SECRETS.values() if pieces[1] in done.stdout] == []


def test_a_private_key_is_found_even_after_it_was_taken_out_again(tmp_path: Path) -> None:
    key = run(["openssl", "genpkey", "-algorithm", "ed25519"], tmp_path).stdout
    (tmp_path / "key.pem").write_text(key)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    for step in (["init"], ["add", "key.pem"], ["commit", "-m", "in"], ["rm", "key.pem"], ["commit", "-m", "out"]):
        assert run([*git, *step], tmp_path).returncode == 0
    done = run(command("kingfisher"), tmp_path)
    assert done.returncode == 200
    assert re.search("PRIVATE-KEY", done.stdout)


def test_a_clean_folder_passes_the_secret_scan(tmp_path: Path) -> None:
    (tmp_path / "kanal.toml").write_text('secret = { env = "SMS_SECRET" }\n')
    assert run(command("kingfisher"), tmp_path).returncode == 0
