"""An import whose gateway is killed in its midst is begun again, and every row is there once."""

import threading
from pathlib import Path

import pytest

from tests.end_to_end.kanal import Gateway, until

ROWS = 450


@pytest.mark.threat("P0-6")
def test_every_row_is_kept_once_when_the_gateway_is_killed_amid_an_import(tmp_path: Path) -> None:
    file = tmp_path / "lama.csv"
    lines = "".join(f"Got mampet di gang {number};{number + 1000}\n" for number in range(ROWS))
    file.write_text(f"Isi Laporan;No Tiket\n{lines}", "utf-8")
    with Gateway(tmp_path, more=[{"name": "arsip", "kind": "table"}]) as gateway:
        words = ("import", str(file), "--channel", "arsip", "--yes")
        ended: list[int] = []
        first = threading.Thread(target=lambda: ended.append(gateway.kanal(*words).returncode))
        first.start()
        until(lambda: len(gateway.all("deliveries")) >= 100, "some rows to be kept")
        gateway.kill()
        first.join()
        gateway.start()
        again = gateway.kanal(*words)
        assert again.returncode == 0, again.stderr
        gateway.settled()
        texts = [row["text"] for row in gateway.all("reports")]
        assert (len(texts), len(set(texts))) == (ROWS, ROWS)
