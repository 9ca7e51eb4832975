"""Whether what is told of is somewhere else than what was told of before. Pure."""

from normalizer.report import ReportPlace

#: A problem that is told of by the way ends so ("banjirnya"): it is the one that is known.
_KNOWN = "nya"
NOWHERE = ReportPlace()


def is_in_other_street(old: ReportPlace | None, new: ReportPlace | None, text: str) -> bool:
    """Is each in a street of its own? Whoever tells of "banjirnya" tells in `text` of what is known, and says where
    it is."""
    if not (old and new and old.streets and new.streets):
        return False
    is_known = text.partition(" ")[0].lower().endswith(_KNOWN)
    return not is_known and has_own_place(old, new)


def has_own_place(old: ReportPlace | None, new: ReportPlace | None) -> bool:
    """Is the new one somewhere that the old one does not name? A street tells more than what it lies in or at."""
    before, after = old or NOWHERE, new or NOWHERE
    if after.streets:
        return not any(_is_same(one, other) for one in after.streets for other in before.streets)
    return bool(_marks(after)) and _marks(after).isdisjoint(_marks(before))


def _marks(place: ReportPlace) -> set[str]:
    return {*place.landmarks, *(area.code for area in place.areas)}


def _is_same(street: str, other: str) -> bool:
    """ "jl mawar" may be "jl mawar raya", and "gg mawar"."""
    one, two = (f"{name.partition(' ')[2]} " for name in (street, other))
    return one.startswith(two) or two.startswith(one)
