"""An account on Instagram: direct messages, comments and mentions."""

from adapters.instagram.adapter import Instagram
from adapters.instagram.settings import InstagramSettings

__all__ = ["Instagram", "InstagramSettings"]
