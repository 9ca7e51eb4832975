"""What a channel has to know of a stand-in for Meta."""

from pathlib import Path
from typing import Any

from adapters.testing.standins.graph import Graph

SECRETS = ("token", "app_secret", "verify_token")
ACCOUNTS = ("phone_number_id", "page_id", "account_id")


def known(meta: Graph, folder: Path) -> dict[str, Any]:
    """Settings; the secrets among them are in files beside the gateway's."""
    for name in SECRETS:
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(getattr(meta, name))
    secrets = {name: {"file": str(folder / name)} for name in SECRETS}
    accounts = {name: getattr(meta, name) for name in ACCOUNTS if hasattr(meta, name)}
    return {**accounts, "graph_url": meta.graph_url, **secrets}
