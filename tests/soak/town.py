"""One gateway with all channels, and everybody around it."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.end_to_end.kanal import Gateway
from tests.soak.callers import AppLine, PushLine, SmsLine
from tests.soak.feed import FeedLine
from tests.soak.line import Line
from tests.soak.mails import MailboxLine, SmtpLine
from tests.soak.pages import DeskLine, FormLine
from tests.soak.platforms import FacebookLine, InstagramLine, TelegramLine, WhatsAppLine, XLine

KINDS: Sequence[Callable[[], Line]] = (
    PushLine,
    FeedLine,
    AppLine,
    FormLine,
    DeskLine,
    TelegramLine,
    WhatsAppLine,
    FacebookLine,
    InstagramLine,
    XLine,
)
#: Where Debian has servers, too.
PATH = f"{os.environ['PATH']}:/usr/sbin"


class Town(NamedTuple):
    gateway: Gateway
    lines: Sequence[Line]


def has_mailbox() -> bool:
    """Dovecot is installed, and may be run."""
    return os.geteuid() == 0 and all(shutil.which(one, path=PATH) for one in ("dovecot", "/usr/lib/dovecot/lmtp"))


@contextmanager
def town(folder: Path, workers: int) -> Iterator[Town]:
    """All of it runs until it is left, and the gateway has logged no exception."""
    with ExitStack() as stack:
        mail, sms = SmtpLine(), SmsLine()
        more = [kind() for kind in (*KINDS, *([MailboxLine] if has_mailbox() else []))]
        lines: list[Line] = [mail, sms, *more]
        for line in lines:
            stack.callback(line.close)
        gateway = Gateway(
            folder,
            mail=mail.settings(folder),
            sms=sms.settings(folder),
            more=[line.settings(folder) for line in more],
            settings={"workers": workers},
        )
        gateway.options = ("--json-logs",)
        stack.enter_context(gateway)
        for line in lines:
            line.open(gateway)
        yield Town(gateway, lines)
