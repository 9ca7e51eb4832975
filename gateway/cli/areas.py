"""`kanal areas`: the city's borders, streets, landmarks and spellings, as its operators import them."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from gateway import control, settings
from gateway.atlases import keeping
from gateway.atlases.made import KINDS
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Row, print_done, print_json_lines, visible
from gateway.cli.progress import progress
from gateway.errors import OperationRefused
from normalizer.places.areas import area_name, area_of
from normalizer.places.atlas import Atlas, Shape
from normalizer.places.ground import area_at

app = typer.Typer(
    no_args_is_help=True,
    help="Areas: the borders, streets, landmarks and spellings of this city, from files of its own (docs/areas.md).",
)

EXAMPLES = 5
MOST_LATITUDE = 90


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="GeoJSON or CSV.", exists=True, dir_okay=False)],
    kind: Annotated[
        str | None, typer.Option(help=f"What it has: {', '.join(KINDS)}; guessed from the file if left out.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="The field with the areas' official codes.")] = None,
    name: Annotated[str | None, typer.Option(help="The field with the names.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Remove what was there of this kind before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check and show; change nothing.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Check a file against the official areas, store what is right of it, and show what changed.

    What is of no use is left out and named. A running gateway takes it up at once; `kanal areas undo` goes back.

    Exit codes: 0 it is stored, or could be; 1 nothing of it can be used, or the gateway refused; 2 wrong usage.
    """
    options.refuse_unknown("kind", kind, KINDS)
    from gateway.atlases import apart, importing, source  # noqa: PLC0415  shapely is slow to load

    folder, region = _place(config, data)
    old = keeping.read(folder)
    chosen = next((one for one in KINDS if one == kind), None)
    others = () if replace else old.areas
    try:
        with progress() as tell:
            size = file.stat().st_size
            done = apart.apart(importing.read, size, file, chosen, code, name, region, others, tell=tell)
    except source.Unusable as error:
        options.fail(visible(str(error)))
    found = done.made
    atlas, changes = keeping.merged(old, found, replace=replace)
    told = {
        "file": str(file),
        "kind": found.kind,
        "read": done.read,
        "kept": len(found.kept),
        "notes": done.notes,
        "left_out": found.left_out,
        "doubts": found.doubts,
        **changes._asdict(),
        "stored": bool(found.kept) and not dry_run,
    }
    if told["stored"]:
        keeping.write(folder, atlas)
    print_json_lines([told]) if as_json else typer.echo("\n".join(map(visible, _said(told, done.fields))))
    if not found.kept and found.kind != "neighbours":
        options.fail("nothing of it can be used")
    if told["stored"]:
        _take_up(folder, as_json)


@app.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Show how much there is of each kind and level, and which parts of the region have no border."""
    from gateway.atlases import official  # noqa: PLC0415

    folder, region = _place(config, data)
    atlas = keeping.load(folder, region)
    missing = official.missing(region, (one.code for one in atlas.areas if one.rings))
    counted = {
        "region": region,
        "name": area_name(region),
        "borders": dict(_by_kind(atlas)),
        "streets": len(atlas.streets),
        "landmarks": len(atlas.landmarks),
        "aliases": len(atlas.aliases),
        "neighbours": len(atlas.neighbours),
        "pins": len(atlas.placeholders),
        "without_border": missing,
    }
    if as_json:
        print_json_lines([counted])
        return
    borders = ", ".join(f"{count} {kind}" for kind, count in _by_kind(atlas)) or "none: a pin stays a pin"
    typer.echo(f"{region} {counted['name']}\nborders    {borders}")
    for what in ("streets", "landmarks", "aliases", "neighbours", "pins"):
        typer.echo(f"{what:<10} {counted[what]}")
    if atlas.areas and missing:
        typer.echo(f"without    {_examples([f'{one} {area_name(one)}' for one in missing])}")


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="Kemendagri code, as in 31.74.03.1002.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one area: its official name, and what was imported of it."""
    folder, region = _place(config, data)
    area, atlas = area_of(code), keeping.load(folder, region)
    if area is None:
        options.fail(f"there is no area {code}: as in 31.74 or 31.74.03.1002")
    shape = next((one for one in atlas.areas if one.code == code), None)
    row = {
        "code": code,
        "name": area.name,
        "kind": area.kind,
        "corners": sum(map(len, shape.rings)) // 2 if shape else 0,
        "aliases": [one.name for one in atlas.aliases if one.code == code],
        "streets": [one.name for one in atlas.streets if code in one.areas],
        "landmarks": [one.name for one in atlas.landmarks if one.area == code],
    }
    if as_json:
        print_json_lines([row])
        return
    for name, value in row.items():
        typer.echo(visible(f"{name:<10} {_examples(value) if isinstance(value, list) else value}"))


