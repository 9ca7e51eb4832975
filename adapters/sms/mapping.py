"""What an operator says about a provider that has no dialect of its own: which field means what.

A field is the name of a form's or query's parameter, or a path into JSON: "payload.from", "results.0.text".
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from adapters import Problem, times
from adapters.proofs import Algorithm, Encoding

#: What a template may hold, as "{to}".
CREDENTIALS = frozenset({"username", "password", "account", "basic"})
PLACEHOLDERS = CREDENTIALS | {"to", "to_digits", "from", "text", "coding", "segments", "reply", "short", "callback"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PATH = re.compile(r"[^.\s]+(?:\.[^.\s]+)*")


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class SmsFields(_Table, frozen=True, kw_only=True):
    """Where an SMS says what. Without `id` one is made of sender, time and text."""

    sender: Annotated[str, Meta(description="Field of the number that it comes from.")]
    text: Annotated[str, Meta(description="Field of its words.")]
    id: Annotated[str, Meta(description="Field of the provider's id, which is the same when it comes again.")] = ""
    time: Annotated[str, Meta(description="Field of its time.")] = ""
    time_format: Annotated[
        str, Meta(description='"iso", "seconds", "milliseconds" (of Unix), or as in "%Y%m%d%H%M%S".')
    ] = "iso"
    part_reference: Annotated[str, Meta(description="Field that all parts of a long SMS share.")] = ""
    part_number: Annotated[str, Meta(description="Field of a part's number, from 1.")] = ""
    part_total: Annotated[str, Meta(description="Field of how many parts there are.")] = ""
    account_prefix: Annotated[
        str, Meta(description="What senders begin with that are no numbers but the provider's names for persons.")
    ] = ""
    each: Annotated[
        str, Meta(description='Path to a list of SMS in JSON, "." where all is one; fields are those of its items.')
    ] = ""

    def problems(self) -> Iterator[Problem]:
        yield from _paths("sms", self, *(name for name in self.__struct_fields__ if name not in _PLAIN))
        if not times.is_format(self.time_format):
            yield Problem("mapping.sms.time_format", 'must be "iso", "seconds", "milliseconds" or as in "%Y%m%d%H%M%S"')
        parts = (self.part_reference, self.part_number, self.part_total)
        if any(parts) and not all(parts):
            yield Problem("mapping.sms.part_reference", "is of use only with part_number and part_total as well")


class ReportFields(_Table, frozen=True, kw_only=True):
    """Where a delivery report says what. Its words may be patterns as the shell has them: "1[0-2]", "fail*"."""

    status: Annotated[str, Meta(description="Field of the state.")]
    reply: Annotated[
        str, Meta(description="Field of the reply's id: the provider's, or what was sent as {reply} or {short}.")
    ]
    reason: Annotated[str, Meta(description="Field of why it failed: a code, never a text with a number.")] = ""
    sent: Annotated[tuple[str, ...], Meta(description="Words for: on its way.")] = ()
    delivered: Annotated[tuple[str, ...], Meta(description="Words for: on the phone.")] = ()
    failed: Annotated[tuple[str, ...], Meta(description="Words for: not delivered.")] = ()
    each: Annotated[
        str, Meta(description='Path to a list of reports in JSON, "." where all is one; fields are those of its items.')
    ] = ""

    def problems(self) -> Iterator[Problem]:
        yield from _paths("report", self, "status", "reply", "reason", "each")
        if not (self.sent or self.delivered or self.failed):
            yield Problem("mapping.report", "needs words for sent, delivered or failed")


class Proof(_Table, frozen=True, kw_only=True):
    """What is shown beside the secret in the path; `signing_key` is the HMAC's key, the token, or "name:password"."""

    shows: Annotated[
        Literal["hmac", "token", "basic"],
        Meta(description="An HMAC of the raw body (or query), a fixed token, or user and password (RFC 7617)."),
    ]
    header: Annotated[str, Meta(description="Header that it is in.")] = ""
    field: Annotated[str, Meta(description="Field that a token is in, if it is in no header.")] = ""
    prefix: Annotated[str, Meta(description='What stands before it in the header, such as "sha256=".')] = ""
    algorithm: Annotated[Algorithm, Meta(description="Of an HMAC.")] = "sha256"
    encoding: Annotated[Encoding, Meta(description="Of an HMAC.")] = "hex"

    def problems(self) -> Iterator[Problem]:
        if self.shows == "hmac" and not self.header:
            yield Problem("mapping.proof.header", "is missing: which header is the HMAC in?")
        if self.shows == "token" and bool(self.header) == bool(self.field):
            yield Problem("mapping.proof.header", "or field must say where the token is, and only one of them")


