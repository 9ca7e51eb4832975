"""`kanal route`: which unit a case would go to, and why."""

from typing import Annotated

import typer

from gateway import categories, settings, units
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import print_json_lines
from gateway.routing import Routed
from normalizer.places.areas import area_name


def route(
    category: Annotated[str | None, typer.Option(help="What it is about: the code of a category.")] = None,
    area: Annotated[
        str | None, typer.Option(help="Where it is: Kemendagri code, as in 31.74 or 31.74.03.1002.")
    ] = None,
    words: Annotated[str, typer.Option(help="What a report of it says: one that accuses somebody goes apart.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show which unit a case would go to, why, and how that unit is reached; changes nothing."""
    folder = options.data_folder(config, data)
    table = settings.outline(config).get("gateway")
    areas = table.get("areas") if isinstance(table, dict) else None
    known = categories.load(folder)
    options.refuse_unknown("category", category, known.categories)
    if area and area_name(area) is None:
        options.fail(f"there is no area {area}: as in 31.74 or 31.74.03.1002", 2)
    routing = units.load(folder, known, areas if isinstance(areas, str) else settings.GatewaySettings().areas)
    _print(routing.route(category, area, words), as_json)


def _print(routed: Routed, as_json: bool) -> None:
    unit = routed.unit
    ways = {"mail": list(unit.mail), "webhook": unit.webhook, "telegram": unit.telegram}
    if as_json:
        print_json_lines([{"unit": unit.code, "name": unit.name, "why": routed.why} | ways])
        return
    typer.echo(f"{unit.code}  {unit.name}")
    typer.echo(f"  karena {routed.why}")
    for way, where in ways.items():
        if where:
            typer.echo(f"  {way}: {', '.join(where) if isinstance(where, list) else where}")
    if not any(ways.values()):
        typer.echo(f'  nothing tells it: give it a way under [units."{unit.code}"] in {units.FILE} of the data folder')
