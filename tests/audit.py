"""`python -m tests.audit`: asks an advisory service about every locked requirement, with pip-audit.

Ends with 0 if nothing is known against them, with 1 if something is or the lock cannot be read. Where no service can be
reached it says so and ends with 0, so that the tests also run on a machine without a network. PIP_AUDIT_OSV_URL names
another service that speaks OSV's protocol. Advisories that do not reach Kanal are excepted in pyproject.toml under
[tool.audit], each with its reason.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

LOCK = "requirements-dev.txt"  # holds requirements.txt whole
COMMAND = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--timeout", "5"]
OPTIONS = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--desc", "off", "--format", "json"]
_NO_SERVICE = re.compile(
    r"^(requests\.exceptions\.\w+|pip_audit\._service\.interface\.ServiceError)|Could not connect", re.M
)


class Vulnerability(msgspec.Struct, frozen=True):
    id: str
    fix_versions: list[str]


class Dependency(msgspec.Struct, frozen=True):
    """As pip-audit reports it; `skip_reason` says why it could not be audited."""

    name: str
    version: str = ""
    vulns: list[Vulnerability] = []
    skip_reason: str = ""


class Report(msgspec.Struct, frozen=True):
    dependencies: list[Dependency]


def accepted() -> dict[str, str]:
    """The reason by advisory."""
    tools: dict[str, Any] = tomllib.loads(Path("pyproject.toml").read_text()).get("tool", {})
    found: dict[str, str] = tools.get("audit", {}).get("accepted", {})
    return found


def findings(report: Report) -> Iterator[str]:
    if not report.dependencies:
        yield f"{LOCK} could not be audited: it holds no requirement"
    for one in report.dependencies:
        if one.skip_reason:
            yield f"{one.name}: could not be audited: {one.skip_reason}"
        for known in one.vulns:
            remedy = f"upgrade to {' or '.join(known.fix_versions)}" if known.fix_versions else "no fixed version yet"
            yield f"{one.name} {one.version}: {known.id}; {remedy}"


def judged(report: Report) -> int:
    found = list(findings(report))
    for line in found:
        print(f"Audit: {line}", file=sys.stderr)
    if not found:
        print(f"Audit: no unexplained advisory against {len(report.dependencies)} locked requirements.")
    return 1 if found else 0


def unanswered(said: str) -> int:
    """What to make of a pip-audit that reported nothing."""
    last = said.strip().rpartition("\n")[2]
    if _NO_SERVICE.search(said):
        print(f"NOT AUDITED: no advisory service could be reached.\n  {last}", file=sys.stderr)
        print("  Holes known in dependencies stay unseen until `make check` runs with a network.", file=sys.stderr)
        return 0
    print(f"Audit: {LOCK} could not be audited.\n{said}", file=sys.stderr)
    return 1


def main() -> int:
    excepted = [option for advisory in accepted() for option in ("--ignore-vuln", advisory)]
    command = [*COMMAND, *OPTIONS, *excepted, "--requirement", LOCK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        return unanswered(done.stderr)
    return judged(msgspec.json.decode(done.stdout, type=Report))


if __name__ == "__main__":
    sys.exit(main())
