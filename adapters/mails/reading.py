"""What a mail says: one delivery, one message."""

from adapters import Address, Delivery, Message
from adapters.mails.settings import MailSettings
from normalizer.mails.mail import authentication, read_mail
from normalizer.persons.identity import email


def read(delivery: Delivery, settings: MailSettings, *, vouched: bool) -> Message:
    """The message in a mail; whatever cannot be read is left out and named in `doubts`.

    `vouched`: our own mail server handed it over, whose word on forgery and spam is believed.

    It is answered to its author (From) and to nobody else: Reply-To is for others to set, and would disclose the
    answer to them. `fields["message_id"]` and `references` are what the headers of an answer are made from.
    """
    mail = read_mail(delivery.body)
    sender = mail.sender or _envelope_sender(delivery)
    return Message(
        id=delivery.id,
        channel=delivery.channel,
        sender=sender,
        text=mail.text,
        asides=mail.asides,
        sent_at=mail.date,
        subject=mail.subject,
        attachments=mail.attachments,
        fields={"message_id": mail.message_id} if mail.message_id else {},
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        automatic=mail.automatic or _is_bounce(delivery) or _is_ours(sender, settings),
        doubts=mail.doubts + (_servers_doubts(delivery, settings) if vouched else ()),
    )


def _envelope_sender(delivery: Delivery) -> Address | None:
    address = email(delivery.headers.get("mail_from", ""))
    return Address("email", address) if address else None


def _is_bounce(delivery: Delivery) -> bool:
    """Bounces, and they alone, come with the null return path (RFC 5321, 4.5.5)."""
    return delivery.headers.get("mail_from") == ""


def _is_ours(sender: Address | None, settings: MailSettings) -> bool:
    return sender is not None and (settings.owns(sender.value) or sender.value.lower() == settings.reply_from().lower())


def _servers_doubts(delivery: Delivery, settings: MailSettings) -> tuple[str, ...]:
    trusted = frozenset(name.lower() for name in settings.trusted_authentication)
    return authentication(delivery.body, trusted, spam_headers=True)
