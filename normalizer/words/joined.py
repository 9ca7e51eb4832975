"""Words that are written without the blank or the hyphen between them: "kesekolah", "kirakira"."""

from normalizer.words.vocabulary import VOCABULARY


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Where something is or goes; none of them is a verb's root.
_WHERE = _words(
    """
    akhirat alamat aplikasi apartemen bagian bandara bank bulan bundaran daerah desa dunia gang gedung gereja got gunung
    halaman halte hari hotel hutan internet jalan jembatan kabupaten kali kamar kampung kampus kantor kecamatan kebun
    kelurahan komplek kompleks kos kost kota lantai lapangan laut lingkungan lokasi lorong malam mall masjid negara
    negeri pagi pantai pasar perempatan pertigaan perumahan provinsi puskesmas rekening ruko rumah sawah sekolah
    selokan sore stasiun sungai tahun taman tempat terminal tikungan toko trotoar ujung warung web wilayah
    """
)
_PREPOSITIONS = ("di", "ke")
_SHORTEST = 3


def parted(word: str) -> str | None:
    """ "kesekolah" is "ke sekolah", "kirakira" is "kira-kira"."""
    return _placed(word) or _said_twice(word)


def _placed(word: str) -> str | None:
    return f"{word[:2]} {word[2:]}" if word[:2] in _PREPOSITIONS and word[2:] in _WHERE else None


def _said_twice(word: str) -> str | None:
    half = word[: len(word) // 2]
    return f"{half}-{half}" if len(half) >= _SHORTEST and half + half == word and half in VOCABULARY else None
