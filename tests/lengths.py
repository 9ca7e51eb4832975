"""Which files of tests take longest: whoever runs files side by side begins with them, lest one be left at the end."""

from pathlib import Path

TESTS = Path(__file__).parent
#: The longest first, each of more than about ten seconds.
LONGEST = (
    "canary/test_canary.py",
    "end_to_end/test_same_talks.py",
    "crash/test_crash.py",
    "browser/test_payloads.py",
    "adapters/test_smtp_peers.py",
    "docs/test_readme.py",
    "faults/test_clock.py",
    "crash/test_talks_killed.py",
    "attacks/test_crowds.py",
    "browser/test_every_page.py",
    "end_to_end/test_backup_under_load.py",
    "crash/test_mailbox_killed.py",
    "end_to_end/test_reloading.py",
    "browser/test_desk_entry.py",
    "faults/test_failing_disk.py",
    "end_to_end/test_running.py",
    "gateway/casestore/test_following.py",
    "browser/test_public_form.py",
    "faults/test_way_out.py",
    "test_project.py",
    "test_checks.py",
)
_RANKS = {TESTS / name: rank for rank, name in enumerate(LONGEST)}


def rank(file: Path) -> int:
    """The lower, the sooner it should begin."""
    return _RANKS.get(file, len(_RANKS))
