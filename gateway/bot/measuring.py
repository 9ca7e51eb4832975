"""Does a text fit into one message of a channel? Each counts in its own way. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping

import regex

from adapters import Capabilities
from normalizer.words import gsm7

#: 3GPP TS 23.040: characters of the default alphabet in each SMS of several.
SEPTETS_OF_A_PART = 153
#: What X shortens every link to, https://docs.x.com/fundamentals/counting-characters
LINK = 23

_CLUSTER = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}")
_LINKS = re.compile(r"(?<![A-Za-z0-9.-])(https?://)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/(?:[!-~]*[A-Za-z0-9/])?)?")
#: Of twitter-text's configuration, version 3: these count one, all others two.
_LIGHT = re.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
#: Of these there are no emoji and no clusters that count less than their characters.
_PLAIN = re.compile(r"[\u0000-\u00a8\u00aa-\u00ad\u00af-\u10ff\u2010-\u201f\u2032-\u2037]*")


def fits(text: str, capabilities: Capabilities) -> bool:
    """Would one message hold it?"""
    if capabilities.text_limit is None:
        return True
    if capabilities.alphabet == "gsm7":
        return gsm7.segments(text) <= segments_of(capabilities.text_limit)
    return _SIZES[capabilities.alphabet](text) <= capabilities.text_limit


def cost(text: str, capabilities: Capabilities) -> int:
    """What one message of it costs: SMS, or 1 where all cost the same."""
    return gsm7.segments(text) if capabilities.alphabet == "gsm7" else 1


def segments_of(septets: int) -> int:
    """How many SMS one message may take. In the other alphabet as many SMS carry fewer characters."""
    return max(1, septets // SEPTETS_OF_A_PART)


def clusters(text: str) -> list[str]:
    """What a reader sees as one character each, which is never to be split (UAX 29)."""
    found: list[str] = _CLUSTER.findall(text)
    return found


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _utf8(text: str) -> int:
    return len(text.encode(errors="replace"))


def _x(text: str) -> int:
    """Never less than X counts: what only might be a link counts as much as a link and as its letters."""
    composed = unicodedata.normalize("NFC", text)
    links = sum(LINK if link[1] else max(LINK, len(link[0])) for link in _LINKS.finditer(composed))
    words = _LINKS.sub("", composed)
    return links + (len(words) if _PLAIN.fullmatch(words) else sum(map(_x_cluster, clusters(words))))


def _x_cluster(cluster: str) -> int:
    if not cluster.isascii() and _EMOJI.search(cluster):
        return 2
    return 2 * len(cluster) - len(_LIGHT.findall(cluster))


_SIZES: Mapping[str, Callable[[str], int]] = {"unicode": len, "utf-16": _utf16, "utf-8": _utf8, "x": _x}
