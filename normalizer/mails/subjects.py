"""The subject of a mail without what mail programs put before it: "Re:", "Bls:", "Fwd:", "Trs:", "[EXTERNAL]"."""

import re

_REPLIES = "re|bls|balas|balasan|aw|antw|sv|rif"
_FORWARDS = "fwd?|fw|trs|tr|terusan|teruskan|diteruskan|wg|rv|enc"
_ONE = r"\s*+(?:%s)\s*+(?:[\[(]\d{1,3}[\])]|\^\d{1,3})?\s*+[:\uff1a]"
_EXTERNAL = r"\s*+\[(?:ext|external|eksternal)\]"
_PREFIXES = re.compile(rf"(?:{_ONE % f'{_REPLIES}|{_FORWARDS}'}|{_EXTERNAL})++\s*+", re.IGNORECASE)
_MARKED = r"(?:\s*+\[[^\[\]]{1,20}\])?"
_REPLY = re.compile(_MARKED + _ONE % _REPLIES, re.IGNORECASE)
_FORWARD = re.compile(_MARKED + _ONE % _FORWARDS, re.IGNORECASE)


def without_prefixes(subject: str) -> str:
    """The subject that the first mail of the thread had: "Re[2]: Bls: lampu mati" is "lampu mati"."""
    prefixes = _PREFIXES.match(subject)
    return subject[prefixes.end() :] if prefixes else subject


def is_reply(subject: str) -> bool:
    """Did a mail program put it there, of the mail that is answered?"""
    return _REPLY.match(subject) is not None


def is_forward(subject: str) -> bool:
    """Whether the mail passes another one on; "Re: Fwd: lampu mati" answers one that did."""
    return _FORWARD.match(subject) is not None
