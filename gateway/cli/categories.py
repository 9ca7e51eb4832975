"""`kanal categories`: what reports can be about, and what a text would be taken for."""

from datetime import UTC
from typing import Annotated

import typer

from gateway import categories
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_rows
from normalizer.persons.masking import mask
from normalizer.sorting.candidates import candidates
from normalizer.sorting.categories import Categories, Category
from normalizer.words.text import clean

app = typer.Typer(no_args_is_help=True, help="Categories: what reports can be about, and the words that tell.")

COLUMNS = (
    Column("CODE", "code"),
    Column("NAME", "name"),
    Column("GROUP", "group"),
    Column("WORDS", "words", elastic=True),
)
RANKED = (
    Column("SCORE", "score"),
    Column("CODE", "code"),
    Column("NAME", "name"),
    Column("WHY", "why", elastic=True),
)


@app.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """List all categories with the words of the table. `kanal route --category` shows the unit of one."""
    known = categories.load(options.data_folder(config, data))
    print_rows((_row(one, known) for one in known.categories.values()), COLUMNS, as_json, UTC)


def _row(category: Category, known: Categories) -> Row:
    return {
        "code": category.code,
        "name": category.name.id,
        "name_en": category.name.en,
        "group": category.group,
        "handling": category.handling,
        "accuses": known.accuses(category.code),
        "hidden": category.hidden,
        "words": ", ".join(category.keywords),
        "hints": ", ".join(category.hints),
    }


@app.command()
def rank(
    text: Annotated[str, typer.Argument(help='What a citizen might write; "-" reads it from standard input.')],
    category: Annotated[str, typer.Option(help="The category that the sender chose, by its code.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show which categories a text would be taken for, and by which words; changes nothing."""
    known = categories.load(options.data_folder(config, data))
    options.refuse_unknown("category", category or None, known.categories)
    found = candidates(known, known.named(category), mask(clean(options.named(text))))
    rows = ({"score": one.score, "code": one.code, "name": one.name, "why": "; ".join(one.reasons)} for one in found)
    print_rows(rows, RANKED, as_json, UTC)
