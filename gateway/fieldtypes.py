"""What a setting's annotation comes down to."""

import types
from typing import Annotated, Any, Union, get_args, get_origin


def bare(expected: Any) -> Any:
    """A type without its annotations and without "or None", which TOML cannot say."""
    if get_origin(expected) is Annotated:
        return bare(get_args(expected)[0])
    if get_origin(expected) in (Union, types.UnionType):
        others = [choice for choice in get_args(expected) if choice is not type(None)]
        return bare(others[0]) if len(others) == 1 else expected
    return expected
