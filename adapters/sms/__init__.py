"""SMS, both ways, through whichever gateway or provider carries them: `dialect` tells what a provider's dialect is, and
docs/sms.md how each is set up. What follows is Kannel (https://www.kannel.org, 1.4.5).

Kannel's side, where `…` is this channel's public address and SECRET its `secret`:

    group = smsbox
    http-request-retry = 1000
    http-queue-delay = 10

    group = sms-service
    keyword = default
    catch-all = true
    concatenation = true
    max-messages = 0
    get-url = "…/SECRET/mo?sender=%p&to=%P&message=%a&time=%T&id=%I&smsc=%i&coding=%c&charset=%C&udh=%u"

    group = sendsms-user
    username = …
    password = …
    concatenation = true
    max-messages = 10

Without `http-request-retry` one failed request loses the SMS; without `max-messages` in `sendsms-user` Kannel cuts a
long reply. `max-messages = 0` in `sms-service` keeps Kannel from making an SMS to the citizen of our HTTP answer, and
no answer does without it. Seen on a handset with Kannel 1.4.5 and `max-messages = 2`:

    200 or 202 with an empty body                    "<Empty reply from service provider>"
    200 or 202 with a body                           the body, whatever X-Kannel headers say
    204, 3xx, 5xx, connection closed                 "Could not fetch content, sorry."
    an unknown charset, a type that is no text       "Result could not be represented as an SMS message."
    text/xml without <ud>                            smsbox crashes

So the answer is 200 with an empty body, which `omit-empty = true` in `sms-service` silences as well.
"""

from adapters.sms.adapter import Sms
from adapters.sms.settings import SmsSettings

__all__ = ["Sms", "SmsSettings"]
