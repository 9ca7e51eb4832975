"""Which hashes of pictures are of one photo."""

import pytest

from dedupe.photos import bits_apart, same_photo, telling

PHOTO = "0f0f3c3cff000ff1"


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        pytest.param([PHOTO], [PHOTO], 0, id="the same"),
        pytest.param([PHOTO], ["0f0f3c3cff000fce"], 6, id="as far apart as copies are"),
        pytest.param([PHOTO], ["0f0f3c3cff000f8e"], None, id="a bit further"),
        pytest.param(["f0f0c3c300fff00e", PHOTO], ["0f0f3c3cff000ff0", PHOTO], 0, id="the nearest two count"),
        pytest.param([], [PHOTO], None, id="one without pictures"),
    ],
)
def test_photos_are_the_same_within_a_few_bits(one: list[str], other: list[str], apart: int | None) -> None:
    assert same_photo(one, other) == same_photo(other, one) == apart


def test_bits_are_counted() -> None:
    assert bits_apart("0" * 16, "f" * 16) == 64


def test_flat_pictures_tell_nothing() -> None:
    assert telling(PHOTO) == PHOTO
    assert [telling(image) for image in ("0" * 16, "f" * 16, "000000000000007f", "", None)] == [None] * 5
