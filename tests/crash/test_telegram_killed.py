"""The gateway is killed while it asks Telegram, and keeps each message and each photo once."""

from pathlib import Path

import pytest

from tests.crash.telegram_killed import HELD, killed


@pytest.mark.threat("P0-1", "P0-8")
def test_what_telegram_holds_is_kept_once_through_kills(tmp_path: Path) -> None:
    assert killed(tmp_path, kills=2) > HELD
