"""What an emergency, a violation and a greeting lead to: answers, notices and lists."""

from pathlib import Path

import msgspec
from typer.testing import CliRunner

from gateway.cli.commands import app
from tests.gateway.support import LAMP, RINA, of, running, settings_in, sms

FIRE = "Kebakaran rumah di Jl. Kemang Raya No. 8, api besar"
PARKING = "Parkir liar di trotoar Jl. Fatmawati No. 12 setiap malam"
ADVICE = "Demi keamanan Anda, jangan memotret saat pelanggaran terjadi dan jauhi kamera pengawas"


def listed(folder: Path, *words: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(app, ["cases", "list", *words, "--json", "--data", str(folder)])
    assert done.exit_code == 0, done.output
    return [msgspec.json.decode(line) for line in done.output.splitlines()]


async def test_what_is_urgent_is_answered_and_shown_as_such(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, emergency_number="113")) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", LAMP), sms("m2", FIRE, RINA), sms("m3", PARKING), sms("m4", "halo min"))
        told = gateway.told()
        assert [text.startswith("Darurat? Segera telepon 113. ") for text in told] == [False, True, False, False]
        assert [ADVICE in text for text in told] == [False, False, True, False]
        assert ["KNL-" in text for text in told] == [True, True, True, False]
        assert ["Target selesai" in text for text in told] == [True, False, True, False]
        rows = listed(gateway.folder)
        assert [(row["urgency"], row["kind"], row["note"]) for row in rows] == [
            (None, "chatter", "chatter"),
            (None, "report", ""),
            ("emergency", "report", "emergency"),
            (None, "report", ""),
        ]
        assert of(listed(gateway.folder, "--urgent"), "urgency") == ["emergency"]


async def test_emergencies_come_first_among_what_is_urgent(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.send(sms("m1", FIRE, RINA), sms("m2", "Pohon tumbang di Jl. Fatmawati No. 12"), sms("m3", LAMP))
        assert of(listed(gateway.folder, "--urgent"), "urgency") == ["emergency", "urgent"]


async def test_who_sends_the_same_again_is_not_told_the_number_again(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", FIRE, RINA), sms("m2", FIRE, RINA))
        assert ["Darurat?" in text for text in gateway.told()] == [True, False]
