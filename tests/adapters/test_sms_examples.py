"""The examples of SMS providers that Kanal ships: `kanal check` finds nothing wrong with them, once their secrets are
there."""

from pathlib import Path

import pytest

from adapters.sms import Sms, SmsSettings
from adapters.sms.needs import NEEDS
from gateway import settings
from tests.shipped import appended, give_secrets, kanal_check, secrets_of, text_of

EXAMPLE = "sms-providers.toml"
#: Shipped apart: Kannel's in production.toml, and those that are mapped each in a file of its own.
ELSEWHERE = {"kannel", "mapped"}


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    give_secrets(EXAMPLE, tmp_path)
    return appended(EXAMPLE, tmp_path)


def test_they_are_right_once_their_secrets_are_there(complete: Path) -> None:
    result = kanal_check(complete)
    assert (result.exit_code, "no problems" in result.output) == (0, True), result.output


def test_every_secret_that_is_missing_is_named(tmp_path: Path) -> None:
    result = kanal_check(appended(EXAMPLE, tmp_path))
    assert result.exit_code == 1
    assert [name for name in secrets_of(EXAMPLE) if f"secrets/{name} cannot be read" not in result.output] == []


def test_there_is_one_for_each_provider_and_all_can_reply(complete: Path) -> None:
    channels = [one for one in settings.load(complete).channels if isinstance(one, SmsSettings)]
    shown = [one for one in channels if f'name = "{one.name}"' in text_of(EXAMPLE)]
    providers = {one.provider for one in shown} | {one.replies_by for one in shown if one.replies_by}
    assert providers == NEEDS.keys() - ELSEWHERE
    assert [one.name for one in shown if not Sms(one).can_send()] == []
