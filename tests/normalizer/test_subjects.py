"""Subjects as they come back, and as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.mails.subjects import is_forward, is_reply, without_prefixes

SUBJECTS = {
    "Lampu mati": ("Lampu mati", False),
    "Re: Lampu mati": ("Lampu mati", False),
    "RE: RE: Lampu mati": ("Lampu mati", False),
    "Re[2]: Lampu mati": ("Lampu mati", False),
    "Re (3): Lampu mati": ("Lampu mati", False),
    "RE^2: Lampu mati": ("Lampu mati", False),
    "Bls: Lampu mati": ("Lampu mati", False),
    "BLS: Trs: Lampu mati": ("Lampu mati", False),
    "Balas: Lampu mati": ("Lampu mati", False),
    "Re : Lampu mati": ("Lampu mati", False),
    "Re:Lampu mati": ("Lampu mati", False),
    "Re\uff1a Lampu mati": ("Lampu mati", False),
    "Fwd: Lampu mati": ("Lampu mati", True),
    "FW: Re: Lampu mati": ("Lampu mati", True),
    "Trs: Lampu mati": ("Lampu mati", True),
    "Tr: Lampu mati": ("Lampu mati", True),
    "Terusan: Lampu mati": ("Lampu mati", True),
    "[EXTERNAL] Fwd: Lampu mati": ("Lampu mati", True),
    "[EXTERNAL] Lampu mati": ("Lampu mati", False),
    "Re: [External] Lampu mati": ("Lampu mati", False),
    "Re: Fwd: Lampu mati": ("Lampu mati", False),
    "Re:": ("", False),
    "": ("", False),
    "Rekonstruksi: jalan rusak": ("Rekonstruksi: jalan rusak", False),
    "Trotoar: rusak": ("Trotoar: rusak", False),
    "Re-aspal Jl. Mawar": ("Re-aspal Jl. Mawar", False),
    "Jalan rusak Re: laporan": ("Jalan rusak Re: laporan", False),
    "[JKT-7] Re: lampu": ("[JKT-7] Re: lampu", False),
}


@pytest.mark.parametrize(("raw", "read"), SUBJECTS.items(), ids=SUBJECTS)
def test_the_subject_is_that_of_the_first_mail(raw: str, read: tuple[str, bool]) -> None:
    assert (without_prefixes(raw), is_forward(raw)) == read


REPLIES = {
    "Re: Lampu": True,
    "[EXT] BLS: Fwd: Lampu": True,
    "Fwd: Re: Lampu": False,
    "[EXT] Lampu": False,
    "Lampu": False,
}


@pytest.mark.parametrize(("raw", "replies"), REPLIES.items(), ids=REPLIES)
def test_a_reply_has_the_subject_of_what_it_answers(raw: str, replies: bool) -> None:
    assert is_reply(raw) == replies


@given(st.text(st.sampled_from("reRfwbls:[]() 2^\uff1aa"), max_size=40))
def test_an_end_of_the_subject_is_left_and_begins_with_no_prefix(raw: str) -> None:
    subject = without_prefixes(raw)
    assert raw.endswith(subject)
    assert without_prefixes(subject) == subject
