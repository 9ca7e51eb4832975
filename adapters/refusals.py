"""What the HTTP status of a provider's answer means."""

from adapters.answered import Answered
from adapters.errors import ChannelDown, Refused, Throttled, Unauthorized

#: Which answers are about what we say; any other says that something is wrong with the provider or our address of it.
_REFUSALS = {400, 413, 414, 422}
_PATIENCE = 60.0


def heed(provider: str, answered: Answered) -> None:
    """Raise the `ChannelError` that a status outside 200 to 299 means; `provider` is whom it names. What a status means
    to one provider alone, such as 404 for a recipient who left, is looked at before."""
    status = answered.status
    if status in {401, 403}:
        raise Unauthorized(f"{provider} refuses our credentials")
    if status == 402:
        raise Unauthorized(f"{provider} wants to be paid first")
    if status == 429 or (status == 503 and answered.retry_after):
        raise Throttled(f"{provider} asks for patience", answered.retry_after or _PATIENCE)
    if status in _REFUSALS:
        raise Refused(f"{provider} refuses it with status {status}")
    if not 200 <= status < 300:
        raise unaccepted(provider, answered)


def unaccepted(provider: str, answered: Answered) -> ChannelDown:
    """Some other page answered, perhaps a proxy's."""
    return ChannelDown(f"{provider} answers with status {answered.status}, but not that it accepts the message")
