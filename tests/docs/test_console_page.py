"""The guide to the console says what the console does, and the pictures of the README's tour are there."""

import re
import tomllib

import pytest
from PIL import Image

from gateway import resources
from gateway.accounts.account import Right, Role, may
from gateway.console.pages import ROUTES
from tests.docs.blocks import ROOT, page

GUIDE = page("docs/console.md")
LARGEST = 150_000
PICTURES = sorted(set(re.findall(r"\]\((docs/tour/[\w-]+\.png)\)", page("README.md"))))


def rows(heading: str) -> list[list[str]]:
    """Of the table below a heading, without its head."""
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*$", section, re.M)][2:]


def test_the_roles_are_those_that_there_are() -> None:
    said = {cells[0].split("`")[1]: [bool(cell) for cell in cells[1:]] for cells in rows("Who may do what")}
    assert said == {str(right): [may(role, right) for role in Role] for right in Right}


def test_the_keys_are_those_that_there_are() -> None:
    texts = tomllib.loads((resources.path("pages") / "inbox.en.toml").read_text())
    said = sorted((cells[0].strip("`"), cells[1]) for cells in rows("The inbox"))
    assert said == sorted((keys, texts["does"][name]) for name, keys in texts["key"].items())


def test_every_address_is_a_page() -> None:
    known = {route.path for route in ROUTES}
    named = set(re.findall(r"`(/[\w/]+)`", GUIDE)) - {"/"}
    assert len(named) > 10
    assert named - known == set()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_tour_is_small(name: str) -> None:
    assert (ROOT / name).stat().st_size < LARGEST
    with Image.open(ROOT / name) as picture:
        assert picture.format == "PNG"


def test_every_picture_is_shown() -> None:
    assert [f"docs/tour/{path.name}" for path in sorted((ROOT / "docs" / "tour").iterdir())] == PICTURES
