"""The example of case stores that Kanal ships."""

from pathlib import Path

import pytest

from gateway import categories, settings
from normalizer.places.areas import is_region
from tests.shipped import appended, give_secrets, kanal_check, secrets_of

EXAMPLE = "case-stores.toml"


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    give_secrets(EXAMPLE, tmp_path)
    return appended(EXAMPLE, tmp_path)


def test_it_is_right_once_its_secrets_are_there(complete: Path) -> None:
    result = kanal_check(complete)
    assert (result.exit_code, "no problems" in result.output) == (0, True), result.output


def test_every_secret_that_is_missing_is_named(tmp_path: Path) -> None:
    result = kanal_check(appended(EXAMPLE, tmp_path))
    assert result.exit_code == 1
    assert [name for name in secrets_of(EXAMPLE) if f"secrets/{name} cannot be read" not in result.output] == []


def test_the_categories_and_areas_that_it_names_are_there(complete: Path) -> None:
    stores = settings.load(complete).case_stores
    named = {category for store in stores for category in (*store.categories, *getattr(store, "services", {}))}
    assert [category for category in named if categories.load().get(category) is None] == []
    assert all(is_region(area) for store in stores for area in store.areas)
