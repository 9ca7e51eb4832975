"""Where a text names a person: after a cue ("nama saya", "Pak", "Hormat kami,"), in full, or beside a phone number.

Streets, schools and shops that bear a person's name are no persons.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto

import msgspec

from normalizer.persons.marking import Stretch
from normalizer.persons.names import HONOURS, NAMESAKES, PLACE_HEADS, ROLES, names, no_names
from normalizer.words.colloquial import is_standard
from normalizer.words.wordlists import ROMAN_NUMBERS, STREET_TITLES

_MOST_WORDS = 4
_SHORT_WORD = 6
_WORD = re.compile(r"(?<![\w\[@#])[^\W\d_]+(?:['’-][^\W\d_]+)*(?![\w@]|-\d)")
_LETTERS = re.compile(r"[A-Za-z]+")
_BLANK = re.compile(r"[ \t]{1,2}\Z")
_BLANK_OR_DOT = re.compile(r"[ \t]{1,2}\Z|\.[ \t]{0,2}\Z")
_TO_NAME = re.compile(r"[ \t]{0,3}[:=.,]?[ \t]{0,3}[(\"]?\Z")
_TO_HINTED = re.compile(r"[ \t]{0,3}[:,]?[ \t]{0,3}[(\"]?\Z")
_TO_SIGNATURE = re.compile(r"[\s,.:;!()*~-]{1,8}\Z")
_APART = re.compile(r"[\n,]")
_LINE_END = re.compile(r"[ \t.,;!)*~-]{0,6}(?:\n|\Z|[(/]|\[(?!nama))")
_TEXT_END = re.compile(r"[\s.,;!)*~-]{0,8}\Z")
_LINE_START = re.compile(r"(?:\A|\n)[ \t(*~-]{0,6}\Z")
_IDENTIFIER = r"\[(?:telepon|surel|nik|rekening)\]"
_IDENTIFIER_AFTER = re.compile(rf"[ \t]?[,:;(</-]?[ \t]?{_IDENTIFIER}")
_IDENTIFIER_BEFORE = re.compile(rf"{_IDENTIFIER}[ \t]?[,:;(/-]?[ \t]?\Z")
_DIGIT = re.compile(r"[ \t]{0,2}\d")
#: Verbs and their kind, which follow a name in small letters.
_INFLECTED = re.compile(r"(?:me|ber|ter|di|ke|pe)[a-z]{4,}\Z|[a-z]+(?:nya|kan)\Z")
_COLON = re.compile(r"[ \t]{0,2}[:=]")
_DOT = re.compile(r"\.")
_AND = re.compile(r"[ \t/,&]{1,3}\Z")
_SLASH_OR_DOT = re.compile(r"[./] ?\Z")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAME = _words("nama nm name")
_UPON = _words("atas ats my")
_OWNERS = _words("saya sy aku ku gue gw kami lengkap pelapor pengadu pemohon anak ibu ayah suami istri adik kakak is")
_TITLES = _words("pak bapak bpk bp ibu bu sdr sdri saudara saudari tn ny nn mr mrs")
_CLOSING_WORDS = _words("kami saya sy hormat hangat best kind wr wb")
_SHORTENED = _words("moh moch muh mhd abd")
_PARTICLES = _words("bin binti")
#: What is somebody's, or happens to somebody: two names follow, with titles before them.
_OF_SOMEBODY = "rumah rmh rumahnya kontrakan kos kost bengkel milik korban lurah camat menimpa menabrak mengenai"
_CALLED = _TITLES | HONOURS | {"p", "b", "mas", "mbak", "bang"}
_TELLS = _words("laporan lapor aduan pengaduan pesan keluhan info informasi kiriman titipan")
_PRESENTED = re.compile(r"[Ss](?:aya|y) [A-Z][a-z]{3,20}(?: [A-Z][a-z]{2,20})?,")
_COMMA = re.compile(r",")
_BETWEEN = STREET_TITLES | _TITLES


class _Need(Enum):
    """What the first word after a cue must be to count as a name."""

    ANY = auto()
    CAPITAL = auto()
    KNOWN = auto()


class _Word(msgspec.Struct, frozen=True, gc=False):
    start: int
    end: int
    text: str
    low: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() and not (self.text.isupper() and len(self.text) > 1)


#: The first word of a name, and the first after it.
_Span = tuple[int, int]


def persons(text: str, region: str = "") -> list[Stretch]:
    """Each person's name in `text`, in order; phone numbers and the like are masked already. What areas of the region
    (the code of a province or city) are called is nobody's name."""
    words = [_Word(*match.span(), match[0], match[0].lower()) for match in _WORD.finditer(text)]
    return [Stretch(start, end, "nama") for start, end in _Text(text, words, no_names(region)).persons()]


