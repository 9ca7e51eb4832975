"""What citizens read: complete in both languages, short enough for an SMS, changeable by operators."""

import re
from pathlib import Path

import pytest

from adapters import Capabilities
from gateway import sizes
from gateway.bot import words
from gateway.bot.engine import Said
from gateway.bot.render import render
from gateway.errors import ConfigError, in_words
from gateway.texts import LANGUAGES, Texts
from normalizer.words import gsm7

#: The basic characters of GSM 7-bit (3GPP TS 23.038, 6.2.1) that our texts may need.
PLAIN = re.compile(r"[A-Za-z0-9 @$_!\"#%&'()*+,\-./:;<=>?\n]*")
SHIPPED = Texts.load()
EVERY = [(name, language) for name in SHIPPED.values for language in LANGUAGES]


def filled(texts: Texts, name: str, language: str) -> str:
    return sizes.size(texts, name, language).text


@pytest.fixture(scope="module")
def texts() -> Texts:
    return SHIPPED


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_each_text_fits_one_sms_and_shows_what_it_must(texts: Texts, name: str, language: str) -> None:
    text = filled(texts, name, language)
    assert len(text) <= 160
    assert PLAIN.fullmatch(text)
    assert "!" not in text
    assert all(sizes.USUAL.get(value, sizes.OTHER) in text for value in texts.values[name].required)


@pytest.mark.parametrize(
    "names",
    [("emergency", "received"), ("emergency", "joined"), ("emergency", "received_again")],
    ids=" and ".join,
)
def test_an_acknowledgement_is_one_sms_for_emergencies_too(names: tuple[str, ...]) -> None:
    said = [Said(filled(SHIPPED, name, "id")) for name in names]
    (message,) = render(said, Capabilities(text_limit=459, alphabet="gsm7"), 0)
    assert gsm7.segments(message.text) == 1


@pytest.mark.parametrize("name", SHIPPED.values)
def test_both_languages_show_the_same_values(name: str) -> None:
    shown = [set(re.findall(r"\{(\w+)\}", SHIPPED.template(name, language))) for language in LANGUAGES]
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "received": "code pin",
        "received_public": "code",
        "joined": "code pin",
        "moved": "code status",
        "parted": "old new pin",
        "notice_new": "code deadline",
        "notice_about": "reporters",
        "lookup_wait": "minutes",
    }.items(),
)
def test_the_indonesian_text_tells_which_values_a_text_must_show(name: str, values: str) -> None:
    assert SHIPPED.values[name].required == {*values.split()}


def test_the_acknowledgement(texts: Texts) -> None:
    assert texts.text("received", "id", code="KNL-7F3K-92QX", pin="012345", days=7) == (
        "Laporan Anda kami terima. Kode KNL-7F3K-92QX, PIN 012345. Target selesai 7 hari. Kami kabari perkembangannya."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"unit": "Sudin SDA", "note": "Besok"}, "Laporan K1: dikerjakan. Instansi: Sudin SDA. Catatan: Besok"),
        ({"unit": "", "note": "Besok"}, "Laporan K1: dikerjakan. Catatan: Besok"),
        ({"unit": None, "note": None}, "Laporan K1: dikerjakan."),
        ({}, "Laporan K1: dikerjakan."),
        ({"note": "[{code}] 100%"}, "Laporan K1: dikerjakan. Catatan: [{code}] 100%"),
    ],
    ids=["both", "no unit", "none", "not given", "braces in a value are words"],
)
def test_parts_in_brackets_need_their_values(texts: Texts, values: dict[str, object], expected: str) -> None:
    assert texts.text("moved", "id", code="K1", status="dikerjakan", **values) == expected


@pytest.mark.parametrize("name", [name for name in SHIPPED.values if name.endswith("_public")])
def test_nothing_secret_is_said_in_public(name: str) -> None:
    assert "pin" not in SHIPPED.values[name].required | SHIPPED.values[name].optional


def test_a_language_we_lack_gets_indonesian(texts: Texts) -> None:
    assert texts.text("status_done", "jv") == texts.text("status_done", "id") == "selesai"


def test_operators_change_single_texts(tmp_path: Path) -> None:
    (tmp_path / "id.toml").write_text('status_done = "tuntas"\n')
    changed = Texts.load(tmp_path)
    assert changed.text("status_done", "id") == "tuntas"
    assert changed.text("status_done", "en") == "done"
    assert changed.text("status_rejected", "id") == "ditolak"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('recieved = "x"', "recieved: no text has this name → did you mean 'received'?"),
        ('joined_public = "Kode {kode}, {code}"', "joined_public: it gets no value 'kode' → did you mean 'code'?"),
        ('received_public = "Terima kasih."', "received_public: it must always show {code}"),
        ('received_public = "Baik.[ {code}]"', "received_public: it must always show {code}"),
        ('moved = "{code} {status} {note}"', "moved: {note} may be empty → write it within brackets: [… {note}]"),
        (
            'mail_subject = "{code"',
            "mail_subject: its braces do not match: expected '}' before end of string → write a value as {code}",
        ),
        (
            'mail_subject = "{code.__class__} {code}"',
            "mail_subject: it gets no value 'code.__class__' → known here: code",
        ),
        (
            'mail_subject = "{code!r} {code:>900}{code}"',
            "mail_subject: it gets no value 'code!r' → did you mean 'code'?",
        ),
        ('status_done = " "', "status_done: must be text, and not empty"),
        ("status_done = 3", "status_done: must be text, and not empty"),
    ],
    ids=[
        "name",
        "value",
        "left out",
        "not always",
        "unguarded",
        "braces",
        "attribute",
        "conversion",
        "empty",
        "number",
    ],
)
def test_a_change_that_would_break_is_refused(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "id.toml").write_text(line)
    with pytest.raises(ConfigError) as refused:
        Texts.load(tmp_path)
    assert in_words(refused.value.problems[0]) == f"{tmp_path / 'id.toml'}: {complaint}"


