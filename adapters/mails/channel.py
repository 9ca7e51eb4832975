"""What every channel of mail does alike."""

from datetime import UTC, datetime
from typing import ClassVar, Generic, TypeVar

from adapters import Attachment, Capabilities, Delivery, Receipt, Refused, Reply, Unreadable
from adapters.mails.compose import compose, message_id, recipient
from adapters.mails.relay import greet, hand_over
from adapters.mails.settings import MailSettings
from normalizer.mails.unpacking import attachment_bytes

SomeMailSettings = TypeVar("SomeMailSettings", bound=MailSettings)


class MailChannel(Generic[SomeMailSettings]):
    """Gives the files in a mail that came, and hands replies to the relay."""

    capabilities: ClassVar[Capabilities] = Capabilities(threads=True, repeatable=True, reaches=("email",))

    def __init__(self, settings: SomeMailSettings) -> None:
        self.settings = settings

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        try:
            return attachment_bytes(delivery.body, attachment.reference or "")
        except LookupError:
            raise Unreadable("the mail has no such part") from None

    def can_send(self) -> bool:
        return bool(self.settings.relay)

    async def send(self, reply: Reply) -> Receipt:
        if not self.can_send():
            raise Refused("the channel has no relay")
        mail = compose(reply, self.settings, datetime.now(UTC))
        await hand_over(self.settings, recipient(reply), mail)
        return Receipt(external_id=message_id(reply, self.settings))

    async def check(self) -> bool:
        """The relay lets us in."""
        if self.can_send():
            await greet(self.settings)
        return self.can_send()