class Sending(_Table, frozen=True, kw_only=True):
    """The request that sends a reply to `send_url`, and what its answer means.

    Templates hold {to}, {to_digits} (without "+"), {from}, {text}, {coding} (0 or 2), {segments}, {reply} (our id),
    {short} (the same in 32 letters), {callback}, {username}, {password}, {account}, {basic} (RFC 7617). What
    answers hold may be patterns as the shell has them: "000*".
    """

    fields: Annotated[dict[str, Any], Meta(description="Template of the query, the form or the JSON object.")]
    success: Annotated[tuple[str, ...], Meta(description="What the answer holds when the reply was taken.")]
    method: Annotated[Literal["GET", "POST"], Meta(description="How it is asked.")] = "POST"
    format: Annotated[Literal["query", "form", "json"], Meta(description="How the fields are written.")] = "form"
    headers: Annotated[dict[str, str], Meta(description="Templates of further headers; credentials only.")] = {}
    success_field: Annotated[
        str, Meta(description="Field of the answer that tells how it went; left out: the whole answer.")
    ] = ""
    refused: Annotated[tuple[str, ...], Meta(description="When this reply will never be taken.")] = ()
    unauthorized: Annotated[tuple[str, ...], Meta(description="When our credentials or our account are wrong.")] = ()
    throttled: Annotated[tuple[str, ...], Meta(description="When we are to wait a minute.")] = ()
    id: Annotated[str, Meta(description="Field of the answer that holds the reply's id.")] = ""

    def problems(self) -> Iterator[Problem]:
        yield from _paths("send", self, "success_field", "id")
        yield from _templates("fields", self.fields, PLACEHOLDERS)
        yield from _templates("headers", self.headers, CREDENTIALS)
        if self.method == "GET" and self.format != "query":
            yield Problem("mapping.send.format", 'must be "query" where method is "GET"')
        if not self.success:
            yield Problem("mapping.send.success", "is empty: no reply would count as sent")
        if self.format != "json" and not all(isinstance(value, str) for value in self.fields.values()):
            yield Problem("mapping.send.fields", 'must be texts where format is not "json"')


class Mapping(_Table, frozen=True, kw_only=True):
    """A provider in fields."""

    sms: Annotated[SmsFields | None, Meta(description="An SMS; left out: none come.")] = None
    report: Annotated[ReportFields | None, Meta(description="A delivery report; left out: none come.")] = None
    proof: Annotated[Proof | None, Meta(description="What is shown beside the secret; left out: nothing.")] = None
    send: Annotated[Sending | None, Meta(description="How a reply is sent; left out: not at all.")] = None
    answer_status: Annotated[int, Meta(description="HTTP status that it wants.", ge=200, le=299)] = 200
    answer_body: Annotated[str, Meta(description="Text that it wants.")] = ""
    answer_type: Annotated[str, Meta(description="Content type that it wants.")] = "text/plain; charset=utf-8"

    def problems(self) -> Iterator[Problem]:
        for table in (self.sms, self.report, self.proof, self.send):
            if table is not None:
                yield from table.problems()


_PLAIN = {"time_format", "account_prefix"}


def placeholders(template: object) -> set[str]:
    match template:
        case str():
            return set(_PLACEHOLDER.findall(template))
        case dict():
            return set().union(*map(placeholders, template.values()))
        case list():
            return set().union(*map(placeholders, template))
    return set()


def filled(template: Any, values: dict[str, str]) -> Any:
    """The template with its placeholders replaced, however deep they are."""
    match template:
        case str():
            return _PLACEHOLDER.sub(lambda found: values[found[1]], template)
        case dict():
            return {name: filled(inner, values) for name, inner in template.items()}
        case list():
            return [filled(inner, values) for inner in template]
    return template


def _paths(where: str, table: _Table, *names: str) -> Iterator[Problem]:
    required = {field.name for field in msgspec.structs.fields(table) if field.required}
    for name in names:
        path = getattr(table, name)
        whole = name == "each" and path == "."
        if not _PATH.fullmatch(path) and not whole and (path or name in required):
            yield Problem(f"mapping.{where}.{name}", "must name a field", 'such as "from" or "payload.from"')


def _templates(name: str, template: object, known: frozenset[str]) -> Iterator[Problem]:
    for unknown in sorted(placeholders(template) - known):
        hint = "there are " + ", ".join(f"{{{one}}}" for one in sorted(known))
        yield Problem(f"mapping.send.{name}", f"holds the unknown {{{unknown}}}", hint)
