"""What a source asks an address before it sends anything there: to say a word back. Pure."""

from adapters import RequestRefused, Response, WebRequest
from adapters.signing import same
from adapters.webhook.mapping import Challenge
from adapters.webhook.proving import parameters

LONGEST = 1000


def asked(challenge: Challenge, request: WebRequest) -> bool:
    """Is a request that, and no report?"""
    return not request.body and challenge.parameter in dict(parameters(request.query))


def answer(challenge: Challenge, token: str, request: WebRequest) -> Response:
    """The word as it came. Raises `RequestRefused` where the token is another, or the word is none."""
    told = dict(parameters(request.query))
    if challenge.token_parameter and not same(told.get(challenge.token_parameter, ""), token):
        raise RequestRefused("the token of the challenge is wrong")
    word = told[challenge.parameter]
    if len(word) > LONGEST or not (word.isascii() and word.isprintable()):
        raise RequestRefused("this is no challenge", 400)
    return Response(body=word.encode(), headers={"X-Content-Type-Options": "nosniff"})
