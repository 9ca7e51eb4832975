"""What Vonage's codes mean: https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts and
https://developer.vonage.com/en/api-errors/sms."""

from collections.abc import Mapping

from adapters import ChannelDown, ChannelError, Delivered, RecipientGone, Refused, Unauthorized

#: `status`, of both APIs; "buffered", "unknown" and whatever is new say nothing that we would not know.
STATES: Mapping[str, Delivered] = {
    "accepted": Delivered.SENT,
    "submitted": Delivered.SENT,
    "delivered": Delivered.DELIVERED,
    "read": Delivered.READ,
    "expired": Delivered.FAILED,
    "failed": Delivered.FAILED,
    "rejected": Delivered.FAILED,
    "undeliverable": Delivered.FAILED,
    "deleted": Delivered.FAILED,
}
#: `err-code` of a delivery report.
REASONS: Mapping[str, str] = {
    "1": "the network gave no reason",
    "2": "the phone cannot be reached now",
    "3": "the number is not in use",
    "4": "the recipient blocks our SMS",
    "5": "the number moves to another network",
    "6": "filtered as spam",
    "7": "the phone is busy",
    "8": "the network failed",
    "9": "there is no such number",
    "10": "the network refuses the SMS",
    "11": "there is no way to the number",
    "12": "the phone cannot be reached",
    "13": "the recipient's age forbids it",
    "14": "the recipient's network blocks our number",
    "15": "the recipient has no credit",
}
#: `status` of an answer to sending.
REFUSALS: Mapping[str, tuple[type[ChannelError], str]] = {
    "4": (Unauthorized, "Vonage refuses our user or password"),
    "5": (ChannelDown, "Vonage is ill"),
    "6": (Refused, "Vonage can make nothing of the SMS or the number"),
    "7": (RecipientGone, "the number is barred"),
    "8": (Unauthorized, "the account at Vonage is barred"),
    "9": (Unauthorized, "the account at Vonage has no credit left"),
    "10": (ChannelDown, "too many connections to Vonage"),
    "11": (Unauthorized, "the account at Vonage may not use its SMS API"),
    "14": (Unauthorized, "Vonage wants signed requests"),
    "15": (Unauthorized, "Vonage takes no SMS from our number"),
    "29": (Refused, "the number is not among those the account may send to"),
    "32": (Unauthorized, "Vonage wants signed requests"),
    "33": (RecipientGone, "the number is not in use"),
}
