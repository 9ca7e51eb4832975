"""What all that comes afterwards stands on."""

from typing import NamedTuple

from gateway.conversation import Conversation, Thread, fresh
from gateway.filing import Rules
from gateway.naming import talk_id
from gateway.store.contract import Settlement, Store
from gateway.telling import PRIVATE


class Ground(NamedTuple):
    """Of one step on one channel; `now` is in seconds since the epoch."""

    store: Store
    rules: Rules
    channel: str
    now: float
    settlement: Settlement

    def person(self, contact: str) -> str:
        """Whose address it is: of who wrote from it, else of who reported here and is reached at it, too. A provider
        may name the same person in one way or another."""
        if self.store.last_heard(self.channel, contact, PRIVATE) is not None:
            return contact
        return self.store.reached_at(self.channel, contact) or contact

    def talk(self, contact: str, conversation: str) -> Conversation:
        """As it was before this step, which hears each talk once; of version 0 if there was none."""
        identity = talk_id(self.rules.key, self.channel, contact, conversation)
        row = self.store.talk(identity) or fresh(identity, self.channel, contact, self.now)
        return Conversation(row, conversation, "", Thread())

    def keep(self, talk: Conversation) -> None:
        self.settlement.talks.append(talk.saved(self.now))
