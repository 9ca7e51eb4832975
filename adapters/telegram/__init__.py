"""Telegram: a bot that citizens write to, by the Bot API (https://core.telegram.org/bots/api)."""

from adapters.telegram.adapter import Telegram
from adapters.telegram.settings import TelegramSettings

__all__ = ["Telegram", "TelegramSettings"]
