"""A whole gateway with a case store beside it, which is a server on 127.0.0.1."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from gateway import control
from gateway.casestore.skeleton.fake_crm import TOKEN, FakeCrm, fake_crm
from gateway.settings import Settings
from tests.gateway.support import Running, running, settings_in, sms, until

CRM = "crm-dki"


def crm_table(folder: Path, crm: FakeCrm, name: str = CRM, **values: Any) -> dict[str, Any]:
    (folder / "token").write_text(TOKEN)
    (folder / "token").chmod(0o600)
    url = crm.settings["url"]
    return {
        "name": name,
        "kind": "crm",
        "url": url,
        "token": {"file": "token"},
        "poll_seconds": 0.1,
        "confirm_seconds": 0,
    } | values


def filing_in(folder: Path, crm: FakeCrm, **values: Any) -> Settings:
    """Settings of a gateway that files in this one case store."""
    return settings_in(folder, case_stores=[crm_table(folder, crm, **values)])


@asynccontextmanager
async def filing(folder: Path, **values: Any) -> AsyncIterator[tuple[Running, FakeCrm]]:
    async with fake_crm() as crm, running(filing_in(folder, crm, **values)) as gateway:
        yield gateway, crm


async def report(gateway: Running, number: int, text: str = "", sender: str = "") -> str:
    """An SMS of a place of its own; returns the code of its case."""
    words = text or f"Lampu jalan padam di Jl. Percobaan {number} No. {number}"
    await gateway.send(sms(f"m{number}", words, sender or f"+62811100{number:05}"))
    return str(gateway.all("reports")[-1]["case"])


async def filed(crm: FakeCrm, count: int = 1) -> list[str]:
    """The numbers, once the other side has so many cases."""
    await until(lambda: len(crm.held()) >= count, f"{count} cases to be filed")
    return list(crm.held())


def standing(gateway: Running, state: str) -> list[str]:
    """The codes of the cases that stand so with the case store."""
    return [row["case"] for row in gateway.views.filings(state=state)]


async def stands(gateway: Running, state: str, count: int = 1) -> list[str]:
    def look() -> list[str]:
        found = standing(gateway, state)
        return found if len(found) >= count else []

    return await until(look, f"{count} cases to be {state}")


async def stands_if_hurried(gateway: Running, count: int) -> list[str]:
    """Filed, once somebody has tried again often enough: nobody waits for a back-off."""
    while len(found := standing(gateway, "filed")) < count:
        await control.ask(gateway.folder, "retry filings", {"store": CRM})
        await asyncio.sleep(0.1)
    return found
