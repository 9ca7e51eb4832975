"""A bot of a gateway's, at a stand-in for Telegram."""

from pathlib import Path
from typing import Any

from adapters.testing.standins.telegram import Telegram

SECRET_TOKEN = "rahasia-webhook-telegram"


def bot(telegram: Telegram, folder: Path, **more: Any) -> dict[str, Any]:
    """Settings of the channel "telegram", which waits for no more messages."""
    token = _secret(folder / "token", telegram.token)
    names = {"name": "telegram", "kind": "telegram", "username": telegram.username}
    return {**names, "token": token, "api_url": telegram.url, "quiet_seconds": 0, **more}


def webhook(folder: Path, port: int) -> dict[str, Any]:
    """The further settings by which Telegram calls the gateway at this port."""
    secret = _secret(folder / "secret_token", SECRET_TOKEN)
    return {"mode": "webhook", "webhook_url": f"http://127.0.0.1:{port}/in/telegram", "secret_token": secret}


def _secret(file: Path, value: str) -> dict[str, str]:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(value)
    file.chmod(0o600)
    return {"file": str(file)}
