"""`kanal learn duplicates`: weights are learnt from labelled pairs, and kept where they are no worse."""

import asyncio
import json
from pathlib import Path
from random import Random

import msgspec
import pytest
from typer.testing import CliRunner, Result

from dedupe.model import Model, Thresholds
from gateway import duplicates
from gateway.cli.commands import app
from gateway.sameness.examples import Example, of_reports
from gateway.sameness.training import LEAST_LINKS, Outcome, TooFew, trained
from tests.dedupe.reports import said
from tests.gateway.incidents import KEY, OFFICER, incidents
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA

STREETS = ("melati", "kenanga", "anggrek", "cempaka", "flamboyan", "dahlia", "seroja", "mawar", "kamboja", "teratai")
WHAT = ("lampu jalan padam", "banjir setinggi lutut", "jalan berlubang besar", "sampah menumpuk bau", "pohon tumbang")
HOW = ("mohon segera diperbaiki", "sudah lama sekali", "sangat mengganggu warga", "tolong ditindaklanjuti", "bahaya")


def reports(incidents: int) -> list[dict[str, str]]:
    """Two reports of each incident, a street and a problem each, in the order of time."""
    random, made = Random(7), []
    for number in range(incidents):
        place = f"jl {STREETS[number % 10]} {STREETS[number // 10 % 10]} no {number % 90 + 1}"
        problem = WHAT[number % 7 % 5]
        for again in range(2):
            minute = number * 30 + again * 7
            at = f"2026-11-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00+00:00"
            text = f"{problem} di {place} {random.choice(HOW)}"
            made.append({"id": f"{number}-{again}", "text": text, "cluster_id": f"c{number}", "time": at})
    return made


def written(folder: Path, rows: list[dict[str, str]]) -> Path:
    file = folder / "pairs.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["learn", "duplicates", "--data", str(folder), *map(str, arguments)])


def test_what_is_learnt_is_kept_beside_what_was_there_and_undone(tmp_path: Path) -> None:
    pairs = written(tmp_path, reports(150))
    done = run(tmp_path, str(pairs), "--force")
    assert done.exit_code == 0, done.output
    assert "in force" in done.output and "precision" in done.output and "said 0." in done.output
    first = (tmp_path / duplicates.LEARNT).read_bytes()
    settings = duplicates.DuplicateSettings()
    found = duplicates.model(settings, tmp_path)
    assert "pairs on" in found.trained
    assert run(tmp_path, str(pairs), "--force").exit_code == 0
    assert (tmp_path / duplicates.LEARNT).read_bytes() != first
    assert run(tmp_path, "--undo").exit_code == 0
    assert (tmp_path / duplicates.LEARNT).read_bytes() == first
    assert run(tmp_path, "--undo").exit_code == 0
    assert not (tmp_path / duplicates.LEARNT).exists()
    assert "nothing was learnt" in run(tmp_path, "--undo").output


def test_a_dry_run_and_a_file_elsewhere_change_nothing_here(tmp_path: Path) -> None:
    pairs, out = written(tmp_path, reports(150)), tmp_path / "weights.json"
    dry = run(tmp_path, str(pairs), "--dry-run", "--force")
    assert dry.exit_code == 0 and "Nothing has changed" in dry.output
    assert run(tmp_path, str(pairs), "--out", str(out), "--force").exit_code == 0
    assert not (tmp_path / duplicates.LEARNT).exists()
    chosen = duplicates.DuplicateSettings(model=out)
    assert duplicates.model(chosen, tmp_path).weights


def test_too_few_pairs_are_refused_with_how_many_are_needed(tmp_path: Path) -> None:
    done = run(tmp_path, str(written(tmp_path, reports(20))))
    assert done.exit_code == 1
    assert "20 pairs of one incident" in done.output and "about 120 of each are needed" in done.output


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        pytest.param([], "name files of labelled reports, or --from-cases", id="nothing to learn from"),
        pytest.param(["--from-cases"], "there is no data in", id="no cases"),
    ],
)
def test_what_cannot_be_done_is_told(tmp_path: Path, arguments: list[str], what: str) -> None:
    assert what in " ".join(run(tmp_path, *arguments).output.split())


def test_what_officers_joined_is_learnt_from(tmp_path: Path) -> None:
    async def joined() -> None:
        async with incidents(tmp_path) as city:
            one, other = await city.report(FLOOD, BUDI), await city.report(LAMP, RINA)
            await city.operations.join(other.case, one.case, OFFICER)
        (tmp_path / "data" / "master.key").write_bytes(KEY)

    asyncio.run(joined())
    done = run(tmp_path / "data", "--from-cases")
    assert done.exit_code == 1
    assert "1 pairs of one incident and 0 of two are too few" in done.output


def examples() -> list[Example]:
    known = [(said(row["text"], minutes=number), row["cluster_id"]) for number, row in enumerate(reports(150))]
    return [one for found in of_reports(known) for one in found]


def outcome(before: Model, given: list[Example]) -> Outcome:
    *_, found = trained(given, before, "test")
    assert isinstance(found, Outcome)
    return found


def without_weights(model: Model) -> Model:
    nothing = tuple(msgspec.structs.replace(one, weight=0.0) for one in model.weights)
    return msgspec.structs.replace(model, bias=0.0, weights=nothing, combinations=())


def test_a_model_learns_what_one_that_knows_nothing_lacks() -> None:
    shipped = duplicates.model(duplicates.DuplicateSettings(), Path())
    found = outcome(without_weights(shipped), examples())
    assert found.is_no_worse
    assert found.learnt.loss < found.in_force.loss / 2


def test_labels_that_say_the_contrary_make_it_worse_and_links_no_freer() -> None:
    shipped = duplicates.model(duplicates.DuplicateSettings(), Path())
    given = examples()
    wrong = [msgspec.structs.replace(one, same=not one.same) if not one.is_held_back else one for one in given]
    found = outcome(shipped, wrong)
    assert not found.is_no_worse
    assert found.model.thresholds.link >= shipped.thresholds.link


def test_of_few_incidents_nothing_is_learnt() -> None:
    shipped = duplicates.model(duplicates.DuplicateSettings(), Path())
    with pytest.raises(TooFew, match="are too few"):
        list(trained(examples()[:40], shipped, "test"))
    assert LEAST_LINKS > 0 and Thresholds(link=0.9, even=0.5, doubt=0.2) != shipped.thresholds
