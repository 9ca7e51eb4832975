"""Does a request come from the source?"""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from adapters import RequestRefused, WebRequest, proofs, times
from adapters.webhook.mapping import Proof

_MOST_PARAMETERS = 100


def prove(proof: Proof, secrets: Sequence[str], request: WebRequest) -> None:
    """Raise `RequestRefused` unless it shows what the source shows; from where it comes is looked at elsewhere."""
    if proof.shows == "address":
        return
    proofs.shown(_shown(proof, request), [_expected(proof, secret, request) for secret in secrets])
    if proof.time_header:
        proofs.recent(_time(_header(request, proof.time_header)), request.received_at, proof.window_seconds)


def said(proof: Proof, request: WebRequest) -> tuple[bytes, str]:
    """What is kept of a request, and its content type: the body, or without one the query; never the token in it."""
    if request.body:
        return request.body, _header(request, "Content-Type")[:200]
    query = request.query
    if proof.where == "query":
        query = urlencode([(name, value) for name, value in parameters(query) if name != proof.name])
    return query.encode("utf-8", "surrogatepass"), "application/x-www-form-urlencoded"


def _shown(proof: Proof, request: WebRequest) -> str | None:
    if proof.where == "path":
        return request.path.partition("/")[0]
    if proof.where == "query":
        return next((value for name, value in parameters(request.query) if name == proof.name), None)
    given = _header(request, proof.name)
    if not given.startswith(proof.prefix):
        return None
    given = given.removeprefix(proof.prefix).strip()
    return given.lower() if proof.shows == "hmac" and proof.encoding == "hex" else given


def _expected(proof: Proof, secret: str, request: WebRequest) -> str:
    if proof.shows == "token":
        return secret
    before, after = (
        part.replace("{time}", _header(request, proof.time_header)).encode("utf-8", "surrogatepass")
        for part in proof.signs.split("{body}")
    )
    signed = request.body or request.query.encode("utf-8", "surrogatepass")
    return proofs.signature(secret, before + signed + after, proof.algorithm, proof.encoding)


def parameters(query: str) -> list[tuple[str, str]]:
    """Raises `RequestRefused`."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise RequestRefused("too many parameters", 400) from None


def _header(request: WebRequest, name: str) -> str:
    return request.headers.get(name, "")


def _time(told: str) -> datetime | None:
    if told.isdecimal() and len(told) > 11:
        told = told[:-3]
    return times.seconds(told) or times.iso(told, UTC)
