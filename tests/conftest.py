"""Shared by all tests."""

import gc
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.crm import crm_installed
from tests.disk import mounted
from tests.examples import steady
from tests.lengths import rank
from tests.logged import apart
from tests.poison import poison_installed

pytest.register_assert_rewrite("adapters.testing", "gateway.casestore.testing", "tests.adapters.sms_contract")
steady()
gc.disable()  # while all are collected: they last


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.path))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def logs_unconfigured() -> Iterator[None]:
    """No test finds the logs as another one set them."""
    apart()
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()


@pytest.fixture
def poison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install the kind `poison`, for worker processes as well."""
    with poison_installed(tmp_path_factory.mktemp("site")):
        yield


@pytest.fixture
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install the kind of case store `crm`."""
    with crm_installed(tmp_path_factory.mktemp("site")):
        yield


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    with mounted(tmp_path / "disk", "8m") as folder:
        yield folder
