"""What a mail says: one delivery, one message."""

from adapters import Address, Delivery, Message
from adapters.smtp.settings import SmtpSettings
from normalizer.mail import Mail, read_mail


def read(delivery: Delivery, settings: SmtpSettings) -> Message:
    """The message in a mail; whatever cannot be read is left out and named in `doubts`.

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
        sent_at=mail.date,
        subject=mail.subject,
        attachments=mail.attachments,
        fields={"message_id": mail.message_id} if mail.message_id else {},
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        automatic=mail.automatic or _is_machines(delivery, sender, settings),
        doubts=_doubts(delivery, mail, settings),
    )


def _envelope_sender(delivery: Delivery) -> Address | None:
    address = delivery.headers.get("mail_from", "")
    return Address("email", address) if "@" in address else None


def _is_machines(delivery: Delivery, sender: Address | None, settings: SmtpSettings) -> bool:
    """Bounces come with the null return path (RFC 5321, 4.5.5); what comes from ourselves would go round for ever."""
    ours = sender is not None and (settings.owns(sender.value) or sender.value == settings.reply_from())
    return ours or delivery.headers.get("mail_from") == ""


def _doubts(delivery: Delivery, mail: Mail, settings: SmtpSettings) -> tuple[str, ...]:
    return mail.doubts if delivery.body else ("empty",)
