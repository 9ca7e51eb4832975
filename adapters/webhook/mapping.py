"""What an operator says about a source: what its fields mean, how it proves itself, how it is asked."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from adapters import Problem, times
from adapters.hosts import is_private, is_web_address
from adapters.proofs import Algorithm, Encoding
from adapters.webhook import expressions

_PLAIN = frozenset({"sender_kind", "time_format", "more"})
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
_FORMATS = 'must be "iso", "seconds", "milliseconds" or as in "%Y-%m-%d %H:%M:%S"'
_HINT = "a name such as payload.text, or JMESPath: https://jmespath.org"


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Fields(_Table, frozen=True, kw_only=True):
    """Where a report says what, as expressions: `payload.text`, `photos[].url`, `[street, village]`, `'the same'`."""

    text: Annotated[str, Meta(description="Its words.")]
    items: Annotated[
        str, Meta(description="The list of reports where one body holds several: all else is of one of them.")
    ] = ""
    id: Annotated[
        str,
        Meta(description="What it is called there, the same when it comes again, as `id` or `[sender, created_at]`."),
    ] = ""
    subject: Annotated[str, Meta(description="Its title.")] = ""
    sender: Annotated[str, Meta(description="Who reports.")] = ""
    sender_kind: Annotated[
        Literal["account", "phone", "email", "handle"], Meta(description="What tells who reports.")
    ] = "account"
    sender_name: Annotated[str, Meta(description="What the reporter is called.")] = ""
    phone: Annotated[str, Meta(description="A phone number to reach the reporter by as well.")] = ""
    email: Annotated[str, Meta(description="A mail address to reach the reporter by as well.")] = ""
    sent_at: Annotated[str, Meta(description="When it was reported.")] = ""
    time_format: Annotated[
        str, Meta(description='"iso", "seconds", "milliseconds" (of Unix), or as in "%Y-%m-%d %H:%M:%S".')
    ] = "iso"
    latitude: Annotated[str, Meta(description="Degrees north; 0 and 0 stand for no place.")] = ""
    longitude: Annotated[str, Meta(description="Degrees east.")] = ""
    accuracy: Annotated[str, Meta(description="How exact that is, in metres.")] = ""
    place: Annotated[str, Meta(description="The place in words; those of a list are joined.")] = ""
    category: Annotated[str, Meta(description="A category's code, or the source's word for what it is about.")] = ""
    photos: Annotated[str, Meta(description="Addresses of its files, which are fetched from photo_hosts.")] = ""
    public: Annotated[str, Meta(description="Whether everybody may read it: true, 1, yes or ya.")] = ""
    anonymous: Annotated[str, Meta(description="Whether officers are not to know who reports.")] = ""
    more: Annotated[
        dict[str, str], Meta(description="Further fields to keep, by name; a constant is written as \"'qlue'\".")
    ] = {}

    @property
    def tells_which(self) -> bool:
        """Is it known of two bodies with the same words whether they are two reports?"""
        return bool(self.id or self.sent_at)

    def problems(self) -> Iterator[Problem]:
        for name in self.__struct_fields__:
            if name not in _PLAIN:
                yield from _expression(f"fields.{name}", getattr(self, name), needed=name == "text")
        for name, told in self.more.items():
            yield from _expression(f"fields.more.{name}", told, needed=True)
        if not times.is_format(self.time_format):
            yield Problem("fields.time_format", _FORMATS)
        if bool(self.latitude) != bool(self.longitude):
            yield Problem("fields.latitude", "is of use only together with longitude")


class Proof(_Table, frozen=True, kw_only=True):
    """How the source proves that it is the one; `secret` is the HMAC's key, or the token."""

    shows: Annotated[
        Literal["hmac", "token", "address"],
        Meta(description="An HMAC of what it sends, a fixed token, or only that it calls from a network of `allow`."),
    ]
    where: Annotated[
        Literal["header", "query", "path"],
        Meta(description="Where a token is: in a header, a parameter of the address, or the path's first part."),
    ] = "header"
    name: Annotated[str, Meta(description="The header's or parameter's name.")] = ""
    prefix: Annotated[str, Meta(description='What stands before it in the header, such as "sha256=" or "Bearer ".')] = (
        ""
    )
    algorithm: Annotated[Algorithm, Meta(description="Of an HMAC.")] = "sha256"
    encoding: Annotated[Encoding, Meta(description="Of an HMAC.")] = "hex"
    signs: Annotated[str, Meta(description="What an HMAC is made of: {body}, and {time} as it is in time_header.")] = (
        "{body}"
    )
    time_header: Annotated[
        str, Meta(description="Header of the time of signing: Unix seconds or milliseconds, or ISO 8601.")
    ] = ""
    window_seconds: Annotated[int, Meta(description="How old a signature may be that tells its time.", ge=1)] = 300

    def problems(self) -> Iterator[Problem]:
        if self.shows == "hmac" and self.where != "header":
            yield Problem("proof.where", 'must be "header" for an HMAC')
        if self.shows != "address" and self.where == "header" and not _HEADER.fullmatch(self.name):
            yield Problem("proof.name", "is missing: which header is it in?", 'such as "X-Signature"')
        if self.shows == "token" and self.where == "query" and not self.name:
            yield Problem("proof.name", "is missing: which parameter is it?", 'such as "token"')
        if self.signs.count("{body}") != 1:
            yield Problem("proof.signs", "must hold {body} once", 'such as "{time}.{body}"')
        if bool(self.time_header) != ("{time}" in self.signs):
            what = "is of use only where signs holds {time}, and {time} only with it"
            yield Problem("proof.time_header", what, 'signs = "{time}.{body}"')


