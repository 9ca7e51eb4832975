"""docs/dialogues.md: its package works as it stands there, and what it names is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gateway.bot
from adapters import Message
from gateway.bot import Again, Heard, words
from gateway.bot.testing import NOW
from normalizer.book import Book
from normalizer.normalize import normalize
from tests.docs.blocks import blocks, page

PAGE = page("docs/dialogues.md")
BLOCKS = blocks(PAGE)
FILES = {block.name: block.text for block in BLOCKS if block.name}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page") / "kanal-banjir"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def run(*words: str, folder: Path, typed: str = "") -> str:
    paths = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), str(Path.cwd()), str(folder)]))
    environment = os.environ | {"PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def heard(text: str) -> Heard:
    message, book = Message(id="1", channel="test", sender=None, text=text), Book("31")
    return Heard(
        text=text,
        message=message,
        report=normalize(message, NOW, book),
        book=book,
        words=words.load(),
        code_prefix="KNL",
        today="2026-11-23",
    )


def test_its_transcript_holds(package: Path) -> None:
    assert sorted(FILES) == ["kanal_banjir.py", "pyproject.toml", "test_kanal_banjir.py"]
    assert "1 passed" in run("pytest", "-p", "no:cacheprovider", "-W", "ignore", "-q", folder=package)


def test_it_can_be_talked_to(package: Path) -> None:
    commands = [line for block in BLOCKS if block.language == "sh" for line in block.commands()]
    assert commands == ["kanal chat --dialogue banjir", "kanal chat --dialogue banjir --as sms"]
    words = commands[-1].split()[1:]
    told = run("gateway", *words, folder=package.parent, typed="banjir nih\npinggang\nya\n")
    assert "Setinggi apa airnya?\n  1 Mata kaki" in told and "Ada yang terjebak?" in told
    assert told.rstrip("> \n").endswith("Terima kasih. Petugas kami segera ke sana.\n  (1 SMS)") or "(2 SMS)" in told


def test_a_reader_of_ones_own_reads_or_asks_again() -> None:
    [source] = [block.text for block in BLOCKS if block.language == "python" and not block.name]
    made: dict[str, object] = {}
    exec(source, made)
    plate = made["plate"]
    assert callable(plate)
    assert plate(heard("mobil b 1234 xyz parkir sembarangan")) == "B 1234 XYZ"
    with pytest.raises(Again, match="again_plate"):
        plate(heard("mobil merah"))


def test_every_reader_and_wish_that_it_names_is_there() -> None:
    readers = re.findall(r"^\| `(\w+)", PAGE, re.MULTILINE)
    wishes = re.findall(r"`([A-Z]\w+)`", PAGE.split("## What the world")[1])
    openers = re.findall(r"`(\w+)` ?[\(,]", PAGE.split("## What opens")[1].split("## ")[0])
    named = [*readers, *wishes, *(one for one in openers if one[0].islower())]
    assert len(readers) >= 8 and len(wishes) > 8
    assert [one for one in named if not hasattr(gateway.bot, one)] == []
