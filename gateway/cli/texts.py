"""`kanal texts`: what citizens read, and what it costs by SMS."""

from datetime import UTC
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from gateway import catalogue, settings, sizes
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_fields, print_rows
from gateway.texts import LANGUAGES, Texts

app = typer.Typer(no_args_is_help=True, help="Texts: what citizens read, and what it costs by SMS.")

COLUMNS = (Column("NAME", "name"), Column("LANGUAGE", "language"), Column("TEXT", "written", elastic=True))
BY_SMS = (
    Column("NAME", "name"),
    Column("LANGUAGE", "language"),
    Column("LENGTH", "length"),
    Column("ALPHABET", "alphabet"),
    Column("SMS", "segments"),
    Column("PRICE", "price", optional=True),
    Column("TEXT", "text", elastic=True),
)


@app.command("list")
def list_(
    by_sms: Annotated[
        bool, typer.Option("--sms", help="With usual values in them: how many SMS each takes, and what they cost.")
    ] = False,
    language: Annotated[str | None, typer.Option(help="Only of this language: id or en.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List all texts, with operators' changes. To change one, put it into texts/id.toml of the data folder."""
    options.refuse_unknown("language", language, LANGUAGES)
    texts = catalogue.load(options.data_folder(config, data))
    languages = (language,) if language else LANGUAGES
    price = _price(config)
    print_rows(
        (_row(texts, one, price) for one in sizes.sizes(texts, languages)), BY_SMS if by_sms else COLUMNS, as_json, UTC
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help='As listed: "received", or "bot.help" in the table [bot].')],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one text in all languages, the values that it gets, and what it costs by SMS."""
    texts = catalogue.load(options.data_folder(config, data))
    options.refuse_unknown("text", name, texts.values)
    values = texts.values[name]
    row: Row = {"name": name, "always_shows": sorted(values.required), "may_show": sorted(values.optional)}
    for language in LANGUAGES:
        row[language] = _row(texts, sizes.size(texts, name, language), _price(config))
    print_fields(row, as_json, UTC)


def _price(config: Path | None) -> float:
    """Of the dearest channel; a settings file whose secrets are elsewhere will do."""
    channels = settings.outline(config).get("channels")
    tables = [table for table in channels if isinstance(table, dict)] if isinstance(channels, list) else []
    prices = [costs.get("segment") for table in tables if isinstance(costs := table.get("costs"), dict)]
    return max((price for price in prices if isinstance(price, int | float)), default=0)


def _row(texts: Texts, one: sizes.Size, price: float) -> Row:
    written = texts.template(one.name, one.language)
    return {**msgspec.to_builtins(one), "written": written, "price": one.segments * price or None}
