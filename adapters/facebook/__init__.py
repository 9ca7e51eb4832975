"""A page on Facebook: what is posted and commented there, and Messenger."""

from adapters.facebook.adapter import Facebook
from adapters.facebook.settings import FacebookSettings

__all__ = ["Facebook", "FacebookSettings"]
