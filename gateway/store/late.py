"""Which open cases are late: plain SQL over `cases c`, to which `:now` is given."""

from collections.abc import Iterable

from gateway.clock import Step

IS_OPEN = "c.closed_at IS NULL AND c.joined_into IS NULL"
#: By when an open case's step was to be taken, NULL if it was.
BY = {
    Step.COORDINATE: "iif(c.coordinated_at IS NULL, c.coordinate_by, NULL)",
    Step.ACT: "iif(c.acted_at IS NULL, c.act_by, NULL)",
    Step.DONE: "c.due_at",
    Step.LAST: "c.last_by",
}


def since(steps: Iterable[Step]) -> str:
    """Since when a case is late with the first of these steps, NULL if with none."""
    missed = ", ".join(f"(iif({BY[step]} < :now, {BY[step]}, NULL))" for step in steps)
    return f"(SELECT min(column1) FROM (VALUES {missed}))"
