"""What a channel has to know of a stand-in for X."""

from pathlib import Path
from typing import Any

from adapters.testing.standins.x import X

SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


def known(x: X, folder: Path, name: str = "x", **more: Any) -> dict[str, Any]:
    """Settings of a channel that hears of mentions by asking, and of direct messages by being called, and writes as
    fast as it likes; the secrets are in files beside the gateway's."""
    for secret in SECRETS:
        (folder / f"{name}-{secret}").touch(mode=0o600)
        (folder / f"{name}-{secret}").write_text(getattr(x, secret))
    secrets = {secret: {"file": str(folder / f"{name}-{secret}")} for secret in SECRETS}
    about = {"name": name, "kind": "x", "username": x.username, "api_url": x.url, "quiet_seconds": 0, "limits": []}
    return {**about, "mentions_seconds": 4, "webhook": True, **secrets, **more}
