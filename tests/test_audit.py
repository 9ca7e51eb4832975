"""`make check` fails on a dependency with a known hole, and says so when nobody could be asked.

The real pip-audit asks a stand-in that speaks OSV's protocol (POST of a package and version, its advisories back).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from tests.end_to_end.kanal import free_port

ROOT = Path(__file__).parents[1]
LOCK = "".join(
    f"{name}=={version} \\\n    --hash=sha256:{'0' * 64}\n" for name, version in [("tar", "1.0"), ("web", "2.1")]
)
HOLE = {
    "id": "PYSEC-2026-1",
    "affected": [
        {
            "package": {"name": "web", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.2"}]}],
        }
    ],
}
ACCEPTED = '[tool.audit.accepted]\nPYSEC-2026-1 = "the hole is in its server, which is not used"\n'


class Answer(msgspec.Struct, frozen=True):
    """What the service says, by package."""

    web: str = "{}"
    status: int = 200


@contextmanager
def service(answer: Answer) -> Iterator[str]:
    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write((answer.web if asked["package"]["name"] == "web" else "{}").encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def audit(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.audit"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PIP_AUDIT_OSV_URL": url, "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements-dev.txt").write_text(LOCK)
    return tmp_path


@pytest.mark.threat("P1-29")
def test_a_known_hole_fails_the_check_and_is_named_with_its_remedy(project: Path) -> None:
    with service(Answer(web=json.dumps({"vulns": [HOLE]}))) as url:
        done = audit(project, url)
    assert (done.returncode, done.stderr) == (1, "Audit: web 2.1: PYSEC-2026-1; upgrade to 2.2\n")


@pytest.mark.threat("P1-29")
def test_nothing_known_passes(project: Path) -> None:
    with service(Answer()) as url:
        done = audit(project, url)
    assert (done.returncode, done.stdout) == (0, "Audit: no unexplained advisory against 2 locked requirements.\n")


def test_a_hole_that_is_excepted_with_its_reason_passes(project: Path) -> None:
    (project / "pyproject.toml").write_text(ACCEPTED)
    with service(Answer(web=json.dumps({"vulns": [HOLE]}))) as url:
        done = audit(project, url)
    assert (done.returncode, done.stderr) == (0, "")


NO_ANSWER = {
    "an outage": Answer(status=503, web="{}"),
    "a portal that asks for a login": Answer(web="<html>"),
}


@pytest.mark.parametrize("answer", NO_ANSWER.values(), ids=NO_ANSWER)
def test_a_service_without_an_answer_is_said_loudly(project: Path, answer: Answer) -> None:
    with service(answer) as url:
        done = audit(project, url)
    assert done.returncode == 0
    assert done.stderr.startswith("NOT AUDITED: no advisory service could be reached.\n")


def test_no_service_at_all_is_said_loudly(project: Path) -> None:
    done = audit(project, f"http://127.0.0.1:{free_port()}/v1/query")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("NOT AUDITED: no advisory service could be reached.\n")


WRONG = {
    "nothing in it": "-r other.txt",
    "a requirement without its hash": "web==2.1",
    "a requirement without its version": "web",
}


@pytest.mark.parametrize("lock", WRONG.values(), ids=WRONG)
def test_a_lock_that_cannot_be_audited_fails_the_check(project: Path, lock: str) -> None:
    (project / "requirements-dev.txt").write_text(lock)
    with service(Answer()) as url:
        done = audit(project, url)
    assert done.returncode == 1
    assert "could not be audited" in done.stderr


def test_the_lock_of_this_project_can_be_audited() -> None:
    with service(Answer()) as url:
        done = audit(ROOT, url)
    assert (done.returncode, done.stderr) == (0, "")
