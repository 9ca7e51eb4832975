"""Makes a text as short as its channel wants it. Pure."""

from adapters import Capabilities
from normalizer.words import gsm7

ENDING = "..."  # in every alphabet, unlike the one character


def fit(text: str, capabilities: Capabilities) -> str:
    """The text if it fits, else as many of its first words as do, and a sign that more was said."""
    if _fits(text, capabilities):
        return text
    words = text.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if _fits(" ".join(words[:middle]) + ENDING, capabilities):
            low = middle
        else:
            high = middle - 1
    return " ".join(words[:low]) + ENDING


def _fits(text: str, capabilities: Capabilities) -> bool:
    """The limit of an SMS counts in GSM-7: in the other alphabet as many SMS carry fewer characters."""
    if capabilities.text_limit is None:
        return True
    if capabilities.alphabet == "gsm7":
        return gsm7.segments(text) <= max(1, capabilities.text_limit // SEPTETS_OF_A_PART)
    return len(text) <= capabilities.text_limit


#: 3GPP TS 23.040: characters of the default alphabet in each SMS of several.
SEPTETS_OF_A_PART = 153
