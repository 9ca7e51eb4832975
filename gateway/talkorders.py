"""What people do with talks: take one over from the bot, answer in it, give it back. Each is one transaction, after its
line in the audit log."""

import time
from collections.abc import Sequence

from msgspec.structs import replace

from adapters import Capabilities, Sends
from gateway.bot.engine import Said
from gateway.channels import Channel
from gateway.control import Verb
from gateway.conversation import Conversation, Thread
from gateway.errors import OperationRefused
from gateway.filing import Rules, is_unanswered
from gateway.naming import talk_id
from gateway.speaking import PERSON, replies
from gateway.store.contract import (
    CaseRow,
    Conflict,
    Contact,
    Entry,
    ReplyState,
    ReportRow,
    Settlement,
    Store,
    StoreUnavailable,
    TalkMode,
    TalkRow,
)
from gateway.teamwork import ANSWER, draft_of
from gateway.telling import Telling

HOUR = 3600.0
#: Characters of an answer: no channel cuts it.
LONGEST = 1000
TAKEN = "an officer took it over"


class TalkOrders:
    """Callers that share a running gateway hold the judge's turn. All refuse with `OperationRefused`."""

    def __init__(self, store: Store, rules: Rules, channels: dict[str, Channel]) -> None:
        self._store = store
        self._rules = rules
        self._channels = channels
        self._telling = Telling(rules, channels, store)

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {
            "answer_talk": self.answer,
            "answer_report": self.answer_report,
            "give_back": self.give_back,
            "take_over": self.take_over,
        }

    async def answer(self, talk: str, text: str, actor: str, anyway: bool = False) -> dict[str, object]:
        """Say something in a talk that a person goes on with; `anyway`: in any other, too."""
        row, words = self._talk(talk), self._worded(text)
        if row.mode is not TalkMode.PERSON and not anyway:
            raise OperationRefused(f"the bot goes on with {talk}: `kanal talks take {talk}` first, or say --anyway")
        now, conversation = time.time(), Conversation(row, "", "", self._thread(row))
        capabilities, state = self._way_out(row)
        said = replies(conversation, [Said(words)], capabilities, state, now, about=PERSON)
        await self._settle(
            (row.id, row.contact), actor, "answer in a talk", Settlement(talks=[conversation.saved(now)], replies=said)
        )
        return {"talk": talk, "replies": [one.id for one in said], "state": str(state)}

    async def answer_report(self, report: str, text: str, actor: str) -> dict[str, object]:
        """Say something to who made a report, about it, on the channel that it came by: in their talk with the bot
        where there is one. Who wrote STOP, or was told enough for now, is not written to."""
        row, contact = reporter = self._reporter(report)
        words, now = self._worded(text), time.time()
        case = self._case(row.case)
        known = self._store.talk(talk_id(self._rules.key, row.report.channel, contact.id, row.report.conversation))
        self._refuse_unwanted(contact, known, now)
        drafted = draft_of(case.code, actor, ANSWER, "", now)
        if known is None:
            said = self._telling.by_hand(reporter, now, case, words)
            settlement = Settlement(replies=said, notes=[drafted])
        else:
            talk = Conversation(known, "", "", self._thread(replace(known, report=report)))
            talk.case, talk.report = row.case, report
            capabilities, state = self._way_out(known)
            said = replies(talk, [Said(words)], capabilities, state, now, about=PERSON)
            settlement = Settlement(talks=[talk.saved(now)], replies=said, notes=[drafted])
        await self._settle((report, contact.id), actor, "answer by hand", settlement)
        return {"report": report, "replies": [one.id for one in said], "state": str(said[0].state)}

    def _reporter(self, report: str) -> tuple[ReportRow, Contact]:
        found = self._store.reporter(report)
        if found is None:
            raise OperationRefused(f"there is no report {report}")
        row, contact = found
        if contact is None:
            raise OperationRefused("nobody knows who made this report, so nobody can be answered", "nobody")
        if is_unanswered(row.report):
            raise OperationRefused("a machine or a forged sender wrote this: it is not answered", "machine")
        return row, contact

    def _case(self, code: str) -> CaseRow:
        case = self._store.case(code)
        while case and case.joined_into:
            case = self._store.case(case.joined_into)
        if case is None:
            raise OperationRefused(f"there is no case {code}")
        return case

    def _refuse_unwanted(self, contact: Contact, talk: TalkRow | None, now: float) -> None:
        if self._store.has_stopped([contact.id]) and (talk is None or talk.mode is not TalkMode.PERSON):
            raise OperationRefused(
                "they wrote STOP and want no messages: call them, or wait until they write again", "stopped"
            )
        told = self._store.sent_between([contact.id], now - HOUR, now, in_talks=True).get(contact.id, 0)
        most = self._rules.bot.settings.per_person_per_hour if self._rules.bot else self._rules.replies_per_day
        if told >= most:
            raise OperationRefused(
                f"they were told {told} things within an hour, which is enough: wait a while", "enough"
            )

    async def give_back(self, talk: str, actor: str) -> dict[str, object]:
        """Let the bot go on, which says nothing by itself, but for what was reported meanwhile."""
        row = self._talk(talk)
        if row.mode is not TalkMode.PERSON:
            raise OperationRefused(f"no person has {talk}: its mode is '{row.mode}'", "no_person")
        conversation = Conversation(row, "", "", self._thread(row))
        conversation.go_on()
        codes = filter(self._is_a_persons, self._store.untold(row.channel, row.contact, row.since))
        said = [Said(self._rules.text("received_again", conversation.language or "id", code=one)) for one in codes]
        return await self._changed(row, conversation, actor, "give a talk back", said)

    def _is_a_persons(self, code: str) -> bool:
        """No machine is answered."""
        first = self._store.first_report(code)
        found = self._store.reporter(first) if first else None
        return found is not None and not is_unanswered(found[0].report)

    async def take_over(self, talk: str, actor: str) -> dict[str, object]:
        """The bot is silent from now on, and what it asked is asked no more."""
        row = self._talk(talk)
        if row.mode is TalkMode.PERSON:
            raise OperationRefused(f"a person has {talk} already", "person")
        conversation = Conversation(row, "", "", Thread())
        conversation.hand_over(TAKEN)
        return await self._changed(row, conversation, actor, "take a talk over")

    async def _changed(
        self, row: TalkRow, conversation: Conversation, actor: str, action: str, says: Sequence[Said] = ()
    ) -> dict[str, object]:
        now, (capabilities, state) = time.time(), self._way_out(row)
        said = replies(conversation, says, capabilities, state, now) if says else []
        await self._settle(
            (row.id, row.contact), actor, action, Settlement(talks=[conversation.saved(now)], replies=said)
        )
        return {"talk": row.id, "mode": str(conversation.mode)}

    def _worded(self, text: str) -> str:
        words = text.strip()
        if not 0 < len(words) <= LONGEST:
            raise OperationRefused(f"an answer has 1 to {LONGEST} characters; this one has {len(words)}")
        return words

    def _talk(self, identity: str) -> TalkRow:
        found = self._store.talk(identity)
        if found is None:
            raise OperationRefused(f"there is no talk {identity}: see `kanal talks list`")
        return found

    def _thread(self, row: TalkRow) -> Thread:
        """That of the report that the talk is about, for channels that have some."""
        found = self._store.reporter(row.report) if row.report else None
        if found is None or found[0].report.channel != row.channel:
            return Thread()
        report = found[0].report
        message = report.fields.get("message_id")
        subject = self._rules.text("mail_subject", report.language or "id", code=found[0].case)
        return Thread(in_reply_to=message, references=(message,) if message else (), subject=subject)

    def _way_out(self, row: TalkRow) -> tuple[Capabilities, ReplyState]:
        """What a channel cannot say is kept, to be told in another way."""
        channel = self._channels.get(row.channel)
        if channel is None or not channel.can_send or not isinstance(channel.adapter, Sends):
            return Capabilities(), ReplyState.KEPT
        return channel.adapter.capabilities, ReplyState.DUE

    async def _settle(self, about: tuple[str, ...], actor: str, action: str, settlement: Settlement) -> None:
        try:
            await self._store.record(Entry(actor=actor, action=action, about=about))
            await self._store.settle(settlement)
        except StoreUnavailable as error:
            raise OperationRefused(f"it cannot be written, so nothing was done: {error}", "not_written") from None
        except Conflict:
            raise OperationRefused("the talk went on meanwhile: look at it again", "changed") from None
