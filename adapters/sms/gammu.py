"""What config/examples/gammu-receive.sh posts of an SMS: the environment that gammu-smsd gives to RunOnReceive
(gammu-smsd-run(7); seen with 1.42.0), and the names of the files in its inbox.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters import Delivery, RequestRefused, WebRequest, ids, times
from adapters.sms import payload
from adapters.sms.dialect import Dialect, Kind, Said, Told

#: Of the first file: IN<date>_<time>_<number among those of one second>_<sender>_<part>.txt
_FILE = re.compile(r"IN(\d{8})_(\d{6})_")


class Gammu(Dialect):
    """A modem behind gammu-smsd, which joins parts by itself and signs nothing. Replies cannot be sent, for it offers
    files, a database and a local command, and nothing over the network; Kannel drives the same modems both ways."""

    def identify(self, kind: Kind, request: WebRequest) -> Told:
        if kind == "dlr":
            return super().identify(kind, request)
        fields = _fields(request.body)
        if not fields.get("SMS_1_NUMBER", "").strip():
            raise RequestRefused("SMS_1_NUMBER is missing", 400)
        return Told(_message_id(fields), request.body)

    def messages(self, delivery: Delivery) -> Sequence[Said]:
        fields = _fields(delivery.body)
        zone = ZoneInfo(self.settings.timezone)
        sent_at = sent(fields.get("id", ""), zone)
        return [Said(sender=fields.get("SMS_1_NUMBER", ""), text=text_of(fields), sent_at=sent_at)]


def text_of(fields: Mapping[str, str]) -> str:
    """What gammu decoded of all parts together; else each SMS after the other, as where a part never came."""
    return _joined("DECODED", "DECODED_PARTS", fields) or _joined("SMS", "SMS_MESSAGES", fields)


def sent(file: str, zone: ZoneInfo) -> datetime | None:
    """The time that the SMSC wrote, local to the machine with the modem."""
    found = _FILE.match(file)
    return times.iso(f"{found[1]}T{found[2]}", zone) if found else None


def _joined(prefix: str, count: str, fields: Mapping[str, str]) -> str:
    told = fields.get(count, "")
    most = min(int(told), payload.MOST_FIELDS) if told.isdecimal() and len(told) < 4 else 0
    return "".join(fields.get(f"{prefix}_{number}_TEXT", "") for number in range(1, most + 1))


def _message_id(fields: Mapping[str, str]) -> str:
    """Made of the names of the files, or of the rows in the database, and what is in them."""
    if not fields.get("id"):
        return secrets.token_hex(16)
    return ids.digest(fields["id"], fields["SMS_1_NUMBER"], text_of(fields))


def _fields(raw: bytes) -> Mapping[str, str]:
    try:
        return payload.form(raw)
    except ValueError:
        return {}
