"""`kanal areas`: files as they come are checked, stored, shown, and taken back."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.app import rules_of
from gateway.cli.commands import app
from tests.gateway.support import settings_in

Ring = list[list[float]]
BANGKA, PELA = "31.74.03.1002", "31.74.03.1003"
PELA_NAME = "Pela Mampang"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kanal.toml").write_text('[gateway]\ndata = "data"\nareas = "31"\n')
    (tmp_path / "data").mkdir(mode=0o700)
    return tmp_path


@pytest.fixture
def areas(folder: Path) -> Callable[..., Result]:
    def run(verb: str, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["areas", verb, *arguments, "--config", str(folder / "kanal.toml")])

    return run


def square(west: float = 106.81, south: float = -6.26, size: float = 0.01) -> Ring:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(*rings: Ring, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": list(rings)}}


def geojson(folder: Path, *features: dict[str, Any], **more: Any) -> str:
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more))
    return str(path)


def table(folder: Path, text: str | bytes) -> str:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def told(result: Result) -> dict[str, Any]:
    assert result.stdout, result.output
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[0])
    return found


def test_an_import_is_shown_and_pins_are_assigned_by_it(folder: Path, areas: Callable[..., Result]) -> None:
    file = geojson(
        folder, feature(square(), code=BANGKA, name="Bangka"), feature(square(106.82), code=PELA, name=PELA_NAME)
    )
    done = areas("import", file)
    assert done.exit_code == 0, done.output
    assert f"added, 2: {BANGKA} Bangka; {PELA} {PELA_NAME}" in done.stdout and "2 stored" in done.stdout
    assert f"{BANGKA} kelurahan Bangka" in areas("at", "-6.255,106.815").stdout
    assert "31.74.03 kecamatan Mampang Prapatan" in areas("at", "-6.255,106.8199", "--accuracy", "65").stdout
    assert "no border says" in areas("at", "-6.9,107.6").stdout
    assert "2 kelurahan" in areas("list").stdout
    assert "corners    4" in areas("show", BANGKA).stdout
    exported = json.loads(areas("export").stdout)
    assert [one["properties"]["code"] for one in exported["features"]] == [BANGKA, PELA]


def test_another_import_adds_changes_and_with_replace_removes_and_undo_goes_back(
    folder: Path, areas: Callable[..., Result]
) -> None:
    areas("import", geojson(folder, feature(square(), code=BANGKA), feature(square(106.82), code=PELA)))
    other = geojson(folder, feature(square(106.8105), code=BANGKA))
    changed = told(areas("import", other, "--json"))
    assert (changed["added"], changed["changed"], changed["removed"]) == ([], [f"{BANGKA} Bangka"], [])
    replaced = told(areas("import", other, "--replace", "--json"))
    assert replaced["removed"] == [f"{PELA} {PELA_NAME}"]
    assert "1 kelurahan" in areas("list").stdout
    assert areas("undo").exit_code == 0
    assert "2 kelurahan" in areas("list").stdout
    assert areas("undo").exit_code == 0
    assert "1 kelurahan" in areas("list").stdout


def test_a_dry_run_changes_nothing(folder: Path, areas: Callable[..., Result]) -> None:
    done = areas("import", geojson(folder, feature(square(), code=BANGKA)), "--dry-run")
    assert "1 could be stored" in done.stdout
    assert "none: a pin stays a pin" in areas("list").stdout
    assert areas("undo").exit_code == 1


BOW_TIE = [[106.81, -6.26], [106.82, -6.25], [106.82, -6.26], [106.81, -6.25], [106.81, -6.26]]
SWAPPED = [[y, x] for x, y in square()]
METRES = [[x * 1e5, y * 1e5] for x, y in square()]
CODED = {"code": BANGKA}
LEFT_OUT = {
    "a code that there is not": (feature(square(), code="31.99.01.1001"), "there is no area with this code"),
    "a code of BPS": (feature(square(), code="3171010001"), "there is no area with this code"),
    "latitude and longitude swapped": (feature(SWAPPED, **CODED), "it does not lie in Indonesia (latitude and"),
    "metres of a projection": (feature(METRES, **CODED), "its coordinates are no degrees"),
    "elsewhere": (feature(square(10, 50), **CODED), "it does not lie in Indonesia"),
    "no geometry": (feature(**CODED) | {"geometry": None}, "it has no geometry"),
    "an empty geometry": (feature(**CODED), "its geometry is empty"),
    "a line": (feature(**CODED) | {"geometry": {"type": "LineString", "coordinates": square()}}, "it is no area"),
    "two corners": (feature(square()[:2], **CODED), "its geometry is broken"),
    "words for numbers": (
        feature(**CODED) | {"geometry": {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}},
        "its geometry is broken",
    ),
    "corners nested deep": (
        feature(**CODED) | {"geometry": {"type": "Polygon", "coordinates": json.loads("[" * 900 + "]" * 900)}},
        "its geometry is broken",
    ),
    "a number of 400 digits": (
        feature(**CODED) | {"geometry": {"type": "Polygon", "coordinates": [[[10**400, 1]] * 4]}},
        "its geometry is broken",
    ),
    "a name without end": (feature(square(), code=BANGKA, name="x" * 5_000), "its name is longer than 255"),
    "an unknown geometry": (feature(**CODED) | {"geometry": {"type": "Circle"}}, "its geometry is broken"),
    "a name of several": (feature(square(), name="Menteng"), "several areas are called so"),
    "a name of nobody": (feature(square(), name="Antah Berantah"), "no area of the region is called so"),
}


@pytest.mark.parametrize(("wrong", "why"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_of_no_use_is_left_out_and_named(
    folder: Path, areas: Callable[..., Result], wrong: dict[str, Any], why: str
) -> None:
    done = areas("import", geojson(folder, wrong), "--kind", "areas", "--json")
    assert done.exit_code == 1
    assert [key for key in told(done)["left_out"] if key.startswith(why)], done.stdout
    assert "nothing of it can be used" in done.output


def test_what_is_left_out_is_named_once(folder: Path, areas: Callable[..., Result]) -> None:
    wrong = feature(code=BANGKA, name="Kemang") | {"geometry": None}
    done = told(areas("import", geojson(folder, wrong), "--kind", "areas", "--json"))
    assert done["left_out"] == {"it has no geometry": [f"1 ({BANGKA} Kemang)"]}
    assert "its name is not the official one" not in done["doubts"]


def test_a_point_with_the_longitude_first_is_told(areas: Callable[..., Result]) -> None:
    done = areas("at", "106.8150,-6.2551")
    assert done.exit_code == 2 and "is it -6.2551,106.815" in done.output


DOUBTS = {
    "a border that crosses itself": ([feature(BOW_TIE, **CODED)], "its border crosses itself; it was mended"),
    "another name": ([feature(square(), code=BANGKA, name="Kemang")], "its name is not the official one"),
    "a code twice": ([feature(square(), **CODED)] * 2, "the code is there twice; the last one is taken"),
    "an overlap": ([feature(square(), **CODED), feature(square(106.815), code=PELA)], "areas overlap"),
    "a gap": ([feature(square(), square(106.813, -6.257, 0.004), **CODED)], "a gap that no area has"),
    "the rest of the region": ([feature(square(), **CODED)], "no border of a part of the region"),
}


@pytest.mark.parametrize(("features", "what"), DOUBTS.values(), ids=DOUBTS)
def test_what_may_be_wrong_is_stored_and_named(
    folder: Path, areas: Callable[..., Result], features: list[dict[str, Any]], what: str
) -> None:
    done = told(areas("import", geojson(folder, *features), "--json"))
    assert done["stored"] and what in done["doubts"], done


def star(corners: int) -> Ring:
    """Of which every line crosses nearly every other."""
    angles = [n * math.pi * (corners - 1) / corners for n in range(corners)]
    ring = [[106.8 + 0.01 * math.cos(angle), -6.2 + 0.01 * math.sin(angle)] for angle in angles]
    return [*ring, ring[0]]


def test_a_border_that_takes_all_memory_to_mend_is_refused_and_what_was_there_stays(
    folder: Path, areas: Callable[..., Result]
) -> None:
    areas("import", geojson(folder, feature(square(), **CODED)))
    done = areas("import", geojson(folder, feature(star(3_001), code=PELA)))
    assert done.exit_code == 1 and "nothing was changed: the file takes more memory or time" in done.output
    assert "1 kelurahan" in areas("list").stdout


UNSEEN = {"an escape": "Kem\x1b]0;pwn\x07ang", "a lone surrogate": "Kem\ud800ang", "reversed": "Kem\u202eang"}


@pytest.mark.parametrize("name", UNSEEN.values(), ids=UNSEEN)
def test_names_are_stored_and_shown_without_what_is_unseen(
    folder: Path, areas: Callable[..., Result], name: str
) -> None:
    path = folder / "aliases.json"
    path.write_text(json.dumps(feature(alias=name, code=BANGKA)))
    done = areas("import", str(path), "--kind", "aliases")
    assert done.exit_code == 0, done.output
    shown = done.stdout + areas("show", BANGKA).stdout + areas("list").stdout
    assert "ang" in shown and all(character.isprintable() for character in shown.replace("\n", ""))


def test_a_spelling_of_everyday_words_is_left_out(folder: Path, areas: Callable[..., Result]) -> None:
    text = "alias,code\n" + "".join(f"{name},{BANGKA}\n" for name in ("di", "jalan", "Di Jalan", "Bangke"))
    done = told(areas("import", table(folder, text), "--json"))
    assert done["added"] == ["Bangke"] and len(done["left_out"]) == 1, done


def test_a_hole_that_another_area_fills_is_no_gap(folder: Path, areas: Callable[..., Result]) -> None:
    hole = square(106.813, -6.257, 0.004)
    done = told(areas("import", geojson(folder, feature(square(), hole, **CODED), feature(hole, code=PELA)), "--json"))
    assert not {"a gap that no area has", "areas overlap"} & done["doubts"].keys()
    assert told(areas("at", "-6.255,106.815", "--json"))["area"] == PELA


def test_without_codes_areas_are_known_by_name_within_their_parent(folder: Path, areas: Callable[..., Result]) -> None:
    file = geojson(folder, feature(square(), NAMOBJ="Kelurahan BANGKA", WADMKC="Mampang Prapatan"))
    assert told(areas("import", file, "--json"))["added"] == [f"{BANGKA} Bangka"]


REFUSED = {
    "broken JSON": (".geojson", b'{"type": ', "is broken"),
    "JSON of another kind": (".geojson", b"[1]", "is JSON, but not GeoJSON"),
    "metres by name": (
        ".geojson",
        b'{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:32748"}},"features":[]}',
        "not WGS 84",
    ),
    "an object that is no feature": (".geojson", b"{}", "not GeoJSON: it must be a FeatureCollection"),
    "nothing": (".csv", b"", "has nothing in it"),
    "a shapefile in a ZIP": (".zip", b"PK\x03\x04", "is no text: export it as GeoJSON"),
    "lines of several lengths": (".csv", b"code,name\n1\n", "line 2 has fewer cells"),
    "an open quote": (".csv", b'code,name\n"1,2', "is broken"),
}


@pytest.mark.parametrize(("ending", "content", "why"), REFUSED.values(), ids=REFUSED)
def test_files_that_are_none_are_refused(
    folder: Path, areas: Callable[..., Result], ending: str, content: bytes, why: str
) -> None:
    path = folder / f"file{ending}"
    path.write_bytes(content)
    done = areas("import", str(path))
    assert done.exit_code == 1 and why in done.output


TABLES = {
    "streets": (f"name,highway,kelurahan_codes,lat,lng\nKemang Raya,primary,{BANGKA};{PELA},-6.25,106.81\n", "streets"),
    "landmarks": (f"nama;jenis;kode;lat;lng\nPasar Contoh;pasar;{BANGKA};-6,25;106,81\n", "landmarks"),
    "RW": (f"kelurahan_code,rw,lat,lng\n{BANGKA},03,-6.25,106.81\n", "landmarks"),
    "aliases": (f"alias,code\nBangke,{BANGKA}\n", "aliases"),
    "neighbours": ("code,name\n32.76,Kota Depok\n", "neighbours"),
}


@pytest.mark.parametrize(("text", "kind"), TABLES.values(), ids=TABLES)
def test_tables_say_by_their_fields_what_they_have(
    folder: Path, areas: Callable[..., Result], text: str, kind: str
) -> None:
    done = told(areas("import", table(folder, text), "--json"))
    assert (done["kind"], len(done["added"])) == (kind, 1), done
    assert json.loads(areas("list", "--json").stdout)[kind] == 1


def test_points_that_apps_send_by_themselves_are_imported_too(folder: Path, areas: Callable[..., Result]) -> None:
    assert areas("import", table(folder, "lat,lng\n-6.2088,106.8456\n"), "--kind", "pins").exit_code == 0
    assert json.loads(areas("list", "--json").stdout)["pins"] == 1


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_is_read_and_named(folder: Path, areas: Callable[..., Result], encoding: str) -> None:
    text = f"alias,code\nBangké,{BANGKA}\n".encode(encoding)
    assert told(areas("import", table(folder, text), "--json"))["notes"]


def test_what_was_imported_is_in_the_book_of_a_gateway(folder: Path, areas: Callable[..., Result]) -> None:
    areas("import", geojson(folder, feature(square(), **CODED)))
    atlas = rules_of(settings_in(folder), b"").book.atlas
    assert [(one.code, one.name, bool(one.rings)) for one in atlas.areas] == [
        (BANGKA, "Bangka", True),
        ("31.74", "Jakarta Selatan", False),
        ("31.74.03", "Mampang Prapatan", False),
    ]
    assert not atlas.is_whole


def test_a_damaged_atlas_is_a_problem_that_check_names(folder: Path, areas: Callable[..., Result]) -> None:
    areas("import", geojson(folder, feature(square(), **CODED)))
    (folder / "data" / "areas" / "atlas.json").write_text("{")
    done = CliRunner().invoke(app, ["check", str(folder / "kanal.toml")])
    assert done.exit_code == 1 and "`kanal areas undo`" in done.output
    assert areas("undo").exit_code == 0
    assert areas("list").exit_code == 0
