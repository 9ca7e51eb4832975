"""What operators tell of a channel: what every one has, and secrets."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


class Secret:
    """A secret from the environment or a file; neither repr, str nor an encoder shows it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many replies a provider takes in some time."""

    most: Annotated[int, Meta(description="So many replies ...", ge=1)]
    seconds: Annotated[float, Meta(description="... in so many seconds.", gt=0)]
    each: Annotated[
        Literal["channel", "conversation"], Meta(description="Whether all it sends counts, or what goes to one person.")
    ] = "channel"
    of: Annotated[
        Literal["all", "private", "public"], Meta(description="Whether all replies count, or some of them only.")
    ] = "all"


QuietSeconds = Annotated[
    float,
    Meta(
        description="What one sender says with pauses shorter than this is one report, answered after such a pause;"
        " 0: each message is one, answered at once.",
        ge=0,
        le=120,
    ),
]
Limits = Annotated[
    tuple[Limit, ...], Meta(description="How fast it may be written by: what is beyond waits for its turn.")
]
"""Of settings whose default a kind of channel has of its own."""


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every channel has. An adapter's own `Settings` derive from this.

    Each field is described by `Annotated[type, msgspec.Meta(description="…")]`: the reference documentation and the
    JSON Schema are made from it.
    """

    name: Annotated[
        str, Meta(description="Small letters, digits and single '-'; permanent, since every row that is kept has it.")
    ]
    kind: Annotated[str, Meta(description="Which adapter serves it.")]
    language: Annotated[Literal["id", "en"], Meta(description="Language of its replies; [gateway]'s if left out.")] = (
        "id"
    )
    family: Annotated[
        str, Meta(description='What sort of channel it is, in a word of the city\'s own: "geotagged".', max_length=40)
    ] = ""
    valid_from: Annotated[
        date | None,
        Meta(description="Its first day, as in 2022-01-01; before it, nothing is asked, taken or sent by it."),
    ] = None
    valid_until: Annotated[date | None, Meta(description="Its last day; the same goes after it.")] = None
    max_size: Annotated[int, Meta(description="Largest message, in bytes.")] = 26_214_400
    keep_raw_days: Annotated[
        int,
        Meta(
            description="Days that what came in is kept byte for byte once it is filed, but no longer than its reports'"
            " full words; 0: for ever.",
            ge=0,
        ),
    ] = 90
    keep_person_days: Annotated[
        int,
        Meta(description="Days that full words and reporters are kept once the case is closed; 0: for ever.", ge=0),
    ] = 730
    quiet_seconds: QuietSeconds = 0
    limits: Limits = ()
    after_crash: Annotated[
        Literal["ask", "send-again"] | None,
        Meta(
            description="A reply that was being sent when the process ended may or may not have left: it waits for"
            " `kanal replies resend`, or is sent again; if left out, again only where a repetition is harmless."
        ),
    ] = None

    canary_minutes: Annotated[
        int,
        Meta(
            description="A report of our own has to come in at least every so many minutes, or the channel is down; 0:"
            " none is waited for. See docs/operations.md.",
            ge=0,
            le=10_080,
        ),
    ] = 0
    canary_to: Annotated[
        str,
        Meta(
            description="The channel's own address or number, to which it sends that report itself; empty: somebody"
            " brings it from outside, by `kanal channels canary`."
        ),
    ] = ""

    def problems(self) -> Sequence["Problem"]:
        """What is wrong beyond types: asked once all fields are read."""
        return ()

    def warnings(self) -> Sequence["Problem"]:
        """What is merely unwise: asked where nothing is wrong."""
        return ()

    @classmethod
    def of_a_new_one(cls, today: date) -> Mapping[str, Any]:
        """What `kanal channels add` writes by key, unless told otherwise, where leaving it out would surprise."""
        return {}


#: Bytes of a file that is fetched, where settings say nothing of it.
LARGEST_FILE = 26_214_400


class FetchingSettings(ChannelSettings, frozen=True, kw_only=True):
    """What a channel has besides whose files lie with the provider: see `Fetches`."""

    max_file_size: Annotated[
        int,
        Meta(
            description="Largest file that is fetched from the provider, in bytes; of a larger one the case says that"
            " it is too large.",
            ge=1,
        ),
    ] = LARGEST_FILE


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a setting: `where` is the key, `hint` what to do about it."""

    where: str
    what: str
    hint: str = ""
