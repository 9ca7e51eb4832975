"""The order in which the ways are tried that a message can be taken."""

from collections.abc import Callable

from gateway.taking import answers, commands, corrections, courtesies, danger, late, openings, persons, reports, sequels
from gateway.taking.exchange import Course, Exchange

WAYS: tuple[Callable[[Exchange], Course | None], ...] = (
    courtesies.as_unreadable,
    persons.before_a_person,
    late.as_second_press,
    commands.as_command,
    danger.as_same_danger,
    answers.as_answer,
    openings.as_opening,
    openings.as_pin,
    openings.as_question,
    late.as_old_answer,
    sequels.as_rest,
    sequels.as_more_files,
    sequels.as_sequel,
    courtesies.as_courtesy,
    corrections.as_correction,
    courtesies.as_scrap,
    courtesies.as_sign,
    commands.as_slip,
)


def course(exchange: Exchange) -> Course:
    """By the first way that a message can be taken; it is a report otherwise."""
    return next((course for way in WAYS if (course := way(exchange))), None) or reports.as_report(exchange)
