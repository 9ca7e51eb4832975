"""Templates to HTML. Everything that is put into one is escaped; what citizens wrote is shown by the filter `said`."""

from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway.console.navigation import NAVIGATION
from gateway.console.wording import Wording

HERE = Path(__file__).parent
STATIC = HERE / "static"
#: How marks that change how text looks, or hide, are shown to officers: of controls, bidi and zero width.
_HIDDEN = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0xAD,
    0x61C,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
    0xFEFF,
)
_SHOWN = {code: f"⟨{code:04X}⟩" for code in _HIDDEN if chr(code) not in "\t\n\r"}
_STEPS = ((60, "seconds"), (3600, "minutes"), (86_400, "hours"), (2_592_000, "days"), (31_536_000, "months"))
_SIZES = {"minutes": 60, "hours": 3600, "days": 86_400, "months": 2_592_000, "years": 31_536_000}


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"said": said, "visible": visible, "grouped": grouped}
    made.globals |= {"asset": asset, "navigation": NAVIGATION}
    return made


def said(text: str | None) -> Markup:
    """A citizen's words: their direction is their own, and what is hidden in them is made visible."""
    return Markup("<bdi>{}</bdi>").format(visible(text or ""))


def visible(text: str) -> str:
    """With what is hidden in it shown by its code."""
    return text.translate(_SHOWN)


def grouped(number: int) -> str:
    """As Indonesians write it: 12.345."""
    return f"{number:,}".replace(",", ".")


@lru_cache
def asset(name: str) -> str:
    """The address of a file of ours; it changes with what is in it."""
    return f"/statis/{_version(name)}/{name}"


@lru_cache
def _version(name: str) -> str:
    return blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()


class Times:
    """Times as people say them. `now` is when the page is made."""

    def __init__(self, wording: Wording, language: str, zone: ZoneInfo, now: datetime) -> None:
        self._wording = wording
        self._language = language
        self._zone = zone
        self._now = now

    def ago(self, at: datetime | float | str) -> Markup:
        """ "2 jam lalu", or "dalam 3 hari" for what is to come; the full time on hover."""
        moment = self._moment(at)
        passed = self._now - moment
        name = "base.ago" if passed >= timedelta() else "base.in"
        return self._marked(moment, self._say(name, span=self.span(abs(passed))))

    def span(self, length: timedelta) -> str:
        """ "3 jam": one unit, rounded down."""
        seconds = int(length.total_seconds())
        unit = next((unit for limit, unit in _STEPS if seconds < limit), "years")
        return self._say(f"base.{unit}", n=seconds // _SIZES.get(unit, 1))

    def at(self, at: datetime | float | str) -> Markup:
        """Day and minute in the city's zone."""
        moment = self._moment(at)
        return self._marked(moment, f"{moment:%d/%m/%Y %H.%M}")

    def day(self, at: datetime | float | str) -> Markup:
        moment = self._moment(at)
        return self._marked(moment, f"{moment:%d/%m/%Y}")

    def _moment(self, at: datetime | float | str) -> datetime:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        return (
            moment.astimezone(self._zone)
            if isinstance(moment, datetime)
            else datetime.fromtimestamp(moment, self._zone)
        )

    def _marked(self, moment: datetime, words: str) -> Markup:
        whole = f"{moment:%d/%m/%Y %H.%M.%S %Z}"
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            moment.isoformat(timespec="seconds"), whole, escape(words)
        )

    def _say(self, name: str, **values: object) -> str:
        return self._wording.text(name, self._language, **values)
