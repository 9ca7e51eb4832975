"""Why two reports are thought alike, in the officers' words (Indonesian)."""

from collections.abc import Iterator

from dedupe.likeness import Likeness
from dedupe.places import Agreement

MOST_WORDS = 6


def reasons(likeness: Likeness) -> tuple[str, ...]:
    """What speaks for one incident and then what speaks against it: "jalan yang sama (jl mawar)", "4 menit"."""
    return (*_for(likeness), *_against(likeness))


def _for(likeness: Likeness) -> Iterator[str]:
    if likeness.person:
        yield "pelapor yang sama"
    if likeness.codes:
        yield f"mengutip nomor yang sama ({', '.join(likeness.codes)})"
    if likeness.bits is not None:
        yield "foto sama"
    if likeness.shared_street:
        yield f"jalan yang sama ({likeness.shared_street})"
    if likeness.shared_numbers:
        yield f"nomor yang sama ({', '.join(likeness.shared_numbers)})"
    if likeness.landmarks:
        yield f"patokan yang sama ({', '.join(likeness.landmarks)})"
    if likeness.area is Agreement.SAME:
        yield "wilayah yang sama"
    if likeness.category is Agreement.SAME:
        yield "kategori yang sama"
    if likeness.metres is not None:
        yield _distance(likeness.metres)
    yield _gap(likeness.seconds)
    if likeness.words:
        yield f"kata-kata sama: {', '.join(likeness.words[:MOST_WORDS])}"


def _against(likeness: Likeness) -> Iterator[str]:
    if likeness.street is Agreement.CONFLICT:
        yield "nama jalan berbeda"
    if likeness.house is Agreement.CONFLICT:
        yield "nomor berbeda"
    if likeness.quarter is Agreement.CONFLICT:
        yield "RT/RW berbeda"
    if likeness.area is Agreement.CONFLICT:
        yield "wilayah berbeda"
    if likeness.landmark is Agreement.CONFLICT:
        yield "patokan berbeda"
    if likeness.problem is Agreement.CONFLICT:
        yield "masalah berbeda"
    if likeness.category is Agreement.CONFLICT:
        yield "kategori berbeda"
    if likeness.thanks:
        yield "salah satunya ucapan terima kasih"


def _distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km".replace(".", ",")


def _gap(seconds: float) -> str:
    for size, name in ((86400, "hari"), (3600, "jam"), (60, "menit")):
        if seconds >= size:
            return f"{seconds // size:.0f} {name}"
    return f"{seconds:.0f} detik"
