"""The tests every adapter must pass. They need pytest; the stand-ins do not.

    class TestTelegram(AdapterContract):
        adapter = Telegram
        settings = {"token": "123:abc"}                       # the fewest that work; secrets as plain strings
        payloads = Path(__file__).parent / "payloads" / "telegram"

With `receive` or `answer`, also `genuine`; with `receive`, also `refused`; with `send`, `reply` and `peer`; with
`poll`, `feed`; with `fetch`, `provider` if a file is not what the first address gives; with `complete`, `words`. Tests
of a way that the adapter does not have, or that its settings do not use, are left out. For readable failures call
`pytest.register_assert_rewrite("adapters.testing")`.

Nobody has to remember that parsing is pure and quick, that construction and fetching open nothing, that an exchange is
told in the log once at most, that no secret, number or words are in the log, an error or a repr, that the same cursor
gives the same ids, or that a reply as long as the capabilities say is taken: the suite tries it.

A recording is two files in `payloads`: `NAME.ANYTHING`, the delivery's body as it came, and `NAME.events.json`, which
holds what it led to:

    {"content_type": "…", "headers": {…}, "events": [{"type": "Message", "id": "7", "channel": "telegram", …}]}

`"unreadable": true` may stand for `events`; `id` of the delivery is NAME by default; fields of an event that have
their default may be left out. The channel is named after the adapter's kind, and deliveries are received at
`RECEIVED_AT`.
"""

from typing import TYPE_CHECKING, Any

from adapters.testing.material import RECEIVED_AT, Recording, opened, recordings, settings_of

if TYPE_CHECKING:
    from adapters.testing.contract import AdapterContract
    from adapters.testing.subject import OUTCOMES, POLL_OUTCOMES

__all__ = [
    "OUTCOMES",
    "POLL_OUTCOMES",
    "RECEIVED_AT",
    "AdapterContract",
    "Recording",
    "opened",
    "recordings",
    "settings_of",
]


def __getattr__(name: str) -> Any:
    """The suite only where it is asked for: the stand-ins in this package run without pytest, too."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from adapters.testing import contract, subject  # noqa: PLC0415

    return getattr(contract if name == "AdapterContract" else subject, name)
