"""Which files of tests take longest: whoever runs files side by side begins with them, lest one be left at the end."""

from pathlib import Path

TESTS = Path(__file__).parent
#: The longest first, each of more than about ten seconds.
LONGEST = (
    "end_to_end/test_same_talks.py",
    "gateway/test_pipeline.py",
    "crash/test_crash.py",
    "gateway/casestore/test_forwarder.py",
    "faults/test_way_out.py",
    "gateway/test_reload.py",
    "gateway/test_applications.py",
    "gateway/test_backup.py",
    "browser/test_payloads.py",
    "browser/test_every_page.py",
    "gateway/test_looks.py",
    "gateway/test_copying.py",
    "gateway/test_files.py",
    "browser/test_desk_entry.py",
    "faults/test_failing_disk.py",
    "gateway/casestore/test_following.py",
    "faults/test_clock.py",
    "gateway/test_looking.py",
    "end_to_end/test_by_telegram.py",
    "gateway/fetching/test_fetching.py",
    "faults/test_children.py",
    "gateway/test_doctor.py",
    "attacks/test_crowds.py",
    "gateway/test_replay.py",
    "crash/test_talks_killed.py",
    "gateway/test_polling.py",
    "docs/test_readme.py",
    "end_to_end/test_running.py",
    "gateway/test_demo.py",
    "canary/test_canary.py",
    "gateway/test_erase.py",
    "end_to_end/test_two_gateways.py",
    "gateway/test_areas_command.py",
    "browser/test_public_form.py",
    "end_to_end/test_backup_under_load.py",
    "crash/test_mailbox_killed.py",
    "end_to_end/test_reloading.py",
    "adapters/test_smtp_peers.py",
    "test_project.py",
    "test_checks.py",
)
_RANKS = {TESTS / name: rank for rank, name in enumerate(LONGEST)}


def rank(file: Path) -> int:
    """The lower, the sooner it should begin."""
    return _RANKS.get(file, len(_RANKS))
