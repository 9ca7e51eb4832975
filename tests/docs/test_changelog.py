"""CHANGELOG.md knows the version and speaks in whole sentences."""

import re
import tomllib

from tests.docs.blocks import ROOT, page

CHANGELOG = page("CHANGELOG.md")


def test_the_version_of_the_project_comes_first() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.findall(r"^## (\S+)", CHANGELOG, re.MULTILINE)[0] == version


def test_every_entry_is_made_of_whole_sentences() -> None:
    entries = re.findall(r"^- (.*(?:\n  .*)*)", CHANGELOG, re.MULTILINE)
    assert entries
    assert [entry for entry in entries if not re.match(r"[A-Z].*\.\Z", " ".join(entry.split()))] == []
