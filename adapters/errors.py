"""What can go wrong in a channel. Each class answers: is it worth trying again, and whose fault is it?

    ChannelError
      ChannelDown        retry with back-off
        Throttled        retry after some seconds
      Unauthorized       pause the channel and alarm
      Refused            never retry; mark the reply
        RecipientGone    also close the talk
      RequestRefused     what came in has no proof or is too large; keep nothing

Adapters translate their library's errors into these at the edge. Messages are for operators and logs: they carry
neither secrets nor personal data.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.contract import Response


class ChannelError(Exception):
    """Anything that went wrong in a channel."""


class ChannelDown(ChannelError):
    """The other side cannot be reached or is ill: try again with back-off."""


class Throttled(ChannelDown):
    """The other side asks for patience: try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unauthorized(ChannelError):
    """Our credentials are refused: trying again does not help before a person acts."""


class Refused(ChannelError):
    """The other side will never take this reply."""


class RecipientGone(Refused):
    """The recipient does not exist or has blocked us."""


class RequestRefused(ChannelError):
    """A request without proof, or beyond the channel's limits: answered with `status`, or by `answer` where the
    channel has a form of its own for it; nothing is kept."""

    def __init__(self, message: str, status: int = 403, answer: "Response | None" = None) -> None:
        super().__init__(message)
        self.status = status
        self.answer = answer
