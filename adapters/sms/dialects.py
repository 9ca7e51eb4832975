"""The dialects there are."""

from collections.abc import Mapping

from adapters.sms.dialect import Dialect
from adapters.sms.kannel import Kannel
from adapters.sms.needs import Provider
from adapters.sms.twilio import Twilio
from adapters.sms.vonage import Vonage

DIALECTS: Mapping[Provider, type[Dialect]] = {
    "kannel": Kannel,
    "twilio": Twilio,
    "vonage": Vonage,
}
