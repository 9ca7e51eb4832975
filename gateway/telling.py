"""News of a case, as one reply to each person on each channel. What was said in public is answered there without a
code, or in private, if they wrote to us there."""

from collections.abc import Sequence
from hashlib import sha256

from msgspec.structs import replace

from adapters import Sends
from gateway import cases
from gateway.channels import Channel
from gateway.filing import Rules, is_public, is_unanswered
from gateway.fitting import in_parts
from gateway.naming import talk_id
from gateway.speaking import PERSON
from gateway.store.contract import CaseRow, Contact, ReplyRow, ReplyState, ReportRow, Store
from normalizer.report import Level, Report

Reporter = tuple[ReportRow, Contact | None]
#: The conversation in which nobody reads along, on channels that have another.
PRIVATE = ""
#: What may be said where everybody reads along, and how.
_OPENLY = {"moved": "moved_openly", "parted_public": "parted_openly"}


class Telling:
    """News wait for the hours for news, but for those of emergencies and what was `asked` for. Who does not want any
    is told none unasked, nor is who only named the code of another person's case."""

    def __init__(self, rules: Rules, channels: dict[str, Channel], store: Store) -> None:
        self._rules = rules
        self._channels = channels
        self._store = store

    def replies(
        self,
        reporters: Sequence[Reporter],
        now: float,
        name: str,
        case: CaseRow,
        status: str = "",
        asked: bool = False,
        **values: str,
    ) -> list[ReplyRow]:
        """The text `name` for each who reported and may be answered; `status` is put in the citizens' words."""
        told: dict[tuple[str, str], list[ReplyRow]] = {}
        strangers = set() if asked else self._store.only_quoted([row.report.id for row, _ in reporters])
        stopped = set() if asked else self._store.has_stopped([contact.id for _, contact in reporters if contact])
        for row, contact in reporters:
            if contact is None or is_unanswered(row.report) or row.report.id in strangers:
                continue
            is_public = self._is_told_openly(row.report, contact)
            if (contact.id, row.report.channel) in told or (is_public and name not in _OPENLY):
                continue
            text = self._text(row, _OPENLY[name] if is_public else name, status, values)
            reply = self._reply(row, contact, now, name, case, text, is_public)
            if contact.id in stopped:
                reply = replace(reply, state=ReplyState.WITHHELD)
            elif not asked and row.report.urgency.level is not Level.EMERGENCY:
                reply = replace(reply, due_at=self._rules.news_hours.next(now))
            told[contact.id, row.report.channel] = self._in_parts(reply)
        return [part for parts in told.values() for part in parts]

    def _is_told_openly(self, report: Report, contact: Contact) -> bool:
        """Where everybody reads along, unless they wrote to us in private."""
        if not is_public(report):
            return False
        private = self._store.talk(talk_id(self._rules.key, report.channel, contact.id, PRIVATE))
        return private is None or not private.heard_at

    def by_hand(self, reporter: Reporter, now: float, case: CaseRow, text: str) -> list[ReplyRow]:
        """What a person says to one who reported, at once."""
        row, contact = reporter
        assert contact
        is_openly = self._is_told_openly(row.report, contact)
        return self._in_parts(self._reply(row, contact, now, PERSON, case, text, is_openly))

    def _in_parts(self, reply: ReplyRow) -> list[ReplyRow]:
        channel = self._channels.get(reply.channel)
        if channel is None or not isinstance(channel.adapter, Sends):
            return [reply]
        return in_parts(reply, channel.adapter.capabilities.where(reply.public))

    def _text(self, row: ReportRow, name: str, status: str, values: dict[str, str]) -> str:
        language = self._language(row)
        if status:
            values = values | {"status": self._rules.text(cases.citizens_word(status), language)}
        return self._rules.text(name, language, **({"code": row.case} | values))

    def _language(self, row: ReportRow) -> str:
        channel = self._channels.get(row.report.channel)
        return row.report.language or (channel.settings.language if channel else "id")

    def _reply(
        self, row: ReportRow, contact: Contact, now: float, name: str, case: CaseRow, text: str, is_openly: bool
    ) -> ReplyRow:
        report = row.report
        channel = self._channels.get(report.channel)
        message = report.fields.get("message_id")
        goes_private = is_public(report) and not is_openly
        return ReplyRow(
            id="n-" + sha256(f"{case.code}\0{name}\0{now}\0{contact.id}\0{report.channel}".encode()).hexdigest()[:20],
            channel=report.channel,
            contact=contact.id,
            case=case.code,
            about=name,
            text=text,
            state=ReplyState.DUE if channel and channel.can_send else ReplyState.KEPT,
            created_at=now,
            due_at=now,
            conversation=PRIVATE if goes_private else report.conversation,
            subject=None if is_openly else self._rules.text("mail_subject", self._language(row), code=row.case),
            in_reply_to=message,
            references=(message,) if message else (),
            public=is_openly,
            report=report.id,
        )
