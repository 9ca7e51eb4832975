"""By what right something may be said to somebody now: providers let nobody be written to at any time."""

import time
from typing import NamedTuple

from adapters import Address, Capabilities, Reply, Sends
from gateway.acknowledging import IN_PRIVATE
from gateway.channels import Channel
from gateway.filing import RECEIVED
from gateway.speaking import PERSON
from gateway.store.contract import Contact, ReplyRow, Store


class Occasion(NamedTuple):
    """Freely, or by an approved text, as written by hand, or in answer to what was said in public: see `Reply`."""

    template: str | None = None
    late: bool = False
    opens: str | None = None

    def said(self, row: ReplyRow, contact: Contact) -> Reply:
        return Reply(
            id=row.id,
            channel=row.channel,
            to=Address(contact.kind, contact.value, contact.name),
            text=row.text,
            conversation=row.conversation,
            subject=row.subject,
            in_reply_to=row.in_reply_to,
            references=row.references,
            choices=row.choices,
            public=row.public,
            template=self.template,
            late=self.late,
            opens=self.opens,
        )


class Occasions:
    """Of replies that are kept in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, channel: Channel, reply: ReplyRow) -> Occasion | None:
        """None if it may not be said at all."""
        assert isinstance(channel.adapter, Sends)
        if self._store.is_gone(reply.channel, reply.contact):
            return None
        can, freely = channel.adapter.capabilities, Occasion(template=reply.template)
        if can.window_seconds is None or reply.public:
            return freely
        heard_at = self._store.last_heard(reply.channel, reply.contact, reply.conversation)
        if heard_at is not None and time.time() - heard_at < can.window_seconds:
            return freely
        return self._later(can, reply, heard_at)

    def _later(self, can: Capabilities, reply: ReplyRow, heard_at: float | None) -> Occasion | None:
        if opens := self._opens(can, reply):
            return Occasion(opens=opens)
        by_hand = can.by_hand_seconds if reply.about == PERSON else None
        if by_hand is not None and heard_at is not None and time.time() - heard_at < by_hand:
            return Occasion(late=True)
        return Occasion(template=reply.template or reply.about) if can.templates else None

    def _opens(self, can: Capabilities, reply: ReplyRow) -> str | None:
        """What was said in public, if this is the one answer to it in private."""
        if can.private_seconds is None or reply.about != RECEIVED or not reply.report:
            return None
        is_recent = time.time() - reply.created_at < can.private_seconds
        return reply.in_reply_to if reply.id.endswith(IN_PRIVATE) and is_recent else None
