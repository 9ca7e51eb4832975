"""What a provider's dialect is: one small class without input or output, which the channel asks at each step.

    request   -- prove, identify -->  Told                       before anything is kept
    delivery  -- messages -->  Said     -- statuses -->  Status  when what was kept is read, perhaps for a second time
    reply     -- sending -->  Asked     (HTTP)
    Answered  -- receipt -->  Receipt, or a `ChannelError`

`Sms` does what is the same for all: the secret in the path, the allowed addresses, sizes and methods, keywords, who is
a person and who a machine, references of parts that hide numbers, HTTP itself.

A new provider is

  * a module of this package with a class derived from `Dialect`, whose docstring cites the provider's pages. It
    overrides what the provider offers; what it leaves alone is not offered, and the request or reply is refused;
  * a line in `dialects.DIALECTS`, and one in `needs.NEEDS` and `needs.Provider`: what it takes of the settings;
  * settings of its own only where `username`, `password`, `signing_key`, `send_url` and `number` do not do;
  * recorded payloads in `tests/adapters/payloads/sms/<provider>/`, a class derived from `AdapterContract` in
    `tests/adapters/test_sms_<provider>.py` (`sms_provider` there stands in for the other side), and a section of
    docs/sms.md.

Helpers: `payload` here (forms, JSON) and beside (what JSON holds), `ids.digest` (derived ids), `times` (what providers
write), `proofs` (signatures), `refusals.heed` (what an HTTP status means), `normalizer.words.gsm7.segments` (what a
reply costs).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from adapters import (
    Attachment,
    Delivery,
    Part,
    Receipt,
    Refused,
    Reply,
    RequestRefused,
    Response,
    Status,
    Unreadable,
    WebRequest,
)
from adapters.answered import Answered
from adapters.sms.settings import SmsSettings
from normalizer.message import Discreet

#: The path that a request comes to: an SMS ("mobile originated") or a delivery report.
Kind = Literal["mo", "dlr"]
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Told(Discreet, frozen=True):
    """What is kept of a request: its id (see `Delivery`) and its query or body as it came. `kind` is told where the
    request knows better than its path."""

    id: str
    body: bytes
    content_type: str = FORM
    kind: Kind | None = None


class Said(Discreet, frozen=True, kw_only=True):
    """One SMS in the provider's words.

    `sender` is as it was written, blanks included. `id` is left out where the delivery holds nothing else.
    `account`: the sender is no number but what the provider calls a person, and answers to. `part.reference` is the
    provider's; impossible parts ("3 of 2") may be told and are left out.
    """

    sender: str
    text: str
    id: str = ""
    sent_at: datetime | None = None
    part: Part | None = None
    account: bool = False
    attachments: tuple[Attachment, ...] = ()
    doubts: tuple[str, ...] = ()


class Asked(Discreet, frozen=True):
    """A request to the provider; `url` is escaped already and may hold a query."""

    method: Literal["GET", "POST"]
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Dialect:
    """The ways of one provider, for one channel."""

    #: What the provider wants to hear once all is on disk, for both kinds.
    answer: Response = Response()
    #: A query that brings an SMS with no other proof than the secret; None where there is none such.
    example: ClassVar[str | None] = None

    def __init__(self, settings: SmsSettings) -> None:
        self.settings = settings

    def prove(self, request: WebRequest) -> None:
        """Raise `RequestRefused` unless the request is signed as the provider signs; the secret in its path is right.

        Whatever is compared goes through `adapters.signing.same`.
        """

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        """As little work as possible, for it is done while the provider waits.

        Raises `RequestRefused` with 400 where what cannot be missing is missing, 404 for what the provider never sends.
        """
        raise RequestRefused(f"this provider brings no {kind}", 404)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        """The SMS in a delivery of kind "mo". Raises `Unreadable`."""
        raise Unreadable("this provider brings no SMS")

    def statuses(self, delivery: Delivery) -> Sequence[Status]:
        """The word on replies in a delivery of kind "dlr"; none where it says nothing new. Raises `Unreadable`."""
        raise Unreadable("this provider brings no delivery reports")

    def sending(self, reply: Reply) -> Asked:
        """The request that sends a reply. Only asked where `needs.NEEDS` names what sending takes."""
        raise Refused("this provider takes no replies")

    def receipt(self, reply: Reply, answered: Answered) -> Receipt:
        """What the answer to `sending` means, the cost in segments. Raises a `ChannelError`, which quotes nothing."""
        raise Refused("this provider takes no replies")

    def trying(self) -> Asked | None:
        """A request that tells whether user and password are right, and sends nothing; None where there is none."""
        return None

    def tried(self, answered: Answered) -> None:
        """Raise the `ChannelError` that the answer to `trying` means."""
