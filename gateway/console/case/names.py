"""What people call the units, categories, areas, channels and events of a case, in the visitor's language."""

from gateway.console.case import lacking
from gateway.console.visit import Visit
from normalizer.places.areas import area_name


class Names:
    """What has no name is shown by its code."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._rules = visit.means.rules

    def unit(self, code: str | None) -> str:
        return self._rules.routing.name(code) if code else ""

    def category(self, code: str | None) -> str:
        return self._rules.book.categories.name(code, self._visit.language)

    def area(self, code: str | None) -> str:
        return (area_name(code) or code) if code else ""

    def area_within(self, code: str) -> str:
        """With the area that it lies in: a kecamatan and a kelurahan of it may have one name."""
        outer = self.area(code.rpartition(".")[0])
        return f"{self.area(code)} ({outer})" if outer else self.area(code)

    def kind(self, channel: str) -> str:
        """Of a channel that is not in the settings any more, nothing is known."""
        known = self._visit.means.lineup.channels.get(channel)
        return known.settings.kind if known else ""

    def of(self, group: str, name: str) -> str:
        """A text of the pages, "case.<group>.<name>"; the name itself where there is none."""
        texts = self._visit.means.wording.texts[self._visit.language]
        return texts.get(f"case.{group}.{name.replace(' ', '-')}", name)

    def lacking(self, why: str) -> str:
        """Why a file cannot be had."""
        return lacking.said(why, self._visit.means.wording, self._visit.language)

    def detail(self, name: str, value: str) -> str:
        match name:
            case "unit":
                return self.unit(value)
            case "reason":  # of a file, or an officer's own words, which stay as they are
                return self.lacking(value)
            case "step":
                return self.of("steps", value)
            case "status":
                return self._visit.means.wording.texts[self._visit.language].get(f"base.status.{value}", value)
        return value
