"""What a message seems to be, whatever talk it is in. Pure."""

import re
from functools import cached_property

from adapters import CARD
from gateway import cases
from gateway.bot.words import Words, cut
from gateway.conversation import Heard
from gateway.courtesy import is_plain
from gateway.reportfacts import SURE_CATEGORY, SURE_KIND, reads_as_report, surely_about
from gateway.stating import stated
from normalizer.report import Kind, Level
from normalizer.sorting.categories import Categories

#: So likely is what a message tells of that says where it is, too, and what it may tell of.
LIKELY, HINTED = 0.5, 0.3
#: Of what has no more words than this little can be told, unless it is as likely as this a report ("pohon tumbang").
FEW_WORDS, TERSELY = 3, 0.8
LONGEST_NUMBER = 12
_PIN = re.compile(r"\d{6}", re.ASCII)


class Gist:
    """Of one message, by its words and by how the normaliser read it."""

    def __init__(self, heard: Heard, words: Words, categories: Categories, code_prefix: str) -> None:
        self._message = heard.message
        self._words = words
        self._categories = categories
        self._code_prefix = code_prefix
        self.report = heard.filed.report
        self.text = self.report.text

    @cached_property
    def brings_more(self) -> bool:
        """Is there more to it than words?"""
        return bool(self._message.attachments) or self._message.place is not None

    @property
    def only_shows(self) -> bool:
        """Does it bring files, and report nothing in words? The subject of a reply is what was reported before."""
        is_titled = not (self._is_plain or self._message.in_reply_to)
        is_told = self.is_report and bool(self.text.strip() or is_titled)
        return bool(self._message.attachments) and not is_told

    @property
    def says_nothing(self) -> bool:
        """Is there nothing to be read at all, as in an empty mail or a poll that the provider keeps for itself?"""
        is_empty = not self.text.strip() and not self.report.subject
        return is_empty and not self.brings_more and not self.is_button

    @property
    def is_sign(self) -> bool:
        """Is it a sticker, signs without a letter, or somebody's card, which tell of nothing by themselves?"""
        is_more = self.brings_more or self.is_button or not self._is_plain or self.is_emergency
        return not is_more and (CARD in self._message.fields or not any(map(str.isalnum, self.text)))

    @property
    def is_emergency(self) -> bool:
        return self.report.urgency.level is Level.EMERGENCY

    @property
    def is_elsewhere(self) -> bool:
        """Does it say where something is?"""
        place = self.report.place
        return place is not None and bool(place.words or place.areas or place.latitude is not None)

    @property
    def is_report(self) -> bool:
        return reads_as_report(self.report)

    @property
    def is_of_its_own(self) -> bool:
        """Is it surely a report, whatever was asked?"""
        return self._told >= SURE_CATEGORY

    @property
    def tells(self) -> bool:
        """Does it tell of something, or at least say of what may be so where it is?"""
        return self.is_of_its_own or (self._told >= LIKELY and self.is_elsewhere)

    @property
    def hints(self) -> bool:
        """May it tell of something?"""
        return self._told >= HINTED

    @property
    def is_terse(self) -> bool:
        """Does it tell in a few words of something for sure, if it is no answer?"""
        is_alone = self.is_short and self.report.subject is None and not self.is_button
        return is_alone and self.is_report and self.report.kinds[0].score >= TERSELY and self._is_about_something

    @cached_property
    def _told(self) -> float:
        """How likely it is that it tells of what it seems to be about, and does not only say where something is."""
        is_telling = self.is_report and not (self.is_short or self.is_button)
        return stated(self.report, self._categories) if is_telling else 0.0

    @cached_property
    def is_short(self) -> bool:
        """A mail's subject may read as a report, whatever the mail says."""
        return len(self.text.split()) <= FEW_WORDS

    @property
    def is_button(self) -> bool:
        return self._message.choice is not None

    @property
    def is_pin(self) -> bool:
        return _PIN.fullmatch(self.text.strip()) is not None

    @property
    def is_number(self) -> bool:
        """Is it the number of something, and nothing else?"""
        return len(self.text) <= LONGEST_NUMBER and self._words.number(cut(self.text)) is not None

    @cached_property
    def names_a_case(self) -> bool:
        return bool(cases.codes_in(self.text, self._code_prefix) or cases.numbers_in(self.text))

    @property
    def asks_of_a_case(self) -> bool:
        """Does it name one, and tell of nothing else?"""
        return self.names_a_case and (self.is_short or self._is_brief or not self.is_report)

    @property
    def only_says_where(self) -> bool:
        """Does it name a place in a few words, and nothing that is there?"""
        return self._is_brief and self.is_elsewhere and not self.asks and self.report.subject is None

    @property
    def asks(self) -> bool:
        """Is it a question about a report, if it is not the answer to one?"""
        kinds = [one.code for one in self.report.kinds if one.code != Kind.ANSWER]
        return kinds[:1] == [Kind.QUESTION]

    @property
    def asks_of_own(self) -> bool:
        """Does it ask what became of a report of theirs, and tell of nothing new?"""
        is_question = self._is_sure_question or (self._words.asks(self.text) and not self.is_report)
        return is_question and self._words.reports(self.text) and self._is_nothing_new

    @property
    def asks_shortly(self) -> bool:
        """May it ask so, if there is a report of theirs ("kalau yang kemarin bagaimana pak")?"""
        is_clear = self._is_sure_question and len(self.text.split()) <= 2 * FEW_WORDS
        return self._kind == Kind.QUESTION and (self.is_short or is_clear) and self._is_nothing_new

    @property
    def chases(self) -> bool:
        """Do they only wait for what becomes of a report, if there is an open one of theirs ("kok belum ditindak")?"""
        is_more = self.brings_more or self.is_elsewhere or self.is_button or not self._is_plain
        return not is_more and self.report.urgency.level is Level.NORMAL and self._words.chases(self.text)

    @property
    def praises(self) -> bool:
        """Is it content in a few words, and tells of nothing new ("sudah ditangani, makasih")?"""
        return self._kind == Kind.PRAISE and self._is_brief and self._is_nothing_new

    @property
    def calls_for_help(self) -> bool:
        """ "tolong", and nothing else."""
        return self._words.calls(self.text) and not (self.brings_more or self.is_emergency) and self._is_plain

    @property
    def _kind(self) -> str:
        return self.report.kinds[0].code if self.report.kinds else ""

    @property
    def _is_sure_question(self) -> bool:
        return self._kind == Kind.QUESTION and self.report.kinds[0].score >= SURE_KIND

    @property
    def _is_brief(self) -> bool:
        """Does it tell in a sentence at most of nothing that there is a category for?"""
        return len(self.text.split()) <= 2 * FEW_WORDS and not self.report.categories

    @property
    def _is_about_something(self) -> bool:
        return surely_about(self.report) is not None

    @property
    def _is_nothing_new(self) -> bool:
        is_more = self.brings_more or self.is_elsewhere or self._is_about_something
        return not is_more and self._is_plain and self.report.urgency.level is Level.NORMAL

    @property
    def _is_plain(self) -> bool:
        return is_plain(self._words, self._code_prefix, self.report.subject)
