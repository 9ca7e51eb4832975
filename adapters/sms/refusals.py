"""What the HTTP status of a provider's answer means."""

from adapters import ChannelDown, Refused, Throttled, Unauthorized
from adapters.answered import Answered

#: Which answers are about the SMS; any other says that something is wrong with the provider or where we look for it.
_REFUSALS = {400, 413, 414, 422}
_PATIENCE = 60.0


def heed(provider: str, answered: Answered) -> None:
    """Raise the `ChannelError` that a status outside 200 to 299 means."""
    status = answered.status
    if status in {401, 403}:
        raise Unauthorized(f"{provider} refuses our user or password")
    if status == 402:
        raise Unauthorized(f"{provider} wants to be paid first")
    if status == 429 or (status == 503 and answered.retry_after):
        raise Throttled(f"{provider} asks for patience", answered.retry_after or _PATIENCE)
    if status in _REFUSALS:
        raise Refused(f"{provider} refuses the SMS with status {status}")
    if not 200 <= status < 300:
        raise unaccepted(provider, answered)


def unaccepted(provider: str, answered: Answered) -> ChannelDown:
    """Some other page answered, perhaps a proxy's."""
    return ChannelDown(f"{provider} answers with status {answered.status}, but not that it accepts the SMS")