def test_an_overlay_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text("received = ")
    with pytest.raises(ConfigError, match=r"en\.toml: cannot be read: Invalid value"):
        Texts.load(tmp_path)


# What dialogues say.

FLOOD = {"id": {"where": "Di mana banjirnya[ di {area}]?", "yes": "Ya, banjir"}, "en": {"where": "Where[ in {area}]?"}}


def test_a_dialogue_looks_in_its_own_table_then_in_that_of_all_then_among_the_others() -> None:
    text = Texts.load(brought={"flood": FLOOD}).of("flood", "id")
    assert text("where", area="Melawai") == "Di mana banjirnya di Melawai?"
    assert text("yes") == "Ya, banjir"
    assert text("bot.yes") == "Ya"
    assert text("no") == "Tidak"
    assert text("status_done") == "selesai"
    assert text("mail_subject", code="K1") == "Laporan K1"
    assert text("flood.where") == "Di mana banjirnya?"
    with pytest.raises(KeyError):
        text("depth")


def test_a_text_that_a_package_has_in_one_language_only_is_said_in_that_one_with_a_warning() -> None:
    found = Texts.load(brought={"flood": FLOOD, "lamp": {"en": {"broken": "Is it broken?"}}})
    assert found.of("flood", "en")("yes") == "Ya, banjir"
    assert found.of("lamp", "id")("broken") == "Is it broken?"
    hint = "put it into texts/{}.toml in the data folder"
    assert [in_words(one) for one in found.warnings] == [
        f"texts: lamp.broken: there is none in 'id', so it is said in 'en' → {hint.format('id')}",
        f"texts: flood.yes: there is none in 'en', so it is said in 'id' → {hint.format('en')}",
    ]
    assert SHIPPED.warnings == ()


@pytest.mark.parametrize("name", ["bot.help", "bot.stopped"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_citizens_are_told_to_write_is_understood(language: str, name: str) -> None:
    commands = words.load()
    told = re.findall(r"\b[A-Z]{4,}\b", SHIPPED.text(name, language))
    assert told
    assert all(commands.command(word) for word in told)


def test_operators_change_what_dialogues_say(tmp_path: Path) -> None:
    (tmp_path / "id.toml").write_text('[bot]\nyes = "Iya"\n[flood]\nwhere = "Banjir di mana?"\n')
    (tmp_path / "en.toml").write_text('[flood]\nyes = "Yes, a flood"\n')
    changed = Texts.load(tmp_path, {"flood": FLOOD})
    assert changed.text("bot.yes", "id") == "Iya"
    assert changed.text("bot.yes", "en") == "Yes"
    assert changed.of("flood", "id")("where") == "Banjir di mana?"
    assert changed.of("flood", "en")("yes") == "Yes, a flood"
    assert changed.warnings == ()


@pytest.mark.parametrize(
    ("written", "complaint"),
    {
        "name": ('[flood]\nwere = "x"', "flood.were: no text has this name → did you mean 'flood.where'?"),
        "table": ('[flod]\nwhere = "x"', "flod.where: no text has this name → did you mean 'flood.where'?"),
        "no such table": (
            '[gempa]\nx = "x"',
            "gempa.x: no text has this name → no dialogue 'gempa' is installed",
        ),
        "value": ('[flood]\nwhere = "{street}?"', "flood.where: it gets no value 'street' → known here: area"),
        "nested": ('[flood.where]\nid = "x"', "flood.where: must be text, and not empty"),
        "a table of a text": ('[received]\nx = "x"', "received.x: no text has this name → did you mean 'received'?"),
    }.values(),
    ids=["name", "table", "no such table", "value", "nested", "a table of a text"],
)
def test_a_change_of_a_dialogue_that_would_break_is_refused(tmp_path: Path, written: str, complaint: str) -> None:
    (tmp_path / "id.toml").write_text(written)
    with pytest.raises(ConfigError) as refused:
        Texts.load(tmp_path, {"flood": FLOOD})
    assert [in_words(one) for one in refused.value.problems] == [f"{tmp_path / 'id.toml'}: {complaint}"]


def test_what_a_package_brings_is_checked_too() -> None:
    bad = {"id": {"where": "Di mana{di", "who": "Siapa?"}, "en": {"where": "Where?", "who": "Who is {name}?"}}
    with pytest.raises(ConfigError) as refused:
        Texts.load(brought={"flood": bad})
    assert [in_words(one) for one in refused.value.problems] == [
        "the dialogue 'flood', in 'id': flood.where: its braces do not match: expected '}' before end of string"
        " → write a value as {code}",
        "the dialogue 'flood', in 'en': flood.who: it gets no value 'name'",
    ]
