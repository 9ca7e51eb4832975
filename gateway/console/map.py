"""The map of the imported areas, drawn without any server of others: to choose a point on, or to show some.

A page puts `await sheet(visit)` into its template, which draws it by the macros of `parts/map.html`. Without imported
borders there is no drawing, and no more than the phone's own position can be given.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from adapters import Response
from adapters.forms import Form
from gateway.atlases.drawing import Drawing, View, drawing_of
from gateway.console import answers
from gateway.console.means import Means
from gateway.console.routes import Route
from gateway.console.visit import Visit
from normalizer.message import Place
from normalizer.places.areas import area_name
from normalizer.places.ground import area_at

#: How much is shown around points, in metres.
AROUND = 1_500


class Pin(NamedTuple):
    """A point, in degrees, and what it is, in a few words."""

    latitude: float
    longitude: float
    label: str = ""


class Sheet(NamedTuple):
    """What `parts/map.html` draws: the drawing, if there are borders, other pins, and the part that is shown first."""

    drawing: Drawing | None
    pins: Sequence[Pin] = ()

    @property
    def address(self) -> str:
        return f"/peta/{self.drawing.version}/peta.svg" if self.drawing else ""

    def view(self, chosen: Pin | None = None) -> View:
        assert self.drawing
        points = [(pin.latitude, pin.longitude) for pin in (*self.pins, *([chosen] if chosen else ()))]
        return self.drawing.around(points, AROUND) if points else self.drawing.home

    def spot(self, pin: Pin) -> tuple[float, float]:
        """Where it lies on the drawing."""
        assert self.drawing
        return self.drawing.at(pin.latitude, pin.longitude)


async def sheet(visit: Visit, pins: Sequence[Pin] = ()) -> Sheet:
    return Sheet(await _drawing(visit.means), tuple(pins))


async def _drawing(means: Means) -> Drawing | None:
    return await asyncio.to_thread(drawing_of, means.rules.book.atlas)


def chosen(form: Form) -> Place | None:
    """The point in the fields lat, lon and accuracy (metres); None if there is none that can be."""
    pin, accuracy = pin_of(form), _number(form.one("accuracy"))
    if pin is None:
        return None
    return Place(pin.latitude, pin.longitude, accuracy if accuracy and accuracy > 0 else None)


def pin_of(form: Form) -> Pin | None:
    """The point in the fields lat and lon; None if there is none that can be."""
    latitude, longitude = _number(form.one("lat")), _number(form.one("lon"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Pin(latitude, longitude)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e7 else None  # infinite and "nan" are none either


async def picture(visit: Visit) -> Response:
    drawing = await _drawing(visit.means)
    if drawing is None or visit.values["version"] != drawing.version:
        return answers.plain(404, "not found")
    return answers.file(drawing.svg, "image/svg+xml", headers=answers.FOR_EVER)


class Where(msgspec.Struct, frozen=True):
    """In which area a point lies, in words; "" where no border says. `outside`: of the region."""

    area: str
    outside: bool = False


async def where(visit: Visit) -> Response:
    pin = pin_of(Form(visit.query))
    if pin is None:
        return answers.plain(400, "lat and lon are degrees")
    found = area_at(visit.means.rules.book.atlas, pin.latitude, pin.longitude)
    names = [_spoken(found.reaches[0].kind, found.reaches[0].code)] if found.reaches else []
    body = msgspec.json.encode(Where(names[0] if names else "", found.outside))
    return answers.file(body, "application/json")


def _spoken(kind: str, code: str) -> str:
    """ "Kelurahan A, B": the area, and the larger one that it lies in."""
    around = area_name(code.rpartition(".")[0])
    name = f"{kind} {area_name(code) or ''}".strip()
    return f"{name[:1].upper()}{name[1:]}" + (f", {around}" if around else "")


ROUTES = (
    Route("GET", "/peta/di", where, None),
    Route("GET", "/peta/{version}/peta.svg", picture, None),
)
