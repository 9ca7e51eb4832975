"""What a dialogue says, as rich and poor channels carry it."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters import Capabilities, Choice
from gateway.bot.engine import Said
from gateway.bot.measuring import cost, fits
from gateway.bot.render import Rendered, render
from gateway.bot.splitting import MOST_PARTS
from gateway.bot.state import Option
from gateway.bot.understanding import pressed

SMS = Capabilities(text_limit=459, alphabet="gsm7")
MAIL = Capabilities()
CHAT = Capabilities(text_limit=4096, alphabet="utf-16", choices=3, list_rows=10, label_limit=20)
POST = Capabilities(text_limit=280, alphabet="x")

THANKS = Said("Laporan Anda kami terima.")
WHERE = Said("Kelurahan mana?", (Option("a", "Melati"), Option("b", "Kenanga"), Option("c", "Tidak tahu")))
STREETS = Said(
    "Jalan mana?", (Option("1", "Jalan Melati Indah Permai Raya"), Option("2", "Jalan Melati Indah Permai 2"))
)
MANY = Said("Pilih satu.", tuple(Option(str(number), f"Pilihan {number}") for number in range(11)))
ODD = Said("Yang mana?", (Option("ă", "Ini"), Option("b", "Itu")))

RENDERED = {
    "nothing": ([], CHAT, ()),
    "an SMS has numbered lines": ([WHERE], SMS, (Rendered("Kelurahan mana?\n1 Melati\n2 Kenanga\n3 Tidak tahu"),)),
    "a mail too": ([WHERE], MAIL, (Rendered("Kelurahan mana?\n1 Melati\n2 Kenanga\n3 Tidak tahu"),)),
    "buttons": (
        [WHERE],
        CHAT,
        (
            Rendered(
                "Kelurahan mana?", (Choice("7:a", "Melati"), Choice("7:b", "Kenanga"), Choice("7:c", "Tidak tahu"))
            ),
        ),
    ),
    "what is said in a row is one message": (
        [THANKS, WHERE],
        SMS,
        (Rendered("Laporan Anda kami terima.\nKelurahan mana?\n1 Melati\n2 Kenanga\n3 Tidak tahu"),),
    ),
    "long labels stand in the text": (
        [STREETS],
        CHAT,
        (
            Rendered(
                "Jalan mana?\n1 Jalan Melati Indah Permai Raya\n2 Jalan Melati Indah Permai 2",
                (Choice("7:1", "1 Jalan Melati Indah"), Choice("7:2", "2 Jalan Melati Indah")),
            ),
        ),
    ),
    "more than a list holds": (
        [MANY],
        CHAT,
        (Rendered("\n".join(["Pilih satu.", *(f"{number + 1} Pilihan {number}" for number in range(11))])),),
    ),
    "an id that no button could carry": ([ODD], CHAT, (Rendered("Yang mana?\n1 Ini\n2 Itu"),)),
    "what an optional part left empty": ([Said(" "), THANKS], CHAT, (Rendered("Laporan Anda kami terima."),)),
    "what does not fit together": (
        [Said("a" * 200), Said("b" * 200)],
        POST,
        (Rendered("a" * 200), Rendered("b" * 200)),
    ),
    "what would cost more together": (
        [Said("a" * 160), Said("b" * 160)],
        SMS,
        (Rendered("a" * 160), Rendered("b" * 160)),
    ),
    "what costs the same together": ([Said("a" * 160), Said("b" * 145)], SMS, (Rendered(f"{'a' * 160}\n{'b' * 145}"),)),
    "an emoji makes only its own message dearer": (
        [Said("a" * 150), Said("Terima kasih 🙂")],
        SMS,
        (Rendered("a" * 150), Rendered("Terima kasih 🙂")),
    ),
}


@pytest.mark.parametrize(("said", "capabilities", "expected"), RENDERED.values(), ids=RENDERED)
def test_what_is_said_is_rendered_as_a_channel_can(
    said: Sequence[Said], capabilities: Capabilities, expected: tuple[Rendered, ...]
) -> None:
    assert render(said, capabilities, 7) == expected


def test_the_buttons_stand_under_the_last_part_of_a_long_text() -> None:
    long = Said(" ".join(["banjir"] * 900), WHERE.options)
    first, second = render([long], CHAT, 1)
    assert first.choices == ()
    assert [choice.label for choice in second.choices] == ["Melati", "Kenanga", "Tidak tahu"]


words = st.text("ab 🙂é", min_size=1, max_size=60)
options = st.lists(st.tuples(st.text("xyz", min_size=1, max_size=4), words), max_size=12, unique_by=lambda one: one[0])
saids = st.lists(
    st.builds(Said, words, options.map(lambda found: tuple(Option(*one) for one in found))), min_size=1, max_size=4
)
channels = st.builds(
    Capabilities,
    text_limit=st.sampled_from([None, 160, 459, 1000]),
    alphabet=st.sampled_from(["gsm7", "unicode", "utf-16", "utf-8", "x"]),
    choices=st.integers(0, 4),
    list_rows=st.sampled_from([0, 10]),
    label_limit=st.integers(5, 30),
)


@given(saids, channels)
def test_all_that_is_offered_can_be_seen_and_all_that_is_sent_fits(
    said: list[Said], capabilities: Capabilities
) -> None:
    messages = render(said, capabilities, 12)
    assert all(fits(one.text, capabilities) for one in messages)
    for one in messages:
        assert len(one.choices) <= max(capabilities.choices, capabilities.list_rows)
        assert all(len(choice.label) <= capabilities.label_limit for choice in one.choices)
        assert len({choice.id for choice in one.choices}) == len(one.choices)
        assert all(pressed(choice.id) for choice in one.choices)
    shown = "".join(
        re.sub(r" \(\d/\d\)$", "", one.text) + "".join(choice.label for choice in one.choices) for one in messages
    )
    if not any(f"/{MOST_PARTS})" in one.text for one in messages):
        visible = "".join(shown.split())
        assert all("".join(option.label.split()) in visible for one in said for option in one.options)


@given(saids, channels)
@example([Said("a" * 69 + "č", ()), Said("b" * 69 + "č ", ())], Capabilities(alphabet="gsm7"))
def test_joining_never_costs_more(said: list[Said], capabilities: Capabilities) -> None:
    apart = [message for one in said for message in render([one], capabilities, 1)]
    together = render(said, capabilities, 1)
    assert len(together) <= len(apart)
    assert sum(cost(one.text, capabilities) for one in together) <= sum(cost(one.text, capabilities) for one in apart)
