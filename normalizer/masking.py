"""Personal data in citizens' words: what is recognised is masked, so that the rest may stand in clear."""

import re

import msgspec

from normalizer.report import Report

_MAIL = re.compile(r"[^\s@<>]{1,64}@[\w-][\w.-]{1,200}")
_LONG_NUMBER = re.compile(r"\+?\d[\d .()-]{7,24}\d")


def mask(text: str) -> str:
    """The text without mail addresses and long numbers."""
    return _LONG_NUMBER.sub("[nomor]", _MAIL.sub("[surel]", text))


def masked(report: Report) -> Report:
    """The report as it may stand in clear."""
    place = report.place and msgspec.structs.replace(
        report.place, words=report.place.words and mask(report.place.words)
    )
    files = tuple(msgspec.structs.replace(one, name=None) for one in report.attachments)
    subject = report.subject and mask(report.subject)
    return msgspec.structs.replace(
        report, text=mask(report.text), subject=subject, place=place, attachments=files, fields={}, conversation=""
    )
