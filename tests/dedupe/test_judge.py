"""Which reports are of one incident, and above all which are not."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint, fingerprint
from dedupe.judge import judge
from dedupe.verdict import NEW, Kind
from dedupe.window import Window
from tests.dedupe.fingerprints import fingerprints
from tests.dedupe.reports import MODEL, report, said

DAY = 24 * 60
HERE = (-6.2615, 106.8106)
NEXT_DOOR = (-6.26155, 106.8107)
AROUND_THE_CORNER = (-6.2619, 106.8109)
FURTHER_DOWN = (-6.2645, 106.8106)
FAR_AWAY = (-6.1352, 106.8133)
LETTER = "Selamat pagi, lampu PJU di depan rumah kami padam sejak kemarin, mohon segera diperbaiki, terima kasih"


class Case(NamedTuple):
    """The earlier report and the new one, and what must be said of the new one."""

    earlier: Fingerprint
    new: Fingerprint
    verdict: set[Kind]


SAME = {Kind.SAME}
NOT_LINKED = {Kind.UNSURE, Kind.NEW}

OTHERS = {
    "one flooded street in two people's words": Case(
        said("banjir di jl kemang raya selutut"),
        said("jl kemang raya banjir lagi, setinggi lutut", minutes=4),
        SAME,
    ),
    "one street number, typing errors": Case(
        said("sampah menumpuk di jl ketintang baru 1 dekat halte"),
        said("Sampah menumpuk d Jl. Ketintang Bru I dkt halte, mohon dibersihkan", minutes=90),
        SAME,
    ),
    "one pin, the same problem": Case(
        said("pohon tumbang menutup jalan", pin=HERE),
        said("pohon tumbang menutup jalan, macet", minutes=8, pin=NEXT_DOOR),
        SAME,
    ),
    "a flood is as wide as a quarter": Case(
        said("banjir sepaha di kelurahan cipete utara", minutes=0),
        said("Kel. Cipete Utara banjir sepaha", minutes=12),
        SAME,
    ),
    "a forwarded message": Case(
        said("pohon tumbang menimpa mobil di jl bangka 4 dekat sekolah"),
        said("RT @warga: pohon tumbang menimpa mobil di jl bangka IV dekat seko", minutes=30),
        SAME,
    ),
    "the same word in other streets": Case(
        said("Banjir di jl bangka"), said("Banjir di jl ampera", minutes=3), {Kind.NEW}
    ),
    "the same word and no place": Case(said("Banjir"), said("banjir!!", minutes=3), {Kind.NEW}),
    "the same word, pins kilometres apart": Case(
        said("Banjir", pin=HERE), said("Banjir", minutes=2, pin=FAR_AWAY), {Kind.NEW}
    ),
    "a template with another street": Case(
        said("PJU di Jl Mawar Utara padam. Mhn sgr diperbaiki"),
        said("PJU di Jl Kenari Timur padam. Mhn sgr diperbaiki", minutes=20),
        NOT_LINKED,
    ),
    "a long letter with another street": Case(
        said(f"{LETTER}. Jl Mawar 3"), said(f"{LETTER}. Jl Kenari 8", minutes=20), NOT_LINKED
    ),
    "a letter copied, a street added": Case(said(LETTER), said(f"{LETTER} di Jl Kenari 8", minutes=20), NOT_LINKED),
    "a letter without a place": Case(said(LETTER), said(LETTER, minutes=20), NOT_LINKED),
    "the next lane": Case(
        said("lampu padam di gg 3 jl karang tengah"),
        said("lampu padam di gg 5 jl karang tengah", minutes=5),
        NOT_LINKED,
    ),
    "the next street of a row": Case(
        said("lampu padam di jl manggis 2"), said("lampu padam di jl manggis 3", minutes=5), NOT_LINKED
    ),
    "a Roman number is a number": Case(
        said("lampu padam di jl manggis II"), said("lampu padam di jl manggis III", minutes=5), NOT_LINKED
    ),
    "another house": Case(
        said("lampu padam di jl manggis no 12"), said("lampu padam di jl manggis no 40", minutes=5), NOT_LINKED
    ),
    "another RT": Case(
        said("sampah menumpuk di jl manggis RT 03/05"),
        said("sampah menumpuk di jl manggis RT 07/05", minutes=5),
        NOT_LINKED,
    ),
    "an RT alone is everywhere": Case(
        said("lampu padam RT 03/05"), said("lampu padam di RT 03 RW 05", minutes=5), NOT_LINKED
    ),
    "one lamp of a hundred in a kelurahan": Case(
        said("lampu jalan padam di kelurahan cipete utara"),
        said("lampu jalan padam di kelurahan cipete utara", minutes=30),
        NOT_LINKED,
    ),
    "one street, another problem": Case(
        said("lampu padam di jl kemang raya"), said("jalan berlubang di jl kemang raya", minutes=5), NOT_LINKED
    ),
    "one pin, another problem": Case(
        said("lampu jalan padam", pin=HERE), said("sampah menumpuk", minutes=5, pin=NEXT_DOOR), NOT_LINKED
    ),
    "one street, one word of chance": Case(
        said("lampu mati di jl kemang raya"), said("air PDAM mati di jl kemang raya", minutes=5), NOT_LINKED
    ),
    "the same street elsewhere": Case(
        said("banjir di jl melati kelurahan cipete utara"),
        said("banjir di jl melati kelurahan kebon jeruk", minutes=5),
        NOT_LINKED,
    ),
    "the same street, pins kilometres apart": Case(
        said("banjir di jl melati", pin=HERE), said("banjir di jl melati", minutes=5, pin=FAR_AWAY), NOT_LINKED
    ),
    "a default pin": Case(
        said("kabel semrawut menjuntai", pin=HERE), said("kabel semrawut menjuntai", minutes=60, pin=HERE), NOT_LINKED
    ),
    "a default pin that jitters, other streets": Case(
        said("banjir di jl bangka", pin=HERE), said("banjir di jl ampera", minutes=5, pin=NEXT_DOOR), NOT_LINKED
    ),
    "the next lamp but one": Case(
        said("lampu jalan padam", pin=HERE), said("lampu jalan padam", minutes=5, pin=AROUND_THE_CORNER), NOT_LINKED
    ),
    "two lamps of one long street": Case(
        said("lampu padam di jl bangka", pin=HERE),
        said("lampu padam di jl bangka", minutes=5, pin=FURTHER_DOWN),
        NOT_LINKED,
    ),
    "the same letter after two months": Case(
        said("PJU di jl bangka 4 no 6 padam, mohon diperbaiki"),
        said("PJU di jl bangka 4 no 6 padam, mohon diperbaiki", minutes=65 * DAY),
        NOT_LINKED,
    ),
    "the next flood of the same street": Case(
        said("banjir di jl kemang raya selutut"), said("banjir di jl kemang raya selutut", minutes=3 * DAY), NOT_LINKED
    ),
    "one word is a part of every report": Case(
        said("jalan rusak, lampu padam dan sampah menumpuk di jl bangka"), said("sampah", minutes=5), {Kind.NEW}
    ),
    "two junctions of one street": Case(
        said("lampu padam di jl bangka dekat jl kemang"),
        said("lampu padam di jl bangka dekat jl ampera", minutes=5),
        NOT_LINKED,
    ),
    "a letter copied, a second street added": Case(
        said(f"{LETTER}. Kantor kami di jl bangka 4"),
        said(f"{LETTER}. Kantor kami di jl bangka 4, yang padam di jl ampera", minutes=20),
        NOT_LINKED,
    ),
    "a second street, one pin": Case(
        said("pohon tumbang di jl bangka 4", pin=HERE),
        said("pohon tumbang di jl bangka 4 dekat jl ampera", minutes=20, pin=NEXT_DOOR),
        SAME,
    ),
    "a flood runs through a second street": Case(
        said("banjir selutut di jl bangka 4"), said("banjir selutut di jl bangka 4 dan jl ampera", minutes=20), SAME
    ),
    "thanks that quote the old complaint": Case(
        said("jalan berlubang di jl manggis 5 membahayakan pengendara motor"),
        said(
            "Terima kasih, jalan berlubang di jl manggis 5 yang membahayakan pengendara motor sudah diaspal",
            minutes=9 * DAY,
        ),
        NOT_LINKED,
    ),
    "a Roman house is the same house": Case(
        said("Lampu PJU di Bratang Binangun 5A, tiap 10 Detik mati"),
        said("Lampu PJU warna kuning di Bratang Binangun VA-9, kalau mati 5 menit, kemudian nyala lagi", minutes=DAY),
        {Kind.SAME, Kind.UNSURE},
    ),
    "few shared words, one house": Case(
        said("karena galian, hanya ruko kami (tegalsari 105A) yang tidak dapat akses jalan"),
        said("Jl Tegalsari no 105 A: empat ruko mendapat akses jalan, galian menutup ruko kami", minutes=DAY),
        {Kind.SAME, Kind.UNSURE},
    ),
    "a template, one street by its number": Case(
        said("PJU di Mulyorejo Utara padam. Mhn sgr diperbaiki"),
        said("PJU di Jl Karang Menjangan gg 3 padam. Mhn sgr diperbaiki", minutes=DAY),
        NOT_LINKED,
    ),
    "rare words and no place": Case(
        said("kanstain pembatas bundaran air mancur retak, kawat ayam mencuat, kakek tetangga tersandung"),
        said(
            "RT @warga: kanstain pembatas bundaran air mancur retak, kawat ayam mencuat, kakek tetangga ters",
            minutes=40,
        ),
        SAME,
    ),
    "one pin, one word of chance": Case(
        said("Banjir pak", pin=HERE), said("banjir!", minutes=9, pin=NEXT_DOOR), NOT_LINKED
    ),
    "only two pins": Case(said("", pin=HERE), said("", minutes=5, pin=NEXT_DOOR), NOT_LINKED),
    "one street, flooded and broken": Case(
        said("Banjir di Jl. Kemang Raya depan ruko, mobil sulit lewat"),
        said("Jalan rusak di Jl. Kemang Raya depan ruko, mobil sulit lewat", minutes=1),
        NOT_LINKED,
    ),
    "one street, a robbery and noise": Case(
        said("Ada begal di Jl Casablanca dekat mall"),
        said("Musik berisik di Jl Casablanca dekat mall", minutes=15),
        NOT_LINKED,
    ),
    "a street name that many quarters have, in one of them": Case(
        said("banjir 90 cm di Jalan Mahoni I, Cililitan"), said("banjir lagi di jl mahoni I", minutes=9), NOT_LINKED
    ),
    "the same, with its number": Case(
        said("banjir 90 cm di Jalan Mahoni I no 12, Cililitan"),
        said("banjir lagi di jl mahoni I no 12", minutes=9),
        SAME,
    ),
    "nothing said": Case(said("Banjir di jl bangka"), said(""), {Kind.NEW}),
    "nothing said, twice": Case(said(""), said(""), {Kind.NEW}),
}


@pytest.mark.parametrize("case", OTHERS.values(), ids=OTHERS.keys())
def test_of_two_people(case: Case) -> None:
    earlier, new = replace(case.earlier, reporter="ani"), replace(case.new, reporter="budi")
    assert judge(new, [earlier], model=MODEL).kind in case.verdict
    assert judge(replace(new, reporter=""), [replace(earlier, reporter="")], model=MODEL).kind in case.verdict


OWN = {
    "sent again": Case(said("banjir di jl bangka"), said("Banjir di Jl. Bangka", minutes=2), {Kind.RETRY}),
    "one word sent again": Case(said("Banjir"), said("banjir", minutes=2), {Kind.RETRY}),
    "sent again from a pin that jitters": Case(
        said("banjir", pin=HERE), said("banjir", minutes=1, pin=AROUND_THE_CORNER), {Kind.RETRY}
    ),
    "only a pin, sent again": Case(said("", pin=HERE), said("", minutes=1, pin=NEXT_DOOR), {Kind.RETRY}),
    "the same words from elsewhere": Case(
        said("banjir", pin=HERE), said("banjir", minutes=5, pin=FAR_AWAY), NOT_LINKED
    ),
    "one word hours later": Case(said("Banjir"), said("banjir", minutes=180), NOT_LINKED),
    "still not repaired": Case(
        said("lampu padam di jl bangka 4 no 6"),
        said("lampu di jl bangka 4 no 6 masih padam, belum diperbaiki", minutes=6 * DAY),
        {Kind.AGAIN},
    ),
    "the same letter a day later": Case(said(LETTER), said(LETTER, minutes=DAY), {Kind.AGAIN}),
    "a repost by its number": Case(
        said("lampu jalan padam di jl bangka 4 no 6 sejak kemarin"),
        said("Repost laporan saya nomor 206085279: lampu jalan padam di jl bangka 4 no 6", minutes=4 * DAY),
        {Kind.AGAIN},
    ),
    "the second complaint": Case(
        said("saluran mampet di jl bangka 4 rt 3"),
        said("INI KELUHAN YANG KE 2: saluran mampet di jl bangka 4 rt 3", minutes=3 * DAY),
        {Kind.AGAIN},
    ),
    "a template for the next street": Case(
        said("PJU di jl mawar utara padam"), said("PJU di jl kenari timur padam", minutes=2), NOT_LINKED
    ),
    "a template for the next pole": Case(
        said("PJU padam di jl mawar tiang 14"),
        said("PJU padam di jl mawar tiang 15", minutes=40),
        {Kind.AGAIN, Kind.UNSURE},
    ),
    "a letter about the next lamp": Case(
        said(LETTER, pin=HERE), said(LETTER, minutes=20, pin=FURTHER_DOWN), NOT_LINKED
    ),
    "another problem of the same street": Case(
        said("lampu padam di jl bangka"), said("jalan berlubang di jl bangka", minutes=2), NOT_LINKED
    ),
    "in front of and behind the house": Case(
        said("lampu depan rumah padam"), said("lampu belakang rumah padam", minutes=2), {Kind.AGAIN, *NOT_LINKED}
    ),
}


@pytest.mark.parametrize("case", OWN.values(), ids=OWN.keys())
def test_of_the_same_person(case: Case) -> None:
    earlier, new = (replace(each, reporter="ani") for each in (case.earlier, case.new))
    assert judge(new, [earlier], model=MODEL).kind in case.verdict


def test_the_same_words_with_another_photo_are_another_message() -> None:
    first, second = (fingerprint(report("lampu padam", reporter="ani", photo=digest * 64)) for digest in ("a", "b"))
    assert judge(second, [first], model=MODEL).kind is not Kind.RETRY


def test_reasons_are_in_the_officers_words() -> None:
    earlier = said("banjir di jl kemang raya selutut", pin=HERE)
    verdict = judge(
        said("jl kemang raya banjir lagi, setinggi lutut", minutes=4, pin=AROUND_THE_CORNER), [earlier], model=MODEL
    )
    assert verdict.same_as == earlier.report
    assert verdict.reasons == ("jalan yang sama (jl kemang raya)", "55 m", "4 menit", "kata-kata sama: banjir")
    assert 0.91 <= verdict.score <= 1


def test_reasons_against_are_told_with_a_doubt() -> None:
    text = "pohon tumbang menimpa pagar sekolah di jl manggis"
    verdict = judge(said(f"{text} no 12", minutes=1), [said(f"{text} no 40")], model=MODEL)
    assert verdict.kind is Kind.UNSURE
    assert "nomor berbeda" in verdict.reasons


def test_a_closed_report_is_never_linked_with_by_others() -> None:
    closed = replace(said("banjir di jl kemang raya selutut"), closed=True)
    assert judge(said("jl kemang raya banjir lagi selutut", minutes=4), [closed], model=MODEL).kind is Kind.UNSURE


def test_a_report_is_not_compared_with_itself() -> None:
    report_of_now = said("banjir di jl kemang raya selutut", reporter="ani")
    assert judge(report_of_now, [report_of_now], model=MODEL) == NEW


def test_what_is_as_much_like_two_places_links_none() -> None:
    text = "kabel menjuntai menimpa gerobak bubur depan mushola"
    sixth, fortieth = said(f"{text} di jl bangka no 6"), said(f"{text} di jl bangka no 40", minutes=1)
    new = said(f"{text} di jl bangka", minutes=2)
    assert judge(new, [sixth], model=MODEL).kind is Kind.SAME
    assert judge(new, [fortieth], model=MODEL).kind is Kind.SAME
    assert judge(new, [sixth, fortieth], model=MODEL).kind is Kind.UNSURE


def test_the_best_candidate_wins_and_of_equals_the_newest() -> None:
    text = "pohon tumbang di jl bangka 4"
    street, old, recent = said("pohon tumbang di jl bangka"), said(text), said(text, minutes=1)
    assert judge(said(text, minutes=2), [old, recent, street], model=MODEL).same_as == recent.report


@pytest.mark.threat("P0-7")
@given(fingerprints(), some.lists(fingerprints(), max_size=5))
@settings(max_examples=150, deadline=None)
def test_never_raises_and_retries_only_for_one_person(new: Fingerprint, olds: list[Fingerprint]) -> None:
    verdict = judge(new, olds, model=MODEL)
    reporters = {old.report: old.reporter for old in olds}
    assert (verdict.same_as is None) == (verdict.kind is Kind.NEW)
    assert 0 <= verdict.score <= 1
    if verdict.kind in {Kind.RETRY, Kind.AGAIN}:
        assert new.reporter
        assert new.reporter in reporters.values()


@pytest.mark.threat("P0-7")
@given(fingerprints(), fingerprints())
@settings(max_examples=150, deadline=None)
def test_never_links_without_a_place_in_common(new: Fingerprint, old: Fingerprint) -> None:
    nowhere = replace(new, streets=(), areas=(), landmarks=(), latitude=None, longitude=None)
    assert judge(replace(nowhere, reporter=""), [old], model=MODEL).kind not in {Kind.SAME, Kind.AGAIN, Kind.RETRY}


def _in_street(minutes: float) -> tuple[Fingerprint, Fingerprint]:
    earlier = said("lampu jalan padam di jl mawar", reporter="ani")
    return earlier, said("jl mawar lampunya padam", reporter="budi", minutes=minutes)


def test_a_street_alone_is_enough_where_few_have_reported() -> None:
    earlier, new = _in_street(minutes=30)
    window = Window(200, {"mawar": 1, "lampu": 20, "padam": 15}, daily=20)
    assert judge(new, [earlier], window, model=MODEL).kind is Kind.SAME


def test_a_street_that_many_name_is_not_enough_among_a_thousand_since() -> None:
    earlier, new = _in_street(minutes=DAY)
    window = Window(90_000, {"mawar": 900, "lampu": 9_000, "padam": 6_000}, daily=5_000)
    assert judge(new, [earlier], window, model=MODEL).kind is not Kind.SAME


def test_the_same_pair_is_less_probable_among_a_million() -> None:
    earlier, new = _in_street(minutes=30)
    few, many = (
        judge(new, [earlier], Window(size, {"mawar": size // 100}, daily=20), model=MODEL).score
        for size in (100_000, 1_000_000)
    )
    assert many < few
