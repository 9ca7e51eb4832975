"""Whoever is told that a case is done is asked how content they are: once, and in no talk about something else."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from gateway.channels import Channel
from gateway.conversation import Conversation, Thread, fresh
from gateway.filing import Rules
from gateway.granting import RATED
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.naming import talk_id
from gateway.speaking import replies
from gateway.store.contract import Contact, ReplyRow, ReplyState, Settlement, Store, TalkMode
from gateway.talking import means_of
from gateway.telling import Reporter, Telling
from gateway.turning import Means, Turning

DIALOGUE = "rating"


class Rating:
    """Opens the dialogue of that name in the talks of those who reported."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        channels: Mapping[str, Channel],
        telling: Telling,
        attempts: Attempts,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._rules = rules
        bot = rules.bot
        self._means = {
            name: means_of(store, rules, bot, channel, telling, attempts, metrics) if bot else None
            for name, channel in channels.items()
        }
        self._dialogue = bot.dialogues.get(DIALOGUE) if bot and bot.settings.rating else None

    def add(self, settlement: Settlement, reporters: Sequence[Reporter], now: float) -> None:
        """Ask those whom a settlement tells that their case is done; the question leaves with the news."""
        known = {(row.report.id): (row, contact) for row, contact in reporters}
        for news in _one_each(settlement.replies):
            means, (row, contact) = self._means.get(news.channel), known[news.report or ""]
            if means and contact and not self._is_rated(news.case or "", row.report.id):
                language = row.report.language or means.language
                self._ask(means, contact, news, row.case, language, now, settlement)

    def _is_rated(self, code: str, report: str) -> bool:
        return any(one.event == RATED and one.detail.get("report") == report for one in self._store.history(code))

    def _ask(
        self,
        means: Means,
        contact: Contact,
        news: ReplyRow,
        code: str,
        language: str,
        now: float,
        settlement: Settlement,
    ) -> None:
        identity = talk_id(self._rules.key, news.channel, contact.id, news.conversation)
        row = self._store.talk(identity) or fresh(identity, news.channel, contact.id, now)
        thread = Thread(in_reply_to=news.in_reply_to, references=news.references, subject=news.subject)
        talk = Conversation(row, news.conversation, language, thread)
        window = means.capabilities.window_seconds
        talk.drop(news.report)
        if self._dialogue is None or _is_busy(talk) or (window and row.heard_at + window < news.due_at):
            return
        talk.case, talk.report = code, news.report
        turning = Turning(means, talk, contact, False, now, settlement)
        turning.begin(self._dialogue, "", {"can_attach": means.takes_files})
        if state := talk.memory.state:  # what is said before it leaves is no answer to it
            talk.remember(state=replace(state, asked_at=max(state.asked_at, news.due_at)))
        said = replies(talk, talk.says, means.capabilities, ReplyState.DUE, now)
        settlement.replies += [replace(one, due_at=news.due_at) for one in said]
        settlement.talks.append(talk.saved(now))


def _one_each(told: Sequence[ReplyRow]) -> Iterator[ReplyRow]:
    """Of the parts of a text the last one; only of what leaves, and in private."""
    leaving = {(one.channel, one.contact): one for one in told if one.state is ReplyState.DUE and not one.public}
    yield from leaving.values()


def _is_busy(talk: Conversation) -> bool:
    """Is something else talked about?"""
    burst = talk.memory.burst
    return talk.mode is TalkMode.PERSON or talk.memory.state is not None or bool(burst and burst.waits)
