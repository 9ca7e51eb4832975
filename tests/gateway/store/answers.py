"""What every store promises of answers that dialogues keep."""

from typing import Any

from gateway.store.contract import AnswersRow, Settlement, Store
from tests.gateway.store.rows import CHANNEL, NOW, TETANGGA, WARGA, Reopen

ANSWERS = {"persyaratan": 4, "peran": "rt", "saran": "petugasnya ramah", "kantor": None, "daring": True}


def answers(identity: str = "k-1", **changes: Any) -> AnswersRow:
    values: dict[str, Any] = {"dialogue": "survei", "channel": CHANNEL, "contact": WARGA.id, "at": NOW}
    return AnswersRow(id=identity, answers=ANSWERS, **{**values, **changes})


class AnswersContract:
    async def test_answers_are_there_after_a_restart_oldest_first(self, store: Store, reopen: Reopen) -> None:
        first, second = answers("k-2"), answers("k-1", at=NOW + 1, contact=TETANGGA.id)
        await store.settle(Settlement(answers=[second, first, answers("k-3", dialogue="lain")]))
        again = await reopen()
        assert again.answers("survei", 0.0) == [first, second]
        assert again.answers("survei", NOW + 1) == [second]
        assert (again.answers("survei", NOW + 2), again.answers("tidak-ada", 0.0)) == ([], [])
