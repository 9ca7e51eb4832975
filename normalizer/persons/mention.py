"""Where a person is mentioned: an address in the spellings that people and machines use for it."""

import re

_GAP = r"[\s().\-/\u00ad\u200b-\u200f\u2010-\u2015]{0,3}"


def mention(kind: str, value: str) -> re.Pattern[str]:
    """What finds the address in a text: a phone number (E.164) with or without its country, with or without blanks,
    dots, hyphens or brackets; a mail address or handle in any case; and nothing that only begins or ends so."""
    if kind == "phone" and value.startswith("+"):
        return re.compile(_phone(value), re.ASCII)
    return re.compile(rf"(?<![\w.+-]){re.escape(value)}(?!\w|[.-]\w)", re.IGNORECASE)


def _phone(value: str) -> str:
    import phonenumbers as library  # noqa: PLC0415  (50 ms)

    number = library.parse(value)
    country = _spread(str(number.country_code))
    local = _spread(library.national_significant_number(number))
    return rf"(?<!\d)(?:(?:00{_GAP})?{country}{_GAP}0?{_GAP}|0{_GAP})?{local}(?!\d)"


def _spread(digits: str) -> str:
    return _GAP.join(digits)
