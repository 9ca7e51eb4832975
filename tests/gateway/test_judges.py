"""Another's judge has the say, as long as it says something: else reports are new, and judged later."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import NEW, Kind, Verdict
from dedupe.window import Window
from gateway import registry, settings
from gateway.duplicates import Terms
from gateway.errors import ConfigError
from gateway.judge import Judge
from gateway.judgeorders import Answer, Change, Commit, Compare, Weigh
from gateway.judges import LONGEST_REASON, MOST_REASONS, Guarded, JudgeFailed
from tests.poison import installed

OLD = Fingerprint("r-1", "p-budi", 1000.0, words=("gelap", "lampu"))
NEW_ONE = Fingerprint("r-2", "p-ani", 1060.0, words=("gelap", "lampu"))
OTHER = Fingerprint("r-3", "p-ani", 1060.0, words=("banjir",))
SECRET = "cannot judge"


@pytest.fixture
def judges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    names = ("same_words", "raises", "never_ends", "talks", "invents", "exaggerates", "stammers", "goes_on")
    points = {name.replace("_", "-"): f"kanal_judges:{name}" for name in names}
    points |= {"no-judge": "kanal_judges:NO_JUDGE", "ghost": "kanal_ghost:judge"}
    with installed(tmp_path_factory.mktemp("site"), "kanal-judges", group="kanal.judges", **points):
        yield


def answered(judge: Judge, order: msgspec.Struct) -> Answer:
    return msgspec.msgpack.decode(judge.answer(msgspec.msgpack.encode(order)), type=Answer)


def verdicts(answer: Answer) -> list[Verdict]:
    return [one.verdict for one in answer.rulings]


@pytest.mark.usefixtures("judges")
def test_another_judge_has_the_say_until_it_is_ours_again(capfd: pytest.CaptureFixture[str]) -> None:
    judge = Judge()
    answered(judge, Weigh(Terms(judge="same-words")))
    answered(judge, Change([OLD]))
    verdict = Verdict(Kind.SAME, "r-1", 0.99, ("kata-kata sama",))
    answer = answered(judge, Compare([NEW_ONE, OTHER]))
    assert (answer.size, verdicts(answer), answer.failed) == (1, [verdict, NEW], "")
    answered(judge, Weigh(Terms()))
    [ours] = verdicts(answered(judge, Compare([NEW_ONE])))
    assert ours.kind is not Kind.SAME
    assert "rahasia" not in "".join(capfd.readouterr())


def test_what_is_compared_is_known_to_the_next_at_once_and_forgotten_unless_it_is_kept() -> None:
    judge = Judge()
    again = msgspec.structs.replace(NEW_ONE, report="r-9", reporter="p-budi", time=1070.0)
    amended = msgspec.structs.replace(OLD, words=("banjir", "kemang"))
    answered(judge, Change([OLD]))
    answer = answered(judge, Compare([amended, NEW_ONE, again]))
    assert (answer.size, [one.same_as for one in verdicts(answer)]) == (1, [None, None, "r-2"])
    assert answered(judge, Commit(kept=False)).size == 1
    [verdict] = verdicts(answered(judge, Compare([again])))
    assert (verdict.kind, verdict.same_as) == (Kind.RETRY, "r-1")
    assert answered(judge, Commit(kept=True)).size == 2


@pytest.mark.threat("P0-30")
@pytest.mark.usefixtures("judges")
def test_reports_of_a_judge_that_fails_are_new_and_not_judged(capfd: pytest.CaptureFixture[str]) -> None:
    judge = Judge()
    answered(judge, Weigh(Terms(judge="raises")))
    answered(judge, Change([OLD]))
    answer = answered(judge, Compare([NEW_ONE]))
    assert verdicts(answer) == [NEW]
    assert answer.failed.startswith("ValueError in kanal_judges.py") and SECRET not in answer.failed
    assert answered(judge, Commit(kept=True)).size == 2
    assert SECRET not in "".join(capfd.readouterr())


FAILURES = {
    "raises": "ValueError",
    "never-ends": "it took too long",
    "talks": "what it answers is no Verdict",
    "invents": "it names a report that was no candidate",
    "exaggerates": "its score is no probability",
    "stammers": "its Verdict holds what none may hold",
}


@pytest.mark.parametrize(("name", "said"), FAILURES.items(), ids=FAILURES)
@pytest.mark.usefixtures("judges")
def test_a_judge_that_fails_is_told_by_what_it_did(name: str, said: str) -> None:
    guarded = Guarded(registry.judge(name), seconds=0.3)
    with pytest.raises(JudgeFailed, match=said):
        guarded.judge(NEW_ONE, [OLD], Window())


@pytest.mark.usefixtures("judges")
def test_reasons_without_end_are_cut() -> None:
    verdict = Guarded(registry.judge("goes-on")).judge(NEW_ONE, [OLD], Window())
    assert (len(verdict.reasons), len(verdict.reasons[0])) == (MOST_REASONS, LONGEST_REASON)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('judge = "same-word"', "no judge is called 'same-word'", id="none of the name"),
        pytest.param('judge = "ghost"', "the judge 'ghost' cannot be loaded", id="not there"),
        pytest.param('judge = "no-judge"', "what is installed as the judge 'no-judge' cannot be called", id="no judge"),
        pytest.param('model = "weights.json"', "cannot be read: No such file or directory", id="no such file"),
        pytest.param("model = 17", "must be text", id="no name of a file"),
        pytest.param('judges = "same-words"', "unknown key 'judges'", id="misspelt"),
    ],
)
@pytest.mark.usefixtures("judges")
def test_settings_are_refused_that_no_judge_follows(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "kanal.toml"
    file.write_text(f"[duplicates]\n{text}\n")
    with pytest.raises(ConfigError) as refused:
        settings.load(file)
    assert said in str(refused.value)


@pytest.mark.usefixtures("judges")
def test_a_judge_is_chosen_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "kanal.toml"
    file.write_text('[duplicates]\njudge = "same-words"\n')
    assert settings.load(file).duplicates.judge == "same-words"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("{", "is no model", id="no JSON"),
        pytest.param('{"version": 9}', "is no model", id="fields missing"),
        pytest.param('{"weights": "rahasia"}', "is no model", id="another kind"),
    ],
)
def test_weights_are_refused_that_are_none(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "weights.json").write_text(content)
    (tmp_path / "kanal.toml").write_text('[duplicates]\nmodel = "weights.json"\n')
    with pytest.raises(ConfigError) as refused:
        settings.load(tmp_path / "kanal.toml")
    [problem] = refused.value.problems
    assert problem.where.endswith("weights.json") and said in problem.what and "rahasia" not in problem.what
    assert "kanal learn duplicates --undo" in problem.hint
