"""Where in a document something stands: a plain path, or more than that in JMESPath (https://jmespath.org).

A plain path has names and numbers between dots, as in "payload.from", "results.0.text" or "received-at". JMESPath has
no loops, no regular expressions and no way out, so that the time it takes grows with the document and not beyond: it
was taken for that, and since all that it can do is told in one page.
"""

import json
import re
from functools import cache
from typing import Any

import jmespath
from jmespath.exceptions import IncompleteExpressionError, JMESPathError, ParseError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult

LONGEST = 1000
_PLAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*")
#: What an expression may fail with on a document that nobody expected: there is nothing then.
_FAILS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def fault(text: str) -> str:
    """What is wrong with an expression and where, "" if nothing is."""
    if len(text) > LONGEST:
        return f"is longer than {LONGEST} characters"
    try:
        parsed = _parsed(text)
    except IncompleteExpressionError:
        return f"{text!r} ends too soon"
    except ParseError as error:
        return f"{text!r} cannot be read from character {error.lex_position + 1} on: {text[error.lex_position :]!r}"
    except (JMESPathError, RecursionError) as error:
        return f"{text!r} cannot be read: {type(error).__name__}"
    return _function_fault(parsed.parsed)


def value(text: str, document: Any) -> Any:
    """What stands there; None where nothing does, or where there is no expression."""
    if not text:
        return None
    try:
        return _parsed(text).search(document)
    except _FAILS:
        return None


@cache
def _parsed(text: str) -> ParsedResult:
    return jmespath.compile(_quoted(text) if _PLAIN.fullmatch(text) else text)


def _quoted(path: str) -> str:
    """A plain path in JMESPath, where a name is quoted and a number is in brackets."""
    steps = (f"[{step}]" if step.isdecimal() else f".{json.dumps(step)}" for step in path.split("."))
    return "".join(steps).removeprefix(".")


def _function_fault(node: Any) -> str:
    """Functions are only looked up when they are used: the first that there is not, or that takes other arguments."""
    if node["type"] == "function_expression" and (wrong := _call_fault(node["value"], len(node["children"]))):
        return wrong
    children = (child for child in node["children"] if isinstance(child, dict))
    return next(filter(None, map(_function_fault, children)), "")


def _call_fault(name: str, given: int) -> str:
    known = Functions.FUNCTION_TABLE
    if name not in known:
        return f"there is no function {name}(), but {', '.join(sorted(known))}"
    signature = known[name]["signature"]
    variadic = bool(signature) and signature[-1].get("variadic", False)
    right = given >= len(signature) if variadic else given == len(signature)
    return "" if right else f"{name}() takes {len(signature)} arguments{' or more' if variadic else ''}, not {given}"
