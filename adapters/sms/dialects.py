"""The dialects there are."""

from collections.abc import Mapping

from adapters.sms.android import Android
from adapters.sms.dialect import Dialect
from adapters.sms.eightbyeight import EightByEight
from adapters.sms.gammu import Gammu
from adapters.sms.infobip import Infobip
from adapters.sms.jasmin import Jasmin
from adapters.sms.kannel import Kannel
from adapters.sms.mapped import Mapped
from adapters.sms.needs import Provider
from adapters.sms.nusasms import NusaSms
from adapters.sms.twilio import Twilio
from adapters.sms.vonage import Vonage
from adapters.sms.zenziva import Zenziva

DIALECTS: Mapping[Provider, type[Dialect]] = {
    "android": Android,
    "eightbyeight": EightByEight,
    "gammu": Gammu,
    "infobip": Infobip,
    "jasmin": Jasmin,
    "kannel": Kannel,
    "mapped": Mapped,
    "nusasms": NusaSms,
    "twilio": Twilio,
    "vonage": Vonage,
    "zenziva": Zenziva,
}
