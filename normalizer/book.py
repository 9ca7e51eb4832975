"""What messages are read by: all that differs from city to city."""

import msgspec

from normalizer.categories import NO_CATEGORIES, Categories


class Book(msgspec.Struct, frozen=True):
    """The Kemendagri code of the province or city whose areas are looked for, and the categories of its reports."""

    areas: str
    categories: Categories = NO_CATEGORIES
