"""What officers see and do of cases that wait for a case store, and what the doctor and the metrics tell of them."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from gateway.doctor import filings
from gateway.doctor.finding import Patient
from gateway.settings import load
from gateway.store.contract import Contact, FilingDue, Settlement
from gateway.store.filings import FilingOutcome, FilingState, Sent
from gateway.store.sqlite import SqliteStore
from tests.gateway.store.rows import case, report
from tests.gateway.support import SECRET, with_store

NOW = 1_700_000_000.0
WARGA = Contact("p-" + "0" * 20, "phone", "+6281110000001")
TOML = """
[gateway]
data = "data"
[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { file = "secret" }
[[case_stores]]
name = "crm"
kind = "crm"
url = "http://127.0.0.1:9"
token = { file = "secret" }
"""
CODES = ("KNL-0000-0001", "KNL-0000-0002", "KNL-0000-0003")

pytestmark = pytest.mark.usefixtures("crm")


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    """Of the three cases, one waits, one is filed as JK1, and one was refused."""
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    file = tmp_path / "kanal.toml"
    file.write_text(TOML)
    await with_store(load(file), _filled)
    return file


async def _filled(store: SqliteStore) -> None:
    due = [FilingDue(code, "crm", NOW - number) for number, code in enumerate(CODES)]
    reports = [report(f"r-{code}", code) for code in CODES]
    await store.settle(Settlement(cases=[case(code) for code in CODES], reports=reports, filings=due))
    await store.claim_filings("crm", NOW, 2)
    filed = FilingOutcome(case=CODES[1], store="crm", version=1, state=FilingState.FILED, at=NOW, number="JK1")
    refused = FilingOutcome(case=CODES[2], store="crm", version=1, state=FilingState.ASIDE, at=NOW, error="422")
    await store.settle_filings([filed, refused])


def kanal(config: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--config", str(config)])
    return done.exit_code, done.output


def listed(config: Path, *words: str) -> Iterator[tuple[str, str]]:
    code, said = kanal(config, "filings", "list", "--json", *words)
    assert code == 0, said
    yield from ((row["case"], row["state"]) for row in map(json.loads, said.splitlines()))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), ["aside", "filed", "due"]),
        (("--state", "aside"), ["aside"]),
        (("--store", "other"), []),
        (("--limit", "1"), ["aside"]),
    ],
    ids=["all", "by state", "by case store", "limited"],
)
def test_filings_are_listed(config: Path, words: Sequence[str], found: list[str]) -> None:
    assert [state for _, state in listed(config, *words)] == found


def test_one_case_is_shown_by_its_code_or_its_number(config: Path) -> None:
    code, said = kanal(config, "filings", "show", "jk1", "--json")
    assert (code, json.loads(said)["case"]) == (0, CODES[1])
    code, said = kanal(config, "cases", "show", "JK1", "--json")
    assert (code, json.loads(said)["numbers"]) == (0, {"crm": "JK1"})


def test_what_was_set_aside_is_tried_again(config: Path) -> None:
    assert kanal(config, "filings", "retry", CODES[2])[0] == 0
    assert dict(listed(config))[CODES[2]] == "due"


def test_what_waits_is_left(config: Path) -> None:
    assert kanal(config, "filings", "cancel", CODES[0], "--store", "crm")[0] == 0
    assert dict(listed(config))[CODES[0]] == "cancelled"
    assert kanal(config, "filings", "retry", "--store", "crm")[0] == 0
    assert set(dict(listed(config)).values()) == {"due", "filed"}


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("filings", "retry"), 2, "name a case, or a case store"),
        (("filings", "retry", CODES[1]), 1, "nothing of KNL-0000-0001 waits".replace("0001", "0002")),
        (("filings", "cancel", CODES[1], "--store", "crm"), 1, "does not wait for crm"),
        (("filings", "show", "KNL-9999-9999"), 1, "is for no case store"),
        (("filings", "list", "--state", "lost"), 2, "there is no state 'lost'"),
    ],
    ids=["retry of nothing", "retry of what is filed", "cancel of what is filed", "unknown", "no such state"],
)
def test_what_makes_no_sense_is_refused(config: Path, words: Sequence[str], exit_code: int, said: str) -> None:
    code, output = kanal(config, *words)
    assert (code, said in output) == (exit_code, True), output


def test_the_doctor_finds_what_is_stuck(config: Path) -> None:
    found = list(filings.check(Patient(load(config), config.parent / "data", None)))
    assert [(one.health, one.said.partition(", the oldest")[0]) for one in found] == [
        ("fail", "1 cases wait for crm"),
        ("warn", "1 cases are set aside that crm did not take"),
    ]


def test_an_account_tells_to_whom_a_case_was_passed_on(config: Path) -> None:
    """Of the case that is filed, and of no other."""

    async def known(store: SqliteStore) -> None:
        await store.settle(Settlement(contacts=[WARGA], reports=[report("r-9", CODES[1], WARGA.id)]))
        (filing,) = await store.claim_filings("crm", NOW * 2, 1)
        while filing.case != CODES[1]:
            (filing,) = await store.claim_filings("crm", NOW * 2, 1)
        again = FilingOutcome(case=CODES[1], store="crm", version=filing.version, state=FilingState.FILED, at=NOW)
        await store.settle_filings([msgspec.structs.replace(again, number="JK1", sent=Sent.IDENTITY)])

    asyncio.run(with_store(load(config), known))
    code, said = kanal(
        config, "access", WARGA.id, "--why", "permintaan tertulis", "--output", str(config.parent / "account.json")
    )
    assert code == 0, said
    (told,) = json.loads((config.parent / "account.json").read_text())["cases"]
    assert [(one["case_store"], one["number"], one["what"]) for one in told["passed_on_to"]] == [
        ("crm", "JK1", "identity")
    ]


def test_an_odd_number_of_before_does_nothing_to_the_terminal(config: Path) -> None:
    odd = "JK2\r\n\x1b[31mdestroyed"

    async def told(store: SqliteStore) -> None:
        await store.claim_filings("crm", NOW * 2, 3)
        was = FilingOutcome(case=CODES[0], store="crm", version=1, state=FilingState.FILED, at=NOW)
        await store.settle_filings([msgspec.structs.replace(was, number=odd, sent=Sent.WORDS)])

    asyncio.run(with_store(load(config), told))
    code, said = kanal(config, "erase", CODES[0], "--dry-run", "--why", "permintaan tertulis")
    assert code == 0, said
    assert "JK2\\r ⏎ \\x1b[31mdestroyed" in said
