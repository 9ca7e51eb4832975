"""What messages are read by: all that differs from city to city."""

import msgspec

from normalizer.atlas import NO_ATLAS, Atlas
from normalizer.categories import NO_CATEGORIES, Categories


class Book(msgspec.Struct, frozen=True):
    """The Kemendagri code of the province or city whose areas are looked for, the categories of its reports, and what
    was imported of the city."""

    areas: str
    categories: Categories = NO_CATEGORIES
    atlas: Atlas = NO_ATLAS
