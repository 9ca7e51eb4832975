"""Messages that only greet or thank, so that nothing is there to be done. Pure."""

from gateway import cases
from gateway.bot.words import Words
from normalizer.report import Kind, Level, Report

GREETING, THANKS = "greeting", "thanks"
#: Chatter of this score is nothing else.
CLEARLY = 0.5
#: A subject that says no more than this beside a code says nothing.
FEW_WORDS = 3
#: Who writes more words of chatter may tell of something in words that nobody knows.
MOST_CHATTER = 6


def courtesy(words: Words, code_prefix: str, report: Report) -> str:
    """ "greeting" or "thanks" if it says nothing else; else ""."""
    has_letters = any(map(str.isalpha, report.text))
    is_more = not has_letters or report.attachments or report.place
    if is_more or report.urgency.level is not Level.NORMAL or not is_plain(words, code_prefix, report.subject):
        return ""
    if words.thanks(report.text):
        return THANKS
    return GREETING if words.greets(report.text) or _is_chatter(report) else ""


def is_plain(words: Words, code_prefix: str, subject: str | None) -> bool:
    """Does the subject of a mail tell of nothing, or name only the case that it answers about?"""
    if not subject or words.greets(subject):
        return True
    return bool(cases.codes_in(subject, code_prefix)) and len(subject.split()) <= FEW_WORDS


def _is_chatter(report: Report) -> bool:
    best = report.kinds[0] if report.kinds and not report.categories else None
    is_clear = best is not None and best.code == Kind.CHATTER and best.score >= CLEARLY
    return is_clear and len(report.text.split()) <= MOST_CHATTER
