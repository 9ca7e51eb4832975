"""The talk behind a case: all that was said, masked, and who goes on with it."""

import re
from pathlib import Path

import pytest

from gateway.accounts.account import Role
from gateway.chat.settings import SOCKET
from gateway.chat.talk import talking
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import channel, running, settings_in

FLOOD = "Banjir setinggi lutut di depan rumah saya sejak pagi, NIK 3174010101900001"
TALK = re.compile(r'name="talk" value="([^"]+)"')


@pytest.mark.threat("P0-33")
async def test_a_talk_is_read_masked_answered_and_given_back(tmp_path: Path) -> None:
    terminal = channel("terminal", "meja", socket=str(tmp_path / SOCKET), text_limit=459, alphabet="gsm7")
    async with running(settings_in(tmp_path, terminal)) as gateway, talking(tmp_path) as citizen:
        await gateway.judging()
        for number, text in enumerate((FLOOD, "petugas", "Bisa telepon saya di 0812-3456-7890?")):
            await citizen.say({"id": str(number), "from": "warga", "text": text})
        [case] = gateway.all("cases")
        path = f"/petugas/kasus/{case['code']}"
        rina = Visitor(gateway.app, account(name="rina"))
        seen = await rina.get(f"{path}/percakapan")
        assert "Petugas yang menjawab" in seen.text
        assert "Bisa telepon saya di [telepon]?" in seen.text
        assert "3174010101900001" not in seen.text
        [report] = gateway.all("reports")
        assert (await rina.post(f"{path}/jawab", {"report": report["id"], "answer": "Kami telepon"})).status == 303
        told = await citizen.hear(40)
        assert told is not None
        assert told.text == "Kami telepon"
        [talk] = TALK.findall((await rina.get(f"{path}/percakapan")).html)
        back = await rina.post(f"{path}/percakapan", {"talk": talk, "back": "1"})
        assert back.to == f"{path}?jadi=percakapan"
        assert "Bot yang menjawab" in (await rina.get(f"{path}/percakapan")).text
        assert (await rina.post(f"{path}/percakapan", {"talk": talk})).status == 303
        assert (await rina.post(f"{path}/percakapan", {"talk": "t-lain"})).status == 404
        for values in ({"role": Role.UNIT, "unit": case["unit"]}, {"office": "kelurahan-31.74.03.1002"}):
            seen = await Visitor(gateway.app, account(**values)).get(f"{path}/percakapan")
            assert seen.status == 404, "it may be about other cases"