def presents(text: str) -> bool:
    """ "Saya Wirasasmita, …": a name that nobody knows."""
    return ("aya " in text or "y " in text) and _PRESENTED.search(text) is not None


class _Text:
    """A text in words, read from left to right; `read` is the first word after the last name found."""

    def __init__(self, text: str, words: Sequence[_Word], no_names: frozenset[str]) -> None:
        self.text, self.words, self.names, self.no_names, self.read = text, words, names(), no_names, 0

    def persons(self) -> Iterator[tuple[int, int]]:
        for at in self._beginnings():
            rule = _RULES.get(self.words[at].low, _Text.bare)
            if at >= self.read and (span := rule(self, at)):
                self.read = span[1]
                yield self.words[span[0]].start, self.words[span[1] - 1].end

    def _beginnings(self) -> list[int]:
        """Where a cue stands, or a name without one could begin: at a word that is part of names, or before it."""
        parts = self.names.parts
        cues = [at for at, word in enumerate(self.words) if word.low in _RULES]
        named = [at for at, word in enumerate(self.words) if word.low in parts]
        return sorted({*cues, *named, *(at - 1 for at in named if at)})

    def labelled(self, at: int) -> _Span | None:
        """ "Nama: Budi", "nama saya budi", "atas nama Budi", "pelapor: Budi"."""
        first = self._skip(at + 1, _OWNERS) if self.words[at].low in _NAME else at + 1
        upon = self._joined(at, _BLANK) and self.words[at - 1].low in _UPON
        called = self.words[at].low == "bernama"
        told = (
            called
            or upon
            or self._followed(first - 1, _COLON)
            or (first > at + 1 and self.words[first - 1].low != "is")
        )
        return (
            None if called and self._of_place(at) else self._after(first, _Need.ANY if told else _Need.KNOWN, _TO_NAME)
        )

    def initialled(self, at: int) -> _Span | None:
        """ "a.n. Budi", "a/n budi"."""
        spelled = self._joined(at + 1, _SLASH_OR_DOT) and self.words[at + 1].low == "n"
        return self._after(at + 2, _Need.ANY, _TO_NAME) if spelled else None

    def on_behalf(self, at: int) -> _Span | None:
        """ "an. Budi"; without the full stop "an" is often the end of another word."""
        return self._after(at + 1, _Need.ANY if self._followed(at, _DOT) else _Need.KNOWN, _TO_NAME)

    def signed(self, at: int) -> _Span | None:
        return self._after(at + 1, _Need.CAPITAL, _TO_SIGNATURE)

    def titled(self, at: int) -> _Span | None:
        """ "Pak Budi", "Bu RT Siti", "pak jon 0812…"; after "Bapak/Ibu" and "Pak Lurah" anything may come."""
        if self._of_place(at):
            return None
        honoured = self._skip(at + 1, HONOURS)
        first = self._skip(honoured, ROLES)
        many = self._joined(at, _AND) and self.words[at - 1].low in _TITLES
        need = _Need.KNOWN if many or first > honoured else _Need.CAPITAL
        span = self._after(first, _Need.ANY if self._identified((first, first + 1)) else need, _BLANK_OR_DOT)
        return self._with_surname(span) if span else None

    def housed(self, at: int) -> _Span | None:
        """ "rumah budi santoso", "bengkel pak budi santoso", "menimpa budi santoso"."""
        first = self._skip(at + 1, _CALLED)
        if not self._known(first) or not self._surname(first + 1) or _namesake(self.words[first : first + 2]):
            return None
        span = first, self._end(first)
        return None if self._numbered(span) else span

    def _surname(self, at: int) -> bool:
        """A known name, or one with a capital that is no word of every day."""
        if self._known(at) or not self._joined(at, _BLANK):
            return self._known(at)
        return self.words[at].capital and self._begins(at, _Need.CAPITAL) and not is_standard(self.words[at].low)

    def sent(self, at: int) -> _Span | None:
        """ "Laporan dari Bambang Wirasasmita"."""
        tells = self._joined(at, _BLANK) and self.words[at - 1].low in _TELLS
        return self._after(self._skip(at + 1, _CALLED), _Need.KNOWN, _BLANK_OR_DOT) if tells else None

    def presented(self, at: int) -> _Span | None:
        """ "saya Budi"; "Saya Wirasasmita, …", whose name nobody knows."""
        if span := self.hinted(at):
            return span
        span = self._after(at + 1, _Need.CAPITAL, _BLANK)
        unknown = span and not any(is_standard(word.low) for word in self.words[slice(*span)])
        return span if span and unknown and self._followed(span[1] - 1, _COMMA) else None

    def closed(self, at: int) -> _Span | None:
        """ "Hormat kami,\\nBudi": a name that ends its line."""
        first = self._skip(at + 1, _CLOSING_WORDS)
        if self.words[at].low == "hormat" and first == at + 1:
            return None
        apart = first < len(self.words) and _APART.search(self.text, self.words[first - 1].end, self.words[first].start)
        return self._closing(self._after(first, _Need.CAPITAL if apart else _Need.KNOWN, _TO_SIGNATURE))

    def thanked(self, at: int) -> _Span | None:
        return self._closing(self._after(at + 1, _Need.KNOWN, _TO_SIGNATURE))

    def hinted(self, at: int) -> _Span | None:
        """ "saya Budi", "mas Joko", "hubungi Rina"."""
        span = None if self._of_place(at) else self._after(at + 1, _Need.KNOWN, _TO_HINTED)
        return None if span and self._numbered(span) else span

    def bare(self, at: int) -> _Span | None:
        """A name without a cue: beside a phone number, alone on its line, or in full."""
        if not self._begins(at, _Need.KNOWN) and not (self._begins(at, _Need.CAPITAL) and self._known(at + 1)):
            return None
        span = at, self._end(at)
        told = self._identified(span) or self._fills_line(span) or self._full(span)
        return span if told and not self._numbered(span) and not self._of_place(at, capitals=True) else None

    def _after(self, first: int, need: _Need, gap: re.Pattern[str]) -> _Span | None:
        """The name that begins at `first`, if `gap` is all that stands before it."""
        if not self._joined(first, gap):
            return None
        titled = self._skip(first, _TITLES | HONOURS | ROLES) if need is _Need.ANY else first
        if titled > first and not self._joined(titled, _BLANK_OR_DOT):
            return None
        return (titled, self._end(titled, need)) if self._begins(titled, need) else None

    def _begins(self, at: int, need: _Need) -> bool:
        word = self.words[at]
        if word.low in self.names.sure or (word.low in self.names.parts and (word.capital or self._known(at + 1))):
            return True
        if need is _Need.KNOWN or word.low in self.no_names or word.low in ROMAN_NUMBERS:
            return False
        return word.capital or (need is _Need.ANY and len(word.low) > 2)

    def _end(self, first: int, need: _Need = _Need.KNOWN) -> int:
        end = first + 1
        while end < first + _MOST_WORDS and self._goes_on(end, need):
            end += 1
        return end

    def _with_surname(self, span: _Span) -> _Span:
        """With the word after a single known name that is none of every day: "pak budi wirasasmita"."""
        end = span[1]
        single = end == span[0] + 1 and self.words[span[0]].low in self.names.sure
        if not single or not self._joined(end, _BLANK) or not self._goes_on(end, _Need.ANY):
            return span
        word = self.words[end].low
        return (span[0], end + 1) if len(word) > _SHORT_WORD and not is_standard(word) else span

    def _goes_on(self, at: int, need: _Need) -> bool:
        before = self.words[at - 1].low
        if not self._joined(at, _BLANK_OR_DOT if len(before) == 1 or before in _SHORTENED else _BLANK):
            return False
        word = self.words[at]
        if word.low in self.names.sure or word.low in _PARTICLES:
            return True
        if word.low in self.no_names or word.low in ROMAN_NUMBERS:
            return False
        return word.capital or (need is _Need.ANY and len(word.low) > 3 and not _INFLECTED.match(word.low))

    def _known(self, at: int) -> bool:
        return self._joined(at, _BLANK) and self.words[at].low in self.names.sure

    def _full(self, span: _Span) -> bool:
        """A given name and another name, both with capitals, that no street is called by."""
        words = self.words[slice(*span)]
        if len(words) < 2 or _namesake(words) or not words[0].text[0].isupper():
            return False
        return words[0].low in self.names.given and words[1].low in self.names.sure

    def _of_place(self, at: int, capitals: bool = False) -> bool:
        """Does a word for a place stand before it, with no more than titles (or words with capitals) between?"""
        for back in range(at - 1, max(at - 4, self.read - 1), -1):
            word = self.words[back]
            if not self._joined(back + 1, _BLANK_OR_DOT) or word.low in PLACE_HEADS:
                return word.low in PLACE_HEADS and self._joined(back + 1, _BLANK_OR_DOT)
            if word.low not in _BETWEEN and not (capitals and word.capital):
                return False
        return False

    def _identified(self, span: _Span) -> bool:
        if span[1] > len(self.words):
            return False
        start, end = self.words[span[0]].start, self.words[span[1] - 1].end
        before = _IDENTIFIER_BEFORE.search(self.text, max(0, start - 16), start)
        return bool(before or _IDENTIFIER_AFTER.match(self.text, end))

    def _fills_line(self, span: _Span) -> bool:
        """Two words alone on a line, or one alone on the last, of which one is surely a name."""
        start, words = self.words[span[0]].start, self.words[slice(*span)]
        unsure = self.names.sure.isdisjoint(word.low for word in words) or _namesake(words)
        if unsure or (start == 0 and len(words) == 1):
            return False
        end = (_LINE_END if len(words) > 1 else _TEXT_END).match(self.text, words[-1].end)
        return bool(end and _LINE_START.search(self.text, max(0, start - 8), start))

    def _numbered(self, span: _Span) -> bool:
        """ "Hasanudin VIII", "Wijaya 3": streets."""
        roman = self._joined(span[1], _BLANK) and self.words[span[1]].low in ROMAN_NUMBERS
        return roman or bool(_DIGIT.match(self.text, self.words[span[1] - 1].end))

    def _closing(self, span: _Span | None) -> _Span | None:
        return span if span and _LINE_END.match(self.text, self.words[span[1] - 1].end) else None

    def _skip(self, at: int, skipped: frozenset[str]) -> int:
        """The first word from `at` that is not one of those, at most three further."""
        first = at
        while first < at + 3 and self._joined(first, _BLANK_OR_DOT) and self.words[first].low in skipped:
            first += 1
        return first

    def _joined(self, at: int, gap: re.Pattern[str]) -> bool:
        """Is `gap` all that stands between the word and the one before it?"""
        if not 0 < at < len(self.words):
            return False
        return gap.match(self.text, self.words[at - 1].end, self.words[at].start) is not None

    def _followed(self, at: int, by: re.Pattern[str]) -> bool:
        return by.match(self.text, self.words[at].end) is not None


