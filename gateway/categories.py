"""The categories of this city: `config/categories.toml`, with operators' changes on top."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from gateway import learntfile
from gateway.overlay import Overlay
from gateway.suggest import did_you_mean
from normalizer.sorting.categories import Attribute, Categories, Category, Group
from normalizer.words.text import plain_words

FILE = "categories.toml"


def load(folder: Path | None = None) -> Categories:
    """Read the shipped categories and, over them, those of `folder`. Raises `ConfigError` with all that is wrong."""
    overlay = Overlay(FILE, folder, ("groups", "categories"))
    groups, categories = overlay.structs("groups", Group), overlay.structs("categories", Category)
    found = Categories(categories, groups, learntfile.load(folder) if folder else None)
    for category in found.categories.values():
        _check(overlay, category, found)
    overlay.finish()
    return found


def _check(overlay: Overlay, category: Category, found: Categories) -> None:
    where = f"categories.{category.code}"
    if category.group not in found.groups:
        overlay.complain(f"{where}.group", f"no group is called '{category.group}'", _nearest(category.group, found))
    for code in _repeated(attribute.code for attribute in category.attributes):
        overlay.complain(f"{where}.attributes", f"two of them are called '{code}'", "give each its own code")
    for key, phrases in (("keywords", category.keywords), ("hints", category.hints)):
        for phrase in phrases:
            _check_phrase(overlay, f"{where}.{key}", phrase)
    for attribute in category.attributes:
        _check_values(overlay, f"{where}.attributes.{attribute.code}.values", attribute)


def _check_phrase(overlay: Overlay, where: str, phrase: str) -> None:
    if phrase != phrase.lower():
        overlay.complain(where, f"'{phrase}' has capital letters", f"write '{phrase.lower()}'")
    if not plain_words(phrase):
        overlay.complain(where, f"'{phrase}' has no words", "give what citizens write, or leave it out")


def _check_values(overlay: Overlay, where: str, attribute: Attribute) -> None:
    if attribute.datatype.is_list and not attribute.values:
        overlay.complain(where, "a list needs something to choose from", "add values = [{ code = …, name = … }, …]")
    if attribute.values and not attribute.datatype.is_list:
        overlay.complain(where, f"a {attribute.datatype} has none", 'or datatype = "singlevaluelist"')
    for code in _repeated(value.code for value in attribute.values):
        overlay.complain(where, f"two of them are called '{code}'", "give each its own code")


def _repeated(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]


def _nearest(group: str, found: Categories) -> str:
    return did_you_mean(group, found.groups)
