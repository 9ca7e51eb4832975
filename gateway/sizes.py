"""How long texts are with usual values in them, and what they cost by SMS. Pure."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from adapters import ChannelSettings, Paid
from gateway.texts import Texts
from normalizer.words import gsm7

#: A value as long as they usually come, by its name; those that other packages' dialogues have may be any.
USUAL: Mapping[str, str] = {
    "code": "KNL-7F3K-92QX",
    "other": "KNL-Q2MT-0A1B",
    "old": "KNL-7F3K-92QX",
    "new": "KNL-Q2MT-0A1B",
    "pin": "012345",
    "days": "14",
    "status": "menunggu pemeriksaan",
    "unit": "Dinas Sumber Daya Air",
    "until": "25/11/2026",
    "date": "22/11/2026",
    "what": "Banjir",
    "lines": "20/11/2026 diterima; 21/11/2026 dikerjakan, Dinas Sumber Daya Air",
    "why": "menunggu pompa",
    "note": "pompa dikirim",
    "minutes": "15",
    "category": "Banjir atau genangan",
    "where": "Jl. Melati Raya No. 8",
    "deadline": "29/11/2026 16.09",
    "reporters": "3",
    "people": "12",
    "count": "12",
    "step": "ditindaklanjuti",
    "most": "1000",
    "least": "1",
    "example": "KNL-7F3K-92QX",
    "number": "112",
}
OTHER = "x" * 12
#: One report from its first word to its end, as most go.
CONVERSATION = ("received", "report.where", "report.photo", "moved", "moved")
#: Texts of these names are not for citizens' telephones: notices, subjects, answers to programs.
_ELSEWHERE = ("notice_", "mail_", "app_", "lookup_", "status_")


UCS2 = "UCS-2"


class Size(msgspec.Struct, frozen=True):
    """A text with usual values in it. `alphabet` is "GSM-7" or "UCS-2", of which `segments` are SMS."""

    name: str
    language: str
    text: str
    length: int
    alphabet: str
    segments: int


def size(texts: Texts, name: str, language: str) -> Size:
    of = texts.values[name]
    values = {value: USUAL.get(value, OTHER) for value in of.required | of.optional}
    text = texts.text(name, language, **values)
    alphabet = "GSM-7" if gsm7.fits(text) else UCS2
    return Size(name, language, text, len(text), alphabet, gsm7.segments(text))


def sizes(texts: Texts, languages: Sequence[str]) -> Iterator[Size]:
    """Of all texts, in their order."""
    return (size(texts, name, language) for name in texts.values for language in languages)


class Cost(msgspec.Struct, frozen=True):
    """What a channel pays for by the SMS: how many a usual conversation takes of us, what they cost (0 if the
    settings do not tell), which texts for citizens' telephones take more than one, and which have letters that no
    GSM-7 has, so that their SMS hold less than half."""

    conversation: int
    price: float
    dear: tuple[Size, ...]
    odd: tuple[Size, ...] = ()


def cost(texts: Texts, settings: ChannelSettings) -> Cost:
    found = [one for one in sizes(texts, [settings.language]) if not one.name.startswith(_ELSEWHERE)]
    by_name = {one.name: one.segments for one in found}
    count = sum(by_name.get(name, 0) for name in CONVERSATION)
    price = settings.costs.rates().get("segment", 0) if isinstance(settings, Paid) else 0
    dear = tuple(one for one in found if one.segments > 1)
    return Cost(count, count * price, dear, tuple(one for one in found if one.alphabet == UCS2))
