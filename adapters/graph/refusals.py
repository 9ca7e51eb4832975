"""What the codes of Meta's errors mean, whatever the product.

    https://developers.facebook.com/docs/graph-api/guides/error-handling

Meta asks to go by the code alone: its words change, and may quote whom we wrote to.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters import ChannelDown, ChannelError, RecipientGone, Refused, Throttled, Unauthorized
from adapters.payload import table, text

#: Graph's own permissions.
_PERMISSIONS = range(200, 300)


class Codes(msgspec.Struct, frozen=True, kw_only=True):
    """What codes mean, in words for people: `patience` with the seconds to wait, `ill` of Meta's own troubles, `ours`
    of token and account, `gone` of recipients that want nothing more, `refused` of messages that are not taken.
    A code may be told with its subcode: "100.2018001"."""

    patience: Mapping[str, tuple[float, str]] = {}
    ill: Mapping[str, str] = {}
    ours: Mapping[str, str] = {}
    gone: Mapping[str, str] = {}
    refused: Mapping[str, str] = {}

    def extended(self, more: "Codes") -> "Codes":
        """What one product means by them goes first."""
        return Codes(**{name: getattr(self, name) | getattr(more, name) for name in self.__struct_fields__})

    def words(self, code: str) -> str:
        """Of a code as `known` tells it."""
        said = self.patience.get(code, (0.0, ""))[1] or next(
            (kind[code] for kind in (self.ill, self.ours, self.gone, self.refused) if code in kind), "Meta's reason"
        )
        return f"{said} (code {code})"

    def known(self, code: str, subcode: str) -> str:
        """The code with its subcode where that means something of its own."""
        exact = f"{code}.{subcode}"
        return exact if any(exact in getattr(self, name) for name in self.__struct_fields__) else code


GRAPH_CODES = Codes(
    patience={
        "4": (300.0, "the app has called too often"),
        "80007": (300.0, "the account has called too often"),
    },
    ill={
        "1": "an error of Meta's that it does not explain",
        "2": "Meta's service is down for a while",
    },
    ours={
        "0": "Meta refuses our token",
        "3": "the app may not do this",
        "10": "the token lacks a permission",
        "190": "our token has expired",
        "368": "the account is blocked for a while, for its policy's sake",
    },
    refused={"100": "Meta does not understand the message"},
)


def refusal(codes: Codes, status: int, answer: Mapping[str, Any], retry_after: float | None) -> ChannelError:
    """What an answer with a status outside 200 to 299 means."""
    told = table(answer, "error")
    code = codes.known(text(told, "code"), text(told, "error_subcode"))
    if code in codes.patience:
        seconds, words = codes.patience[code]
        return Throttled(words, retry_after or seconds)
    if code in codes.ill or told.get("is_transient") is True:
        return ChannelDown(codes.words(code))
    if code in codes.ours or (code.isdecimal() and int(code) in _PERMISSIONS):
        return Unauthorized(codes.words(code))
    if code in codes.gone:
        return RecipientGone(codes.words(code))
    if code in codes.refused:
        return Refused(codes.words(code))
    return _by_status(status, code, retry_after)


def _by_status(status: int, code: str, retry_after: float | None) -> ChannelError:
    words = f"Meta answers with status {status}" + (f" and code {code}" if code.isdecimal() else "")
    if status == 429 or (status == 503 and retry_after):
        return Throttled(words, retry_after or 60.0)
    if status in {401, 403}:
        return Unauthorized(words)
    return Refused(words) if 400 <= status < 500 and code else ChannelDown(words)
