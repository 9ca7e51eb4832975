"""Are two pictures the same photo? By their dHash: 64 bits in hex, see `gateway.pictures.dhash`."""

from collections.abc import Iterable

#: Of one photo, scaled and written anew by a phone, a messenger and our own copy, at most so many bits differ.
NEAR = 6
#: With fewer bits of either kind a picture is flat, or one edge: a wall, a night, a page of text. Such pictures are
#: alike whatever they show.
LEAST_BITS = 8
BITS = 64


def telling(image: str | None) -> str | None:
    """The hash, if it tells one photo from another: neither of a flat picture nor damaged."""
    try:
        ones = int(image or "", 16).bit_count()
    except ValueError:
        return None
    return image if LEAST_BITS <= ones <= BITS - LEAST_BITS else None


def bits_apart(one: str, other: str) -> int:
    """How many bits of two hashes differ: 0 to 64. Raises ValueError if either is none."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def same_photo(one: Iterable[str], other: Iterable[str]) -> int | None:
    """The fewest bits between any two, if they are of one photo: at most `NEAR`; None if none are. Raises ValueError
    if any is no hash."""
    theirs = [int(image, 16) for image in other]
    apart = ((int(image, 16) ^ second).bit_count() for image in one for second in theirs)
    return min((bits for bits in apart if bits <= NEAR), default=None)
