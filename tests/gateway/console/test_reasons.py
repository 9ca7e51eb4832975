"""Reasons that are kept in Indonesian are said in the reader's language, whichever part of the machine made them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from gateway.console.reasons import Reasons, recognised
from gateway.console.wording import Wording

ROOT = Path(__file__).parents[3]
TEXTS = tomllib.loads((ROOT / "config/pages/reasons.id.toml").read_text("utf-8"))
#: What values look like that are not just any words.
VALUES = {"n": "2", "m": "3", "distance": "1,2 km", "quoted": "'air', 'got'", "last": "'hujan'"}
#: A kept reason, and how it reads in English.
KEPT = {
    "jalan yang sama (jl kemang raya)": "same street (jl kemang raya)",
    "mengutip nomor yang sama (KNL-2345-6789)": "they quote the same number (KNL-2345-6789)",
    "3 menit": "3 min",
    "1 hari": "1 day",
    "2 hari": "2 days",
    "120 m": "120 m",
    "1,2 km": "1,2 km",
    "'lampu pju' disebut": "'lampu pju' mentioned",
    "'lampu pju', 'padam' dan 'gelap' disebut": "'lampu pju', 'padam' and 'gelap' mentioned",
    "'kel bangka' disebut, sebagai arah": "'kel bangka' mentioned, as a direction",
    "'bangka' dapat berarti Bangka, sebagai perbandingan": "'bangka' may mean Bangka, as a comparison",
    "'bekasi' disebut, di luar wilayah": "'bekasi' mentioned, outside the city",
    "kecamatan Pasar Minggu juga disebut": "kecamatan Pasar Minggu is mentioned, too",
    "Jalan Kemang Raya ada di kelurahan Bangka dan 2 kelurahan lain": (
        "Jalan Kemang Raya is in kelurahan Bangka and 2 other kelurahan"
    ),
    "kode pos 12730, 2 kelurahan": "postal code 12730, 2 kelurahan",
    "titik lokasi di dalam kelurahan Bangka, tetapi tidak pasti": (
        "the pin is in kelurahan Bangka, but that is not certain"
    ),
    "titik lokasi (±20 m) mencapai kelurahan Bangka": "the pin (±20 m) reaches kelurahan Bangka",
    "titik lokasi di kecamatan Cibinong, 1,2 km di luar batas wilayah": (
        "the pin is in kecamatan Cibinong, 1,2 km outside the city's borders"
    ),
    "petugas sering memilihnya untuk 'got' dan 'mampet'": "officers often choose it for 'got' and 'mampet'",
    "tetapi kata-katanya lebih tentang 'Banjir'": "but its words are more about 'Flood'",
    "diteruskan ke Dinas Bina Marga karena kategori Banjir, wilayah Bangka (aturan jalan)": (
        "passed on to Dinas Bina Marga because of: category Flood, area Bangka (rule jalan)"
    ),
    "diteruskan ke Biro karena tidak ada aturan yang cocok": "passed on to Biro because of: no rule fits",
    "semua yang lain di wilayahnya (aturan sisa)": "everything else in its area (rule sisa)",
    "foto, rekaman atau lokasi": "a photo, recording or place",
    "pinjaman online": "pinjaman online",
    "<b>tebal</b>": "<b>tebal</b>",
}
#: Parts that reasons are put together of; how the whole reads is above.
PARTS = {
    *(" dan 7 kelurahan lain", ", 7 kelurahan", "petugas sering memilihnya untuk 7", "7 disebut", "7 dan 7"),
    *("titik lokasi 77 di luar batas wilayah", "titik lokasi7 di dalam 7", "titik lokasi7 mencapai 7", "di 7, "),
    *("7 (aturan 7)", "kategori 7", "kelompok 7", "wilayah 7", "semua yang lain di wilayahnya"),
}
#: What files that make reasons say besides, such as why something is refused.
NO_REASONS = {
    *("7 7", "77 7", "street", "landmark", "postal", "luar wilayah", "emergency", "violation"),
    *("In Indonesian.", "In English.", "pertanyaan tentang laporan"),
    "The question, as a person is asked it.",
    "The wait for the pieces of a text is over: file what there is.",
    "Compare what was taken up with what is open, and write down what follows.",
    "there is no category '7': 7",
    "it is closed: move it back to 'menunggu' first",
    "see `kanal categories list`",
    "there is no area 7: as in 31.74 or 31.74.03.1002",
    "7 7 lies outside of 7 7",
    "7 is in 7 7 already",
}
_MAKES = re.compile(
    r"reasons=(?!\(\)|verdict\.|reasons, actor|reasons\)\n|\(NAMED,\))|\b(Assigned|Routed|Clue)\("
    r"|\bVerdict\(Kind|\"routed\"|def reasons\(like"
)
_WORDS = re.compile(r"[A-Za-z7']{2,} [A-Za-z7']|\w+ \d|\d \w+|[a-z]{4,} \(")


@pytest.mark.parametrize(("kept", "english"), KEPT.items())
def test_a_kept_reason_reads_in_the_readers_language(kept: str, english: str) -> None:
    wording, names = Wording.load(), {"Banjir": "Flood"}
    assert Reasons(wording, "en", names).said(kept) == english
    assert Reasons(wording, "id", {}).said(kept) == kept


@pytest.mark.parametrize("name", TEXTS)
def test_each_is_recognised_as_itself(name: str) -> None:
    values = {value: VALUES.get(value, "kata apa saja") for _, value, _, _ in Formatter().parse(TEXTS[name]) if value}
    assert recognised(TEXTS[name].format(**values)) == (name, tuple(values.items()))


def test_no_part_of_the_machine_makes_a_reason_that_has_no_text() -> None:
    """All words in the source of what makes reasons, a 7 in the place of values."""
    files = [path for floor in ("dedupe", "normalizer", "gateway") for path in (ROOT / floor).rglob("*.py")]
    makers = [
        path for path in files if not {"console", "store"} & {*path.parts} and _MAKES.search(path.read_text("utf-8"))
    ]
    said = {text for path in makers for text in _said(ast.parse(path.read_text("utf-8")))}
    assert len(said) > 60
    assert sorted(text for text in said - PARTS - NO_REASONS if not recognised(text)[0]) == []


def _said(tree: ast.AST) -> Iterator[str]:
    """Texts of several words, and all that is yielded."""
    nodes = list(ast.walk(tree))
    docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    yielded = {id(part) for node in nodes if isinstance(node, ast.Yield) for part in ast.walk(node)}
    for node in nodes:
        text = _text(node) if id(node) not in docs | parts else ""
        if "\\" not in text and (_WORDS.search(text) or (id(node) in yielded and text.isalpha())):
            yield text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
