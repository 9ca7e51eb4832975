"""Who is meant: where they can be reached in one spelling, so that equal persons compare equal, and their NIK."""

import re

_SHORT_CODE = re.compile(r"\d{3,6}\Z", re.ASCII)
_SEPARATORS = re.compile(r"[\s().\-/\u00ad\u200b-\u200f\u202a-\u202e\u2010-\u2015\u2060-\u2069\ufeff]+")
_DIALLED = re.compile(r"\+?\d{7,20}\Z", re.ASCII)
_FULL_WIDTH = str.maketrans("＋０１２３４５６７８９", "+0123456789")
_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\]\\\x00-\x20\x7f-\x9f]{1,64}\Z")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\Z")
_HIDDEN = re.compile(r"[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]")


def phone(raw: str, region: str = "ID") -> str | None:
    """E.164 ("+6281234567890") of any spelling, or a short code (3 to 6 digits) as it is.

    Takes "0812…", "62812…", "+62812…", "0062812…" and " 62812…" (a "+" that a gateway forgot to encode). None for
    names ("DKI-INFO"), which cannot be answered, and for what is no number. A number written with its country need
    only be possible, one without must be valid in `region` (ISO 3166).
    """
    if len(raw) > 40:
        return None
    digits = _SEPARATORS.sub("", raw.translate(_FULL_WIDTH))
    if _SHORT_CODE.match(digits):
        return digits
    return _e164(digits, raw[:1].isspace(), region) if _DIALLED.match(digits) else None


def _e164(digits: str, lost_plus: bool, region: str) -> str | None:
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+"):
        return _parsed(digits, None)
    spellings = (digits,) if digits.startswith("0") else ("+" + digits, digits) if lost_plus else (digits, "+" + digits)
    return next(filter(None, (_parsed(spelling, region) for spelling in spellings)), None)


def _parsed(digits: str, region: str | None) -> str | None:
    """With a region the number must be valid; without, its length possible: a plan may be newer than the library."""
    import phonenumbers as library  # noqa: PLC0415  (50 ms, and only channels of phones need it)

    try:
        number = library.parse(digits, region)
    except library.NumberParseException:
        return None
    reason = library.is_possible_number_with_reason(number)
    known = library.is_valid_number(number) if region else reason == library.ValidationResult.IS_POSSIBLE
    return library.format_number(number, library.PhoneNumberFormat.E164) if known else None


def email(raw: str) -> str | None:
    """The address with its domain in lower case ASCII (IDNA); None if it is none or could break a header or command.

    Only plain local parts: no quotes, blanks, controls or invisible characters; lengths by RFC 5321 section 4.5.3.1.
    """
    local, at, domain = raw.strip(" \t").rpartition("@")
    if not at or len(domain) > 253 or not _LOCAL.match(local) or _HIDDEN.search(raw):
        return None
    host = _host(domain)
    return f"{local}@{host}" if host else None


def nik(raw: str) -> str | None:
    """The 16 digits of a NIK in any usual grouping: PPKKCC of the kecamatan, day, month and year of birth (40 is added
    to women's days), and a number of four digits that is not 0000. None if it cannot be one.

    A NIK keeps the code it was issued with, so its kecamatan need not exist any more, but its province does.
    """
    from normalizer.lokal import parse_nik  # noqa: PLC0415  (slow to load)

    found = parse_nik(raw)
    return found.nik if found.valid else None


def _host(domain: str) -> str | None:
    try:
        host = domain.lower().encode("idna").decode("ascii") if not domain.isascii() else domain.lower()
    except UnicodeError:
        return None
    return host if len(host) <= 253 and all(map(_LABEL.match, host.split("."))) else None
