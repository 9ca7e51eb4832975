"""Any source that posts JSON or forms, or has them to be fetched as JSON: what means what is said in the settings, by
expressions (see `expressions`). docs/webhook.md tells how a source is taken in."""

from adapters.webhook.adapter import Webhook
from adapters.webhook.settings import WebhookSettings

__all__ = ["Webhook", "WebhookSettings"]
