"""Talks with a channel's bot in a real store, message by message, as the pipeline has them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import msgspec
from msgspec.structs import replace

from adapters import Address, Capabilities, ChannelSettings, Delivery, Event, Message, Receipt, Reply
from gateway.app import rules_of
from gateway.bot.dialogue import Dialogue
from gateway.bot.opening import Dialogues
from gateway.bot.state import Memory
from gateway.channels import Channel
from gateway.contacts import contact_of
from gateway.conversation import remembered
from gateway.filed import Reading, file
from gateway.filing import Rules
from gateway.judging import Judging
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.naming import talk_id
from gateway.runs import runs
from gateway.step import Step
from gateway.store.contract import CaseChange, Claimed, ReplyOutcome, ReplyRow, ReplyState, Settlement, TalkRow
from gateway.store.rows import TIMER
from gateway.store.sqlite import SqliteStore
from gateway.tables import BotSettings
from gateway.talking import means_of, talks_of
from gateway.telling import Telling
from gateway.texts import Texts
from gateway.turning import Means
from tests.gateway.store.begun import begun
from tests.gateway.support import BUDI, settings_in

KEY = bytes(range(32))
POOR = Capabilities(text_limit=459, alphabet="gsm7")
FAR = 1e12
RICH = Capabilities(text_limit=4096, choices=10)
_event: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class Echo:
    """A channel whose deliveries are events as JSON."""

    kind: ClassVar[str] = "echo"
    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings
    capabilities: Capabilities = POOR

    def __init__(self, settings: ChannelSettings) -> None:
        self.settings = settings

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return [_event.decode(delivery.body)]

    async def send(self, reply: Reply) -> Receipt:
        return Receipt(reply.id)


class Bench:
    """One channel with its bot. `now` is when the next message comes in; `can_talk`: the channel has a way out."""

    def __init__(self, store: SqliteStore, rules: Rules, channel: Channel, means: Means) -> None:
        self.store = store
        self.rules = rules
        self.now = datetime.now(UTC)
        self.channel = channel
        self.means = means
        self.can_talk = True
        self._judging = Judging(Path())
        self._count = 0

    async def say(self, text: str = "", sender: str = BUDI, after: float = 60, **values: Any) -> list[str]:
        """What is answered to a message that comes in so many seconds after the one before."""
        await self.take(self.message(text, sender, after, **values))
        return [row.text for row in await self.answers()]

    def message(self, text: str = "", sender: str = BUDI, after: float = 0, **values: Any) -> Delivery:
        self._count += 1
        self.now += timedelta(seconds=after)
        identity = f"m{self._count}"
        given: dict[str, Any] = {"id": identity, "channel": self.channel.name, "text": text} | values
        return self._delivery(identity, Message(sender=Address("phone", sender), **given))

    def event(self, event: Event, after: float = 0) -> Delivery:
        self._count += 1
        self.now += timedelta(seconds=after)
        return self._delivery(f"e{self._count}", event)

    def _delivery(self, identity: str, event: Event) -> Delivery:
        body = msgspec.json.encode(event)
        return Delivery(id=f"d-{identity}", channel=self.channel.name, received_at=self.now, body=body)

    async def tell(self, event: Event, after: float = 60) -> list[str]:
        """What is said when something else comes in than a message."""
        await self.take(self.event(event, after))
        return [row.text for row in await self.answers()]

    async def take(self, *deliveries: Delivery) -> None:
        """Have them settled as one batch."""
        await self.store.append(deliveries)
        await self.settle()

    async def settle(self) -> None:
        claimed = await self.store.claim(self.channel.name, 64, 1 << 20)
        pairs = [(one, self._read(one)) for one in claimed]
        for run in runs(pairs, lambda piece: talks_of(self.means, piece)):
            step = Step(self.store, self._judging, self.rules, self.channel, self.means if self.can_talk else None)
            await step.take(run)
            await step.judge()
            await self.store.settle(step.settlement)

    async def wait(self, seconds: float) -> list[str]:
        """What is said when so much time has gone by."""
        self.now += timedelta(seconds=seconds)
        if await self.store.fire_timers(self.now.timestamp()):
            await self.settle()
        return [row.text for row in await self.answers()]

    async def answers(self) -> list[ReplyRow]:
        """What was said since the last look, in order; what is withheld is not said."""
        said: list[ReplyRow] = []
        while due := await self.store.claim_replies(self.channel.name, FAR, 64):
            said += [row for row, _ in due]
            for row, _ in due:
                outcome = ReplyOutcome(id=row.id, state=ReplyState.SENT, at=0.0, external_id=row.id)
                await self.store.settle_reply(outcome)
        return said

    def memory(self, sender: str = BUDI, conversation: str = "") -> Memory:
        return remembered(self.talk(sender, conversation).memory)

    def talk(self, sender: str = BUDI, conversation: str = "") -> TalkRow:
        contact = contact_of(self.rules.key, Address("phone", sender))
        found = self.store.talk(talk_id(self.rules.key, self.channel.name, contact.id, conversation))
        assert found
        return found

    async def close_cases(self) -> None:
        codes = [row[0] for row in await self.rows("SELECT code FROM cases")]
        done = [CaseChange(code=one, expected="menunggu", status="selesai", closed_at=1.0) for one in codes]
        await self.store.settle(Settlement(changes=done))

    async def rows(self, sql: str) -> list[Any]:
        return await self.store.read(lambda reader: reader.execute(sql).fetchall())

    def _read(self, one: Claimed) -> Reading:
        if one.delivery.content_type == TIMER:
            return Reading()
        event = _event.decode(one.delivery.body)
        filed = file(event, one.delivery, self.rules.book) if isinstance(event, Message) else None
        return Reading((event,), (filed,))


@asynccontextmanager
async def talking(
    folder: Path,
    *dialogues: Dialogue,
    capabilities: Capabilities = POOR,
    quiet_seconds: float = 0,
    withdraws: bool = True,
    **settings: Any,
) -> AsyncIterator[Bench]:
    """A bot with these dialogues, and no others."""
    rules = replace(_rules(dialogues, BotSettings(**settings)), withdraws=withdraws)
    adapter = Echo(ChannelSettings(name="echo", kind="echo", quiet_seconds=quiet_seconds))
    adapter.capabilities = capabilities
    channel = Channel(adapter.settings, adapter)
    deaths: list[BaseException] = []
    store = SqliteStore(begun(folder / "data"), KEY, deaths.append)
    telling = Telling(rules, {"echo": channel}, store)
    assert rules.bot
    means = means_of(store, rules, rules.bot, channel, telling, Attempts(), Metrics())
    assert means
    try:
        yield Bench(store, rules, channel, means)
    finally:
        await store.close()
        assert deaths == []


@cache
def _shipped() -> Rules:
    with TemporaryDirectory() as folder:
        return rules_of(settings_in(Path(folder)), KEY)


def _rules(dialogues: Sequence[Dialogue], settings: BotSettings) -> Rules:
    rules = _shipped()
    assert rules.bot
    texts = Texts.load(None, {one.name: one.texts for one in dialogues if one.texts})
    bot = replace(rules.bot, dialogues=Dialogues(dialogues), texts=texts, settings=settings)
    return replace(rules, bot=bot, text=texts.text)
