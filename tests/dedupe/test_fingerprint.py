"""What is kept of a report for comparing: enough, and never much."""

import msgspec
import pytest
from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint, fingerprint
from dedupe.problems import problems_in
from normalizer.message import Attachment
from normalizer.report import Candidate
from normalizer.sorting.categories import NAMED
from tests.dedupe.reports import START, report, said


def test_keeps_what_tells_incidents_apart() -> None:
    made = fingerprint(
        report(
            "Lampu PJU padam di Jl. Bangka IV no 6 RT 03/05, dekat masjid Istiqomah, KNL-7F3K-92QX & JK2503050007",
            report_id="r1",
            reporter="ani",
            pin=(-6.26, 106.81),
            accuracy=12.0,
            category="pju",
            photo="ab" * 32,
        )
    )
    assert (made.report, made.reporter, made.time) == ("r1", "ani", START.timestamp())
    assert made.streets == ("jl bangka 4",)
    assert set(made.numbers) == {"no 6", "rt 3", "rw 5"}
    assert (made.latitude, made.longitude, made.accuracy) == (-6.26, 106.81, 12.0)
    assert (made.category, made.problems, made.landmarks) == ("pju", ("lampu",), ("istiqomah",))
    assert made.codes == ("KNL-7F3K-92QX", "JK2503050007")
    assert made.photos == ("abababababab",)
    assert {"bangka", "lampu", "padam", "pju"} <= set(made.words)


def test_a_category_counts_that_was_named_not_one_that_was_guessed_of_the_same_words() -> None:
    guess = Candidate(code="pju", name="Lampu", score=1.0, reasons=("kata 'lampu'",))
    contradicted = Candidate(code="pju", name="Lampu", score=0.5, reasons=(NAMED,))
    words = report("lampu padam")
    assert fingerprint(replace(words, categories=(guess,))).category is None
    assert fingerprint(replace(words, categories=(contradicted, guess))).category is None
    assert fingerprint(report("lampu padam", category="pju")).category == "pju"


@pytest.mark.parametrize("subject", ["Laporan KNL-7F3K-92QX", "Laporan ABC-7F3K-92QX", "Laporan JK2503050007"])
def test_the_code_in_the_subject_of_what_answers_a_letter_of_ours_tells_nothing(subject: str) -> None:
    made = fingerprint(replace(report("lampu padam"), subject=subject))
    assert (made.codes, made.words) == ((), fingerprint(report("lampu padam")).words)


def test_a_lane_with_only_a_number_is_a_number() -> None:
    made = said("lampu padam di gg 3 jl karang tengah")
    assert made.streets == ("jl karang tengah",)
    assert made.numbers == ("gg 3",)


def test_words_are_sorted_and_unique() -> None:
    words = said("banjir lagi banjir terus di kemang").words
    assert list(words) == sorted(set(words))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" ".join(f"kata{number}panjang" for number in range(3000)), id="many words"),
        pytest.param("x" * 19_000, id="one endless word"),
        pytest.param(
            " ".join(f"jl mawar merah {number} no {number} rt {number}" for number in range(300)), id="many places"
        ),
        pytest.param(" ".join(f"KNL-AAAA-{number:04}" for number in range(1000)), id="many codes"),
        pytest.param("dekat masjid abcdefghijklmnopqrstuvw " * 100, id="many landmarks"),
        pytest.param(" ".join("日本語" * 3 + str(number) for number in range(500)), id="letters of three bytes"),
    ],
)
def test_stays_small(text: str) -> None:
    made = fingerprint(report(text, pin=(-6.26, 106.81), reporter="c" * 26))
    assert made.words
    assert len(msgspec.msgpack.encode(made)) <= 600


def test_is_the_same_after_msgpack() -> None:
    made = said("banjir di jl kemang raya no 3", reporter="ani", pin=(-6.26, 106.81))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Fingerprint) == made


def test_problems_are_named_by_many_words() -> None:
    assert problems_in(("pju", "lampu", "berlubang", "mawar")) == ("jalan rusak", "lampu")


@pytest.mark.parametrize(
    ("image", "kept"),
    [
        pytest.param("0f0f3c3cff000ff1", ("0f0f3c3cff000ff1",), id="a photo"),
        pytest.param(None, (), id="of a flat picture there is no hash"),
        pytest.param("0000000000000101", (), id="all dark but for a spot"),
        pytest.param("fffffffffffffeff", (), id="growing ever brighter"),
        pytest.param("not a hash", (), id="damaged"),
    ],
)
def test_a_picture_counts_that_shows_something(image: str | None, kept: tuple[str, ...]) -> None:
    attachment = Attachment(None, "image/jpeg", 9, digest="ab" * 32, image_hash=image)
    assert fingerprint(replace(report("lampu padam"), attachments=(attachment,))).images == kept


def test_what_was_kept_before_pictures_were_hashed_is_read() -> None:
    made = said("banjir di jl kemang raya no 3")
    before = msgspec.msgpack.encode(msgspec.to_builtins(made)[:-1])
    assert msgspec.msgpack.decode(before, type=Fingerprint) == made
