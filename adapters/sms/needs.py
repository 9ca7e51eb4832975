"""What of the settings each provider takes."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Provider = Literal["kannel", "twilio", "vonage"]


class Needs(NamedTuple):
    """Names of settings: those that `receiving` cannot do without, and those that `sending` takes, of which the first
    switches it on. `anywhere`: it signs what it sends, so its addresses count only where `allow` names some;
    otherwise it is on this machine unless `allow` says where."""

    receiving: tuple[str, ...] = ()
    sending: tuple[str, ...] = ()
    anywhere: bool = False


NEEDS: Mapping[Provider, Needs] = {
    "kannel": Needs(sending=("send_url", "username", "password")),
    "twilio": Needs(receiving=("signing_key",), sending=("account", "password"), anywhere=True),
    "vonage": Needs(receiving=("signing_key",), sending=("username", "password"), anywhere=True),
}
