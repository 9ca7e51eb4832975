"""A third party's judges: one that is right, and those that fail in every way."""

import sys
import time
from collections.abc import Sequence

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import NEW, Kind, Verdict
from dedupe.window import Window


def same_words(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
    """The first with the same words is the same, in a window that has seen them."""
    print("rahasia", report.words)
    print("rahasia", report.words, file=sys.stderr)
    for old in candidates:
        if old.words == report.words and window.open:
            return Verdict(Kind.SAME, old.report, 0.99, ("kata-kata sama",))
    return NEW


def raises(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
    raise ValueError(f"cannot judge {' '.join(report.words)}")


def never_ends(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
    while True:
        try:
            time.sleep(60)
        except Exception:  # even who catches everything is stopped
            continue


def talks(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> str:
    return "sama"


def invents(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
    return Verdict(Kind.SAME, "r-never-seen", 0.99)


def exaggerates(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
    return Verdict(Kind.UNSURE, candidates[0].report, 17.0)


def stammers(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
    return Verdict(Kind.UNSURE, candidates[0].report, 0.5, (17,))  # type: ignore[arg-type]


def goes_on(report: Fingerprint, candidates: Sequence[Fingerprint], window: Window) -> Verdict:
    return Verdict(Kind.UNSURE, candidates[0].report, 0.5, ("sama " * 100,) * 100)


NO_JUDGE = 17
