"""Meta's webhooks: the challenge by which it makes sure whose an address is, and the signature of what it brings.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started

Meta signs the bytes it sends, in which letters outside ASCII are escaped; written anew they would be others.
"""

import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl

from adapters import RequestRefused, Response, WebRequest
from adapters.signing import same, same_as_any

SIGNATURE = "X-Hub-Signature-256"
MOST_FIELDS = 20
LONGEST_CHALLENGE = 1000


def challenged(request: WebRequest, verify_token: str) -> Response:
    """The answer to a challenge: its own words. Raises `RequestRefused`."""
    asked = _query(request)
    challenge = asked.get("hub.challenge", "")
    if not same(asked.get("hub.verify_token", ""), verify_token):
        raise RequestRefused("the verify token is wrong")
    if asked.get("hub.mode") != "subscribe" or not 0 < len(challenge) <= LONGEST_CHALLENGE:
        raise RequestRefused("this is no challenge", 400)
    return Response(body=challenge.encode("utf-8", "surrogatepass"), headers={"X-Content-Type-Options": "nosniff"})


def prove(request: WebRequest, secrets: Iterable[str]) -> None:
    """Raises `RequestRefused` unless one of the app's secrets signed the body."""
    given = request.headers.get(SIGNATURE)
    if given is None:
        raise RequestRefused("the request shows no proof")
    if not same_as_any(given, [signature(secret, request.body) for secret in secrets]):
        raise RequestRefused("what the request shows proves nothing")


def signature(secret: str, body: bytes) -> str:
    """What the header holds."""
    return f"sha256={hmac.digest(secret.encode('utf-8', 'surrogatepass'), body, 'sha256').hex()}"


def _query(request: WebRequest) -> dict[str, str]:
    try:
        return dict(parse_qsl(request.query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise RequestRefused("too many fields", 400) from None
