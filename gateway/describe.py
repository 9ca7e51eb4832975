"""Exceptions in words that give nobody away."""


def describe(error: BaseException) -> str:
    """An exception by type and place; messages of libraries may quote what a citizen wrote."""
    trace = error.__traceback__
    if trace is None:
        return type(error).__name__
    while trace.tb_next is not None:
        trace = trace.tb_next
    name = trace.tb_frame.f_code.co_filename.rsplit("/", 1)[-1]
    return f"{type(error).__name__} in {name}:{trace.tb_lineno}"
