"""The example of case stores that Kanal ships."""

import secrets
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from gateway import categories, resources, settings
from gateway.cli import check
from normalizer.areas import is_region

SECRETS = ("crm-dki", "dinas-sda", "inspektorat", "inspektorat-old", "kanal-bekasi")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """After the settings that an operator has already; its secrets are not there yet."""
    file = tmp_path / "kanal.toml"
    shipped = resources.path("examples", "case-stores.toml").read_text("utf-8")
    file.write_text(f"{resources.path('kanal.toml').read_text('utf-8')}\n{shipped}", "utf-8")
    return file


@pytest.fixture
def complete(example: Path) -> Path:
    folder = example.parent / "secrets"
    folder.mkdir(mode=0o700)
    for name in SECRETS:
        (folder / name).write_text(secrets.token_urlsafe())
        (folder / name).chmod(0o600)
    return example


def kanal_check(file: Path) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command("check")(check.check)
    return CliRunner().invoke(app, [str(file)])


def test_it_is_right_once_its_secrets_are_there(complete: Path) -> None:
    result = kanal_check(complete)
    assert (result.exit_code, "no problems" in result.output) == (0, True), result.output


def test_every_secret_that_is_missing_is_named(example: Path) -> None:
    result = kanal_check(example)
    assert result.exit_code == 1
    assert [name for name in SECRETS if f"secrets/{name} cannot be read" not in result.output] == []


def test_the_categories_and_areas_that_it_names_are_there(complete: Path) -> None:
    stores = settings.load(complete).case_stores
    named = {category for store in stores for category in (*store.categories, *getattr(store, "services", {}))}
    assert [category for category in named if categories.load().get(category) is None] == []
    assert all(is_region(area) for store in stores for area in store.areas)