class Challenge(_Table, frozen=True, kw_only=True):
    """How a source makes sure that an address is ours: it asks for a word, which is the answer."""

    parameter: Annotated[
        str,
        Meta(description='Parameter of the address that holds the word: "challenge", "hub.challenge".', min_length=1),
    ]
    token_parameter: Annotated[
        str, Meta(description='Parameter that must hold challenge_token, such as "hub.verify_token"; none if left out.')
    ] = ""


class Feed(_Table, frozen=True, kw_only=True):
    """An address that has reports as JSON, and is asked for them."""

    url: Annotated[str, Meta(description="Its address; {token} stands for feed_token.")]
    poll_seconds: Annotated[float, Meta(description="Pause between two questions.", ge=5, le=86_400)] = 60
    headers: Annotated[dict[str, str], Meta(description="Further headers; {token} stands for feed_token.")] = {}
    parameter: Annotated[
        str, Meta(description='Parameter that says where to go on, such as "since" or "page"; none if left out.')
    ] = ""
    begin: Annotated[str, Meta(description="Its value for the first question; none if left out.")] = ""
    time_format: Annotated[
        str,
        Meta(
            description="How a time is written in the parameter, as `fields.time_format`, so that `kanal channels"
            " backfill` can ask for what came since one; left out: it cannot."
        ),
    ] = ""
    cursor: Annotated[
        str, Meta(description="Expression for its next value, such as `next` or `max(reports[].created_at)`.")
    ] = ""
    more: Annotated[str, Meta(description="Expression that is true where there is more to fetch at once.")] = ""
    pages: Annotated[
        int,
        Meta(description="The parameter counts pages from 1: so many are fetched each time, or up to an empty one."),
    ] = 0

    def problems(self) -> Iterator[Problem]:
        if not is_web_address(self.url.replace("{token}", "x")):
            yield Problem("feed.url", "must begin with https:// or http:// and name a host")
        yield from _expression("feed.cursor", self.cursor)
        yield from _expression("feed.more", self.more)
        for name in self.headers:
            if not _HEADER.fullmatch(name):
                yield Problem("feed.headers", f"{name!r} is no name of a header")
        if self.time_format and not times.is_format(self.time_format):
            yield Problem("feed.time_format", _FORMATS)
        if (self.cursor or self.pages or self.begin or self.time_format) and not self.parameter:
            yield Problem("feed.parameter", "is missing: which parameter says where to go on?", 'such as "since"')
        if self.pages and (self.cursor or self.begin or self.more or self.time_format):
            yield Problem("feed.pages", "counts by itself: leave out begin, cursor, more and time_format")

    @property
    def takes_token(self) -> bool:
        return any("{token}" in told for told in (self.url, *self.headers.values()))

    @property
    def is_safe(self) -> bool:
        """Does nobody read the token along on the way?"""
        return is_private(self.url)


def _expression(where: str, text: str, *, needed: bool = False) -> Iterator[Problem]:
    if needed and not text:
        yield Problem(where, "is empty", _HINT)
    elif text and (wrong := expressions.fault(text)):
        yield Problem(where, wrong, _HINT)
