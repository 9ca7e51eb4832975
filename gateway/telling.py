"""News of a case, as one reply to each person on each channel. Pure."""

from collections.abc import Sequence
from hashlib import sha256

from adapters import Sends
from gateway import cases
from gateway.channels import Channel
from gateway.filing import Rules, is_public, is_unanswered
from gateway.fitting import fit
from gateway.store.contract import CaseRow, Contact, ReplyRow, ReplyState, ReportRow

Reporter = tuple[ReportRow, Contact | None]


class Telling:
    def __init__(self, rules: Rules, channels: dict[str, Channel]) -> None:
        self._rules = rules
        self._channels = channels

    def replies(
        self, reporters: Sequence[Reporter], now: float, name: str, case: CaseRow, status: str = "", **values: str
    ) -> list[ReplyRow]:
        """The text `name` for each who reported and may be answered; `status` is put in the citizens' words."""
        told: dict[tuple[str, str], ReplyRow] = {}
        for row, contact in reporters:
            if contact and not is_unanswered(row.report) and (contact.id, row.report.channel) not in told:
                text = self._text(row, name, status, values)
                told[contact.id, row.report.channel] = self._reply(row, contact, now, name, case, text)
        return list(told.values())

    def _text(self, row: ReportRow, name: str, status: str, values: dict[str, str]) -> str:
        language = self._language(row)
        if status:
            values = values | {"status": self._rules.text(cases.citizens_word(status), language)}
        text = self._rules.text(name, language, **({"code": row.case} | values))
        channel = self._channels.get(row.report.channel)
        return fit(text, channel.adapter.capabilities) if channel and isinstance(channel.adapter, Sends) else text

    def _language(self, row: ReportRow) -> str:
        channel = self._channels.get(row.report.channel)
        return row.report.language or (channel.settings.language if channel else "id")

    def _reply(self, row: ReportRow, contact: Contact, now: float, name: str, case: CaseRow, text: str) -> ReplyRow:
        report = row.report
        channel = self._channels.get(report.channel)
        message = report.fields.get("message_id")
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
            conversation=report.conversation,
            subject=self._rules.text("mail_subject", self._language(row), code=row.case),
            in_reply_to=message,
            references=(message,) if message else (),
            public=is_public(report),
            report=report.id,
        )
