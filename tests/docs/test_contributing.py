"""The adapter that CONTRIBUTING.md shows is the one that `kanal new adapter` writes. It passes the suite that is
shown, and would fail without its proof."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gateway.kit import scaffold
from tests.docs.blocks import ROOT, blocks, page

PAGE = page("CONTRIBUTING.md")
FILES = {block.name: block.text for block in blocks(PAGE) if block.name}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def suite_on(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{folder}"}
    command = (sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio")
    return subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", ".", "tests"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_what_is_shown_is_what_is_written() -> None:
    written = scaffold.files_of("fax")
    assert {name: written[name] for name in FILES} == FILES
    assert sorted(FILES) == [
        "kanal_fax.py",
        "tests/payloads/posted.events.json",
        "tests/payloads/posted.json",
        "tests/test_kanal_fax.py",
    ]


def test_every_link_leads_somewhere() -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", PAGE) if not link.startswith("https://")]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_example_passes_the_contract_suite(project: Path) -> None:
    done = suite_on(project)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed in", done.stdout)
    assert passed and int(passed[1]) > 50 and "skipped" not in done.stdout


def test_without_its_proof_the_example_fails(project: Path) -> None:
    adapter = project / "kanal_fax.py"
    unproven = re.sub(r"if not same\(.*", "if False:", adapter.read_text())
    adapter.write_text(unproven)
    done = suite_on(project)
    assert done.returncode == 1
    assert re.findall(r"^FAILED .*::(test_\w+)", done.stdout, re.MULTILINE) == [
        "test_a_request_without_good_proof_is_refused",
        "test_a_request_without_good_proof_is_refused",
    ]


@pytest.mark.parametrize("name", ["kanal_fax.py", "tests/test_kanal_fax.py"])
def test_the_example_is_as_clean_as_the_rest(project: Path, name: str) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    for verb in (["format", "--check"], ["check", "--ignore", "S105,I001"]):
        done = subprocess.run([*ruff, *verb, *options, name], cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_entry_point_names_the_example() -> None:
    (toml,) = [block.text for block in blocks(PAGE) if block.language == "toml"]
    assert tomllib.loads(toml)["project"]["entry-points"] == {"kanal.adapters": {"fax": "kanal_fax:Fax"}}


def test_the_methods_told_of_are_those_of_the_contract() -> None:
    table = PAGE[PAGE.index("| the channel |") : PAGE.index("### What is easily overlooked")]
    told = set(re.findall(r"`([a-z_]+)`", table))
    contract = (ROOT / "adapters" / "contract.py").read_text()
    assert told == {name for name in told if re.search(rf"def {name}\(|^    {name}:", contract, re.MULTILINE)}
    assert {
        "poll",
        "source",
        "receive",
        "listen",
        "addresses",
        "send",
        "can_send",
        "fetch",
        "check",
        "open",
        "close",
    } <= told
