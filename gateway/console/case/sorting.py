"""What a case is about and where it is, as a person says."""

from collections.abc import Sequence

from adapters import Response
from gateway.console.case.acting import Act, attempt
from gateway.console.case.opening import of_case
from gateway.console.case.reading import CaseFile
from gateway.console.visit import Visit
from normalizer.places.areas import area_name, areas_below


async def _sort(visit: Visit, file: CaseFile) -> Response:
    category, why = visit.form.one("category"), visit.form.one("category_why")
    problems = {}
    if visit.means.rules.book.categories.get(category) is None:
        problems["category"] = visit.t("case.wrong.category")
    if not why:
        problems["category_why"] = visit.t("case.wrong.why")
    act = Act(name="kategori", verb="category", values={"category": category, "why": why})
    return await attempt(visit, file, act, problems)


async def _place(visit: Visit, file: CaseFile) -> Response:
    named, why = visit.form.one("area"), visit.form.one("area_why")
    codes = areas_named(named, visit.means.rules.book.areas)
    problems = {}
    if len(codes) != 1:
        problems["area"] = visit.t("case.wrong.areas", found=_listed(codes)) if codes else visit.t("case.wrong.area")
    if not why:
        problems["area_why"] = visit.t("case.wrong.why")
    act = Act(name="tempat", verb="place", values={"area": codes[0] if codes else "", "why": why})
    return await attempt(visit, file, act, problems)


def areas_named(text: str, region: str) -> Sequence[str]:
    """Codes of the areas of a region that somebody may mean by a code, a name, or both."""
    first = text.split(" ", 1)[0]
    if first[:1].isdigit():
        return [first] if area_name(first) and first.startswith(region) else []
    wanted = " ".join(text.casefold().split())
    return [area.code for area in areas_below(region) if area.name.casefold() == wanted] if wanted else []


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(f"{code} {area_name(code)} ({area_name(code.rpartition('.')[0])})" for code in codes)


SORT = of_case(_sort)
PLACE = of_case(_place)