@app.command(context_settings={"ignore_unknown_options": True})
def at(
    point: Annotated[str, typer.Argument(metavar="LAT,LON", help="Degrees, as in -6.1754,106.8272.")],
    accuracy: Annotated[float | None, typer.Option(min=0, help="In metres.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show which area a pin would be assigned to."""
    folder, region = _place(config, data)
    try:
        latitude, longitude = map(float, point.split(","))
    except ValueError:
        options.fail(f"'{point}' is no point: latitude and longitude, as in -6.1754,106.8272", 2)
    if not abs(latitude) <= MOST_LATITUDE and abs(longitude) <= MOST_LATITUDE:
        options.fail(f"'{point}' has no latitude: is it {longitude},{latitude}, with the latitude first?", 2)
    found = area_at(keeping.load(folder, region), latitude, longitude, accuracy)
    done = {
        "area": found.area.code if found.area else None,
        "reaches": [one.code for one in found.reaches],
        "outside": found.outside,
        "distance_m": round(found.distance_m),
    }
    print_done(done, "\n".join(_found(found.area, found.reaches, found.outside, found.distance_m)), as_json)


@app.command()
def export(config: ConfigOption = None, data: DataOption = None) -> None:
    """Write the borders as GeoJSON to standard output."""
    folder, region = _place(config, data)
    atlas = keeping.load(folder, region)
    from gateway.atlases.borders import of_rings  # noqa: PLC0415  shapely is slow to load

    features = [
        {
            "type": "Feature",
            "properties": {"code": one.code, "name": one.name},
            "geometry": of_rings(one.rings).__geo_interface__,
        }
        for one in atlas.areas
        if one.rings
    ]
    typer.echo(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))


@app.command()
def undo(config: ConfigOption = None, data: DataOption = None) -> None:
    """Go back to what was there before the last import; once more, and it is back."""
    folder, _ = _place(config, data)
    if not keeping.undo(folder):
        options.fail("there was no import")
    typer.echo("back to what was there before the last import")
    _take_up(folder, as_json=False)


def _place(config: Path | None, data: Path | None) -> tuple[Path, str]:
    """The data folder, and the code of the region."""
    folder = options.data_folder(config, data)
    if not folder.is_dir():
        options.fail(f"there is no data folder {folder} yet: start the gateway with `kanal run`, or name it by --data")
    table = settings.outline(config).get("gateway")
    region = table.get("areas") if isinstance(table, dict) else None
    return folder, region if isinstance(region, str) else settings.GatewaySettings().areas


def _take_up(folder: Path, as_json: bool) -> None:
    """Have the gateway that runs read it."""
    try:
        done: dict[str, Any] = asyncio.run(control.ask(folder, "reload", {}))
    except OSError:
        return
    except OperationRefused as refusal:
        options.fail(f"it is stored, but the running gateway did not take it up: {refusal}")
    if done.get("problems"):
        options.fail("it is stored, but the running gateway did not take it up: see `kanal reload`")
    if not as_json:
        typer.echo("the running gateway has taken it up")


def _said(told: Row, chosen: msgspec.Struct) -> Iterator[str]:
    named = ", ".join(f"{what} from '{field}'" for what, field in msgspec.structs.asdict(chosen).items() if field)
    yield f"{told['file']}: {told['read']} read as {told['kind']} ({named or 'no fields known'})"
    yield from (f"  note: {note}" for note in told["notes"])
    for why, where in told["left_out"].items():
        yield f"  left out, {len(where)}: {why}: {_examples(where)}"
    for what, where in told["doubts"].items():
        yield f"  look at, {len(where)}: {what}: {_examples(where)}"
    for how in ("added", "removed", "changed"):
        if told[how]:
            yield f"  {how}, {len(told[how])}: {_examples(told[how])}"
    yield f"{told['kept']} {'stored' if told['stored'] else 'could be stored' if told['kept'] else 'to store'}"


def _found(area: Shape | None, reaches: tuple[Shape, ...], outside: bool, distance: float) -> Iterator[str]:
    if area:
        yield f"{area.code} {area.kind} {area.name}"
    elif outside:
        yield f"outside of the region, {distance:,.0f} m from its border"
    else:
        yield "no area for certain: a person decides" if reaches else "no border says"
    yield from (f"  reaches {one.code} {one.kind} {one.name}" for one in reaches if one != area)


def _by_kind(atlas: Atlas) -> Iterator[tuple[str, int]]:
    kinds = [one.kind for one in atlas.areas if one.rings]
    yield from ((kind, kinds.count(kind)) for kind in dict.fromkeys(kinds))


def _examples(found: list[str]) -> str:
    more = f" … and {len(found) - EXAMPLES} more" if len(found) > EXAMPLES else ""
    return f"{'; '.join(found[:EXAMPLES])}{more}" if found else "none"
