"""The dialects there are."""

from collections.abc import Mapping

from adapters.sms.dialect import Dialect
from adapters.sms.kannel import Kannel
from adapters.sms.needs import Provider
from adapters.sms.twilio import Twilio

DIALECTS: Mapping[Provider, type[Dialect]] = {
    "kannel": Kannel,
    "twilio": Twilio,
}
