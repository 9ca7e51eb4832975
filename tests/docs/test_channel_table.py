"""The READMEs' table of channels is made of what the adapters declare."""

from pathlib import Path

import pytest

from gateway import registry
from tests.docs.channel_table import LEFT_OUT, READMES, ROOT, table, written

CELLS = {
    "a limit of letters": ("[sms](docs/sms.md)", "459 letters of GSM-7"),
    "a shorter one in public": ("[x](docs/x.md)", "in public 280 by X's weights"),
    "no way out": ("[form](docs/form.md)", "no way out"),
    "buttons": ("[whatsapp](docs/whatsapp.md)", "3, list of 10"),
    "once in private": ("[facebook](docs/facebook.md)", "once in days: 7"),
    "what is told of an answer": ("[sms](docs/sms.md)", "sent, delivered, failed"),
    "what costs": ("[whatsapp](docs/whatsapp.md)", "`template`"),
}


@pytest.mark.parametrize(("name", "language"), READMES.items(), ids=READMES)
def test_the_table_is_as_made(name: str, language: str) -> None:
    told = Path(ROOT / name).read_text("utf-8")
    assert table(language) in told, "run `make docs`"
    assert written(told, language) == told


def test_every_kind_has_a_row() -> None:
    rows = [line.split("]")[0][3:] for line in table("en").splitlines()[2:]]
    assert rows == [kind for kind in registry.kinds() if kind not in LEFT_OUT]


@pytest.mark.parametrize(("row", "cell"), CELLS.values(), ids=CELLS)
def test_a_cell_says_what_the_adapter_declares(row: str, cell: str) -> None:
    (line,) = [line for line in table("en").splitlines() if line.startswith(f"| {row} |")]
    assert cell in line
