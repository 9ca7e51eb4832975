"""Exceptions in words that give nobody away."""

import errno


def describe(error: BaseException) -> str:
    """An exception by type, code and place; messages of libraries may quote what a citizen wrote."""
    kind = " ".join(filter(None, (type(error).__name__, _code(error))))
    trace = error.__traceback__
    if trace is None:
        return kind
    while trace.tb_next is not None:
        trace = trace.tb_next
    name = trace.tb_frame.f_code.co_filename.rsplit("/", 1)[-1]
    return f"{kind} in {name}:{trace.tb_lineno}"


def _code(error: BaseException) -> str:
    """The system's or SQLite's name for what is wrong."""
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno or 0, "")
    return getattr(error, "sqlite_errorname", "")
