"""The subject of a reply, which a mail program kept of the first mail of the thread. Pure."""

from normalizer.book import Book
from normalizer.places.elsewhere import is_in_other_street
from normalizer.places.place import find_place
from normalizer.sorting.candidates import candidates

#: Of what both are likely about, one surely.
SURELY, LIKELY = 0.7, 0.5


def is_left_over(subject: str, text: str, book: Book) -> bool:
    """Does the `text` of a reply tell of another matter, or of another street, than the `subject` above it? Both are
    clean and masked."""
    return _is_of_another_category(subject, text, book) or _is_elsewhere(subject, text, book)


def _is_of_another_category(subject: str, text: str, book: Book) -> bool:
    """Is it surely of another, or likely, and not at all of that which the subject is surely of?"""
    titled, told = (candidates(book.categories, None, one) for one in (subject, text))
    if not (titled and told and min(titled[0].score, told[0].score) >= LIKELY) or titled[0].code == told[0].code:
        return False
    is_surely_titled = titled[0].score >= SURELY and titled[0].code not in {one.code for one in told}
    return told[0].score >= SURELY or is_surely_titled


def _is_elsewhere(subject: str, text: str, book: Book) -> bool:
    titled, told = (find_place(one, None, book.areas, book.atlas) for one in (subject, text))
    return is_in_other_street(titled, told, text)