def _namesake(words: Sequence[_Word]) -> bool:
    return "-".join(word.low for word in words[:2]) in NAMESAKES


_Rule = Callable[[_Text, int], _Span | None]


def _rules(*pairs: tuple[_Rule, str]) -> dict[str, _Rule]:
    return {word: rule for rule, cues in pairs for word in cues.split()}


#: What each cue tells of the words after it.
_RULES = _rules(
    (_Text.labelled, "nama nm name pelapor pengadu pemohon penulis pengirim bernama"),
    (_Text.housed, _OF_SOMEBODY),
    (_Text.sent, "dari dr dri"),
    (_Text.presented, "saya sy"),
    (_Text.initialled, "a"),
    (_Text.on_behalf, "an"),
    (_Text.signed, "ttd tertanda namaku"),
    (_Text.titled, " ".join(_TITLES)),
    (_Text.closed, "hormat salam wassalam regards sincerely faithfully"),
    (_Text.thanked, "kasih terimakasih makasih trimakasih trims tks thanks thx"),
    (
        _Text.hinted,
        """aku gue gw am mas mbak mba kak kang bang abang om tante pakde bude cak gus ustad ustadz ustadzah oleh
        hub hubungi cp kontak contact tetangga istrinya suaminya anaknya almarhum almarhumah""",
    ),
)
_KNOWN_ONLY = (_Text.hinted, _Text.thanked, _Text.housed, _Text.sent, _Text.presented)
#: Cues that may be followed by a name that nobody knows.
_TELLING = frozenset(word for word, rule in _RULES.items() if rule not in _KNOWN_ONLY)


def may_name(piece: str) -> bool:
    """Is there in what stands between blanks a cue, a name, or a word of every day with a capital that may be one?
    Without such a piece a text names nobody, unless it is one that `presents`."""
    known, words = names(), _LETTERS.findall(piece)
    sure = any(word.lower() in _TELLING or word.lower() in known.sure for word in words)
    return sure or any(word[0].isupper() and word.lower() in known.parts for word in words)
