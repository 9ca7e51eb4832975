"""docs/deployment.md names what there is: files, links, commands."""

import re
import shlex
import subprocess

import pytest

from tests.docs.blocks import ROOT, blocks, page

PAGE = page("docs/deployment.md")
EXAMPLES = ROOT / "config" / "examples"
SHELL = [block.text for block in blocks(PAGE) if block.language == "sh"]


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGE) if not link.startswith("https://")]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert links


def test_every_example_is_told_of() -> None:
    assert [path.name for path in sorted(EXAMPLES.iterdir()) if path.name not in PAGE] == []


def test_every_file_that_a_command_takes_is_there() -> None:
    words = [word for text in SHELL for word in shlex.split(text, comments=True)]
    taken = [word for word in words if word.startswith(("config/", "requirements"))]
    assert len(taken) >= 4
    assert [word for word in taken if not list(ROOT.glob(word))] == []


@pytest.mark.parametrize("text", SHELL)
def test_every_command_is_one_to_the_shell(text: str) -> None:
    assert subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0
