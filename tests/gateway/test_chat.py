"""`kanal chat`: a talk at the terminal, as a citizen, with a gateway that is gone afterwards."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gateway import registry
from gateway.chat import line
from gateway.chat.line import NotUnderstood
from gateway.chat.settings import capabilities_of, written

BUTTONS = [("1:ya", "Ya"), ("1:tidak", "Tidak")]


def chat(folder: Path, typed: str, *options: str) -> str:
    """All that is printed; what the gateway kept is gone."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(
        (sys.executable, "-m", "gateway", "chat", *options),
        input=typed,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env=environment,
    )
    assert list(folder.glob("kanal-chat-*")) == []
    return done.stdout


def test_each_line_is_answered_before_the_next_as_an_sms_phone_sees_it(tmp_path: Path) -> None:
    (tmp_path / "data" / "texts").mkdir(parents=True)
    (tmp_path / "data" / "texts" / "id.toml").write_text('received = "Kode {code} PIN {pin}[ {days}]"\n')

    told = chat(tmp_path, "Banjir di RT 3\n/lokasi x\n", "--as", "sms", "--data", str(tmp_path / "data"))

    assert re.match(r"> Banjir di RT 3\n< Kode KNL-\w{4}-\w{4} PIN \d{6} 7", told)
    assert re.search(r"^  \(\d SMS\)$", told, re.MULTILINE)
    assert "  (a pin is two numbers: /lokasi -6.75,111.03)\n" in told


def test_messages_in_a_row_are_one_report_where_that_kind_of_channel_waits(tmp_path: Path) -> None:
    told = chat(tmp_path, "min || ada lubang gede || di jl pattimura\n", "--as", "sms")
    assert len(re.findall(r"Kode KNL-", told)) == 1
    assert "Di kelurahan mana jl pattimura?" in " ".join(told.split())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("Banjir", {"text": "Banjir"}, id="words"),
        pytest.param("/lokasi -6.75, 111.03", {"latitude": -6.75, "longitude": 111.03}, id="a pin"),
        pytest.param("/tekan 2", {"choice": "1:tidak", "text": "Tidak"}, id="a button"),
    ],
)
def test_what_is_typed_becomes_a_line(typed: str, said: dict[str, object]) -> None:
    made = line.made(typed, "warga", BUTTONS)
    assert {name: value for name, value in made.items() if name not in {"id", "from"}} == said


@pytest.mark.parametrize("typed", ["/tekan 3", "/tekan", "/lokasi 1", "/foto /no/such", "/x"])
def test_what_is_no_command_is_told(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        line.made(typed, "warga", BUTTONS)


def test_a_photo_is_sent_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8\xff")
    assert line.made(f"/foto {tmp_path / 'foto.jpg'}", "warga", ())["photo"] == "/9j/"


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_kind_of_channel_can_be_spoken_as(tmp_path: Path, kind: str) -> None:
    told = tomllib.loads(written({}, {}, capabilities_of(kind), tmp_path, 8080))
    (channel,) = told["channels"]
    assert (channel["kind"], "window_seconds" in channel) == ("terminal", kind in {"whatsapp", "facebook", "instagram"})


def test_a_city_lends_its_settings_but_not_its_data(tmp_path: Path) -> None:
    city = {"areas": "33.18", "data": "/var/lib/kanal", "master_key": {"env": "KEY"}}
    told = written(city, {"tries": 2}, capabilities_of("sms"), tmp_path, 8080)
    assert 'data = "data"\nareas = "33.18"\n' in told and "master_key" not in told
    assert "tries = 2" in told and 'alphabet = "gsm7"' in told
