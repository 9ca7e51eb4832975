"""Hypothesis makes fingerprints: few enough words and places that they often have some in common."""

from hypothesis import strategies as some

from dedupe.fingerprint import Fingerprint

_WORDS = some.sampled_from(("banjir", "lampu", "padam", "lubang", "kemang", "bangka", "mawar", "12", "ß", "\u0130"))
_STREETS = some.sampled_from(("jl kemang raya", "jl kemang", "jl bangka 4", "jl bangka 5", "jl bangak 4", ""))
_NUMBERS = some.sampled_from(("rt 3", "rt 4", "rw 5", "no 12", "gg 3", "no", ""))
_AREAS = some.sampled_from(("31.74", "31.74.03", "31.74.03.1001", "31.74.03.1002", "31.73", ""))
_PROBLEMS = some.sampled_from(("banjir", "lampu", "pohon", "unknown"))


def _few(values: some.SearchStrategy[str]) -> some.SearchStrategy[tuple[str, ...]]:
    return some.lists(values, max_size=3, unique=True).map(lambda chosen: tuple(sorted(chosen)))


def fingerprints() -> some.SearchStrategy[Fingerprint]:
    """Any fingerprint, also half a pin and times long ago."""
    return some.builds(
        Fingerprint,
        report=some.uuids().map(str),
        reporter=some.sampled_from(("", "ani", "budi")),
        time=some.one_of(some.floats(0, 4e9), some.sampled_from((1_736_000_000.0, 1_736_000_300.0))),
        words=_few(_WORDS),
        numbers=_few(_NUMBERS),
        streets=_few(_STREETS),
        areas=_few(_AREAS),
        latitude=some.one_of(some.none(), some.floats(-90, 90), some.sampled_from((-6.2, -6.2001))),
        longitude=some.one_of(some.none(), some.floats(-180, 180), some.sampled_from((106.8, 106.8001))),
        accuracy=some.one_of(some.none(), some.floats(0, 1e6)),
        category=some.one_of(some.none(), some.sampled_from(("pju", "banjir"))),
        codes=_few(some.just("KNL-7F3K-92QX")),
        closed=some.booleans(),
        problems=_few(_PROBLEMS),
        landmarks=_few(_WORDS),
        photos=_few(some.sampled_from(("aa", "bb"))),
        images=_few(some.sampled_from(("0f0f3c3cff000ff1", "0f0f3c3cff000ff0", "123456789abcdef0"))),
    )
