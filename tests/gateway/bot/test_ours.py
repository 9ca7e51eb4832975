"""Our own words are recognised when they come back, and nobody else's are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import Capabilities
from gateway.bot.engine import Said
from gateway.bot.ours import LONGEST, Ours
from gateway.bot.render import render
from gateway.bot.state import Option
from gateway.texts import LANGUAGES, Texts

TEXTS = Texts.load()
OURS = Ours(TEXTS.templates())
CODE = {"code": "KNL-7F3K-92QX", "pin": "012345"}
RECEIVED = TEXTS.text("received", "id", **CODE, days="7")
EMERGENCY = TEXTS.text("emergency", "id", number="112")
MOVED = TEXTS.text(
    "moved", "id", code="KNL-7F3K-92QX", status="dikerjakan", unit="Dinas A", note="Di Jl. Melati No. 8."
)

OWN = {
    "an acknowledgement": RECEIVED,
    "in English": TEXTS.text("joined", "en", **CODE),
    "after another text": f"{EMERGENCY}\n{RECEIVED}",
    "in one line": f"{EMERGENCY} {RECEIVED}",
    "wrapped by a mailer": RECEIVED.replace(" terima. Kode", " terima.\r\n  Kode").replace(
        "Kami kabari", "Kami\nkabari"
    ),
    "in two languages": f"{RECEIVED} {TEXTS.text('received_again', 'en', **CODE)}",
    "a question asked again": f"{TEXTS.text('bot.again', 'id')} {TEXTS.text('bot.again_text', 'id')}",
    "with what it offers": f"{TEXTS.text('bot.again', 'id')}\n1 Melati\n2 Jl. Kenanga No. 3\n3 Tidak tahu",
    "a part of one": TEXTS.text("received", "id", **CODE),
    "news behind it": f"{TEXTS.text('bot.started', 'id')} {MOVED}",
    "the notice of the law": TEXTS.text("bot.privacy_notice", "id"),
}
NOT_OWN = {
    "a report": "Banjir di Jl. Melati selutut",
    "a report that begins as one of ours": "Laporan Anda kami terima. Tapi kapan dikerjakan?",
    "ours within theirs": f"Saya dapat ini: {RECEIVED} Apa artinya?",
    "ours with a word more": f"{RECEIVED} Terima kasih",
    "code and PIN": "Kode KNL-7F3K-92QX, PIN 012345.",
    "yes": "Ya",
    "no": "Tidak",
    "a status": "selesai",
    "what is told of a status": "Laporan KNL-7F3K-92QX: selesai.",
    "a code": "Laporan KNL-7F3K-92QX",
    "figures": "1 Melati",
    "a number": "12",
    "nothing": "",
    "blanks": " \n ",
    "reports by the dozen": "Laporan banjir. Laporan lubang. Laporan pohon tumbang di Jl. Melati. Laporan sampah.",
    "what an operator wrote by hand": "Petugas sedang ke sana",
    "ours, but endless": f"{RECEIVED} " * (LONGEST // len(RECEIVED) + 1),
}


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_our_own_words_are_recognised(text: str) -> None:
    assert OURS.recognises(text)


@pytest.mark.parametrize("text", NOT_OWN.values(), ids=NOT_OWN)
def test_what_citizens_write_is_not_taken_for_ours(text: str) -> None:
    assert not OURS.recognises(text)


def test_what_operators_changed_is_recognised_beside_what_we_ship(tmp_path: Path) -> None:
    (tmp_path / "id.toml").write_text('received = "Pesan sudah masuk ke meja kami. Nomor {code}, sandi {pin}."')
    changed = Texts.load(tmp_path)
    ours = Ours([*TEXTS.templates(), *changed.templates()])
    assert ours.recognises(changed.text("received", "id", **CODE))
    assert ours.recognises(RECEIVED)
    assert not OURS.recognises(changed.text("received", "id", **CODE))


TELLING = [
    *("received", "received_public", "received_again", "joined", "violation", "parted", "cases_joined", "app_received"),
    *("lookup_not_found", "lookup_wait", "bot.again", "bot.gave_up", "bot.privacy_notice", "bot.help", "bot.stopped"),
]
values = st.text("abcXYZ019-/:", min_size=1, max_size=40)


def test_a_text_of_little_but_values_explains_nothing() -> None:
    ours = Ours([*TEXTS.templates(), "{date} {status}[, {unit}]", "{what}"])
    assert not ours.recognises(f"{RECEIVED} Terima kasih banyak")


def test_who_answers_in_the_words_of_an_option_is_a_citizen() -> None:
    label = "Saya tidak tahu di mana tepatnya"
    assert not Ours([*TEXTS.templates(), label]).recognises(label)
    assert Ours([f"{label}."]).recognises(f"{label}.")


@given(data=st.data(), name=st.sampled_from(TELLING), language=st.sampled_from(LANGUAGES))
def test_a_text_is_recognised_whatever_is_in_its_braces(data: st.DataObject, name: str, language: str) -> None:
    of = TEXTS.values[name]
    given_values = {value: data.draw(values) for value in sorted(of.required | of.optional)}
    assert OURS.recognises(TEXTS.text(name, language, **given_values))


@given(st.sampled_from(["received", "joined"]), st.sampled_from([160, 459]))
def test_what_was_split_is_recognised_when_it_is_joined(name: str, limit: int) -> None:
    said = [
        Said(EMERGENCY),
        Said(TEXTS.text(name, "id", **CODE), (Option("1", "Melati"), Option("2", "Jl. Kenanga 3"))),
    ]
    messages = render(said, Capabilities(text_limit=limit, alphabet="gsm7"), 1)
    assert OURS.recognises(" ".join(message.text for message in messages))


@given(st.text(max_size=200))
def test_any_text_is_told_without_fail(text: str) -> None:
    assert OURS.recognises(text) in {True, False}
