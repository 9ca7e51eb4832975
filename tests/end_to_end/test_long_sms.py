"""SMS of every shape, from a handset through Kannel and as raw parts: each becomes one report with all its words."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.end_to_end.city import city
from tests.end_to_end.kanal import SECRET, Gateway, fetch, until

HANDSET = "+628111000001"
PARTS = ("Banjir-di-Jl.-Kemang-Raya-", "sudah-setinggi-lutut-", "tolong-kirim-pompa")


def header(number: int, *, wide: bool = False) -> bytes:
    """The user data header of a part of three (TS 23.040, 9.2.3.24.1 and .8), its reference of 8 or 16 bits."""
    return bytes([6, 8, 4, 0x12, 0x34, 3, number] if wide else [5, 0, 3, 0xCC, 3, number])


@pytest.mark.parametrize(
    "core", [pytest.param("", id="Kannel joins"), pytest.param("sms-combine-concatenated-mo = false", id="we join")]
)
def test_an_sms_of_several_parts_and_one_with_emoji_become_two_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, core: str
) -> None:
    with city(tmp_path, monkeypatch, core=core) as town:
        for number, part in enumerate(PARTS, 1):
            town.kannel.handset_sends(HANDSET, "1708", part, udh=header(number))
        town.kannel.handset_sends(HANDSET, "1708", "LAPOR Lampu padam 😢 di Jl. Fatmawati")
        texts = [report["text"] for report in town.gateway.reported(2)]
        assert {*texts} == {"".join(PARTS), "Lampu padam 😢 di Jl. Fatmawati"}
        until(lambda: len(town.kannel.handset_texts()) == 2, "an answer to each")


@pytest.mark.parametrize("wide", [False, True], ids=["reference of 8 bits", "reference of 16 bits"])
def test_raw_parts_are_joined_in_any_order_by_get_and_post_and_repeats_change_nothing(
    tmp_path: Path, wide: bool
) -> None:
    with Gateway(tmp_path) as gateway:
        for number in (3, 1, 2, 1):
            fields = {
                "sender": HANDSET,
                "to": "1708",
                "message": PARTS[number - 1],
                "time": "1793500000",
                "id": f"bagian-{number}",
                "udh": header(number, wide=wide),
            }
            form = urlencode(fields)
            url = f"{gateway.sms_url}/{SECRET}/mo"
            status, body = fetch(url, form.encode()) if number == 2 else fetch(f"{url}?{form}")
            assert (status, body) == (200, "")
        (report,) = gateway.reported(1)
        assert (report["text"], report["triage"]) == ("".join(PARTS), [])
        assert len(gateway.all("deliveries")) == 3


def test_what_is_no_sms_is_refused_and_not_kept(tmp_path: Path) -> None:
    refused = {"wrong-wrong-wrong-wrong/mo": 403, f"{SECRET}/lain": 404, f"{SECRET}/mo?message=Banjir": 400}
    with Gateway(tmp_path) as gateway:
        assert {path: fetch(f"{gateway.sms_url}/{path}")[0] for path in refused} == refused
        assert gateway.all("deliveries") == []
