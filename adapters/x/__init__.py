"""X: an account of ours that citizens mention, reply to and write to, by the X API v2 (https://docs.x.com/x-api)."""

from adapters.x.adapter import X
from adapters.x.settings import XSettings

__all__ = ["X", "XSettings"]
