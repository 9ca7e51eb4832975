"""What of the settings each provider takes."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Provider = Literal[
    "android",
    "eightbyeight",
    "gammu",
    "infobip",
    "jasmin",
    "kannel",
    "mapped",
    "nusasms",
    "twilio",
    "vonage",
    "zenziva",
]


class Needs(NamedTuple):
    """Names of settings: those that `receiving` cannot do without, and those that `sending` takes, of which the first
    switches it on. `anywhere`: it signs what it sends, so its addresses count only where `allow` names some;
    otherwise it is on this machine unless `allow` says where. `brings`: SMS come by it."""

    receiving: tuple[str, ...] = ()
    sending: tuple[str, ...] = ()
    anywhere: bool = False
    brings: bool = True


_USER = ("send_url", "username", "password")

NEEDS: Mapping[Provider, Needs] = {
    "android": Needs(receiving=("signing_key",), sending=_USER, anywhere=True),
    "eightbyeight": Needs(receiving=("signing_key",), sending=("account", "password"), anywhere=True),
    "gammu": Needs(),
    "infobip": Needs(receiving=("signing_key",), sending=("password",), anywhere=True),
    "jasmin": Needs(sending=_USER),
    "kannel": Needs(sending=_USER),
    "mapped": Needs(receiving=("mapping",), sending=("send_url", "mapping")),
    "nusasms": Needs(receiving=("allow",), sending=("username", "password")),
    "twilio": Needs(receiving=("signing_key",), sending=("account", "password"), anywhere=True),
    "vonage": Needs(receiving=("signing_key",), sending=("username", "password"), anywhere=True),
    "zenziva": Needs(sending=("username", "password"), brings=False),
}
