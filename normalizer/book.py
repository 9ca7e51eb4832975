"""What messages are read by: all that differs from city to city."""

import msgspec

from normalizer.places.atlas import NO_ATLAS, Atlas
from normalizer.sorting.categories import NO_CATEGORIES, Categories
from normalizer.sorting.signs import NO_SIGNS, Signs


class Book(msgspec.Struct, frozen=True):
    """The Kemendagri code of the province or city whose areas are looked for, the categories of its reports, what
    was imported of the city, and the words by which messages are sorted."""

    areas: str
    categories: Categories = NO_CATEGORIES
    atlas: Atlas = NO_ATLAS
    signs: Signs = NO_SIGNS
