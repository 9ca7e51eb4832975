"""WhatsApp, by Meta's Cloud API."""

from adapters.whatsapp.adapter import WhatsApp
from adapters.whatsapp.settings import Template, WhatsAppSettings

__all__ = ["Template", "WhatsApp", "WhatsAppSettings"]
